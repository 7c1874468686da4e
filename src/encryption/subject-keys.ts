/**
 * A key for each person that events are about. Forgetting a person is throwing the key away.
 *
 * A row names its key by the store of keys and a number: `5f1c….17.` before the ciphertext. So a key that was thrown away
 * (the field reads as forgotten) is told from one that should be here and is not (an error): that of another store, or
 * of a newer copy of this one.
 */
import { CorruptEventError, ForgottenError } from '../errors'
import type { PersonalKeys } from '../events/personal'
import { fromBase64, toBase64 } from '../values/base64'
import { toHex } from '../values/bytes'
import { decode, encode } from '../values/json'
import type { Payload } from '../values/value'
import { aes } from './aes'
import { decoder, encoder, random } from './bytes'
import { type KeyRing, type KeyStore, MemoryKeyStore, type Person } from './key-store'
import { hmac } from './sha256'

/** For the option `keys` of an application. Its methods do everything at once. */
export class SubjectKeys implements PersonalKeys {
  readonly #store: KeyStore
  readonly #aes = aes()
  #ring: KeyRing | undefined
  /** The numbers of people's keys, by their marks: of several, the newest. */
  #numbers = new Map<string, number>()
  #counted = 0
  /** The mark of the person who was asked for last. */
  #last: { readonly subject: string; readonly salt: Uint8Array; readonly mark: string } | undefined

  /** @param store in memory by default; `keyFile('school.keys')` of `dog-school/key-file` for one that lasts */
  constructor(store: KeyStore = new MemoryKeyStore()) {
    if (typeof store?.read !== 'function')
      throw new TypeError("SubjectKeys takes a store of keys: new SubjectKeys(keyFile('people.keys'))")
    this.#store = store
  }

  /** Another text after each forgetting: views that were built before must be built again. */
  get generation(): string {
    return this.#store.read().generation
  }

  /** Is there a key of this person, which was not thrown away? */
  has(subject: string): boolean {
    return this.#personOf(subject)?.key !== undefined
  }

  /** Makes the keys of these people, with one write for all: before a large import, say. */
  add(...subjects: readonly string[]): void {
    const marks = new Set(subjects.map((subject) => this.#markOf(subject)))
    const more = [...marks].filter((mark) => !this.#numbers.has(mark)).map(newPerson)
    if (more.length > 0) this.#store.add(more)
  }

  /**
   * Throws the keys of people away, durably and with one write for all: from now on the personal fields of all their
   * events, in every copy of the log, read as forgotten, and new ones are refused. It also makes kept states (snapshots,
   * stored views) unreadable: they are made again from the events.
   *
   * @returns false if there was no key of any of them
   */
  forget(...subjects: readonly string[]): boolean {
    const marks = new Set(subjects.map((subject) => this.#markOf(subject)))
    this.#last = undefined
    const ring = this.#now()
    const gone = ring.people.filter(({ mark, key }) => key && marks.has(mark))
    const strangers = [...marks].filter((mark) => !this.#numbers.has(mark))
    if (gone.length + strangers.length === 0) return false
    const people = ring.people.map((person) => (marks.has(person.mark) ? forgotten(person.mark) : person))
    for (const mark of strangers) people.push(forgotten(mark))
    this.#store.replace({ ...ring, generation: toHex(random(6)), sealing: random(32), people })
    for (const { key } of gone) key?.fill(0)
    ring.sealing.fill(0)
    return gone.length > 0
  }

  /**
   * Gives a person who was forgotten a new key, so that new events can be recorded. What was forgotten remains so.
   *
   * @returns false if the person was not forgotten
   */
  readmit(subject: string): boolean {
    const person = this.#personOf(subject)
    if (!person || person.key) return false
    this.#store.add([newPerson(person.mark)])
    return true
  }

  /** Lets another process write the keys. */
  close(): void {
    this.#store.close?.()
  }

  /** See `PersonalKeys`. */
  hide(fields: Payload, subject: string, place: string): string {
    const mark = this.#markOf(subject)
    if (!this.#numbers.has(mark)) this.add(subject)
    const { id, people } = this.#now()
    const number = this.#numbers.get(mark) as number
    const { key } = people[number - 1] as Person
    if (!key)
      throw new ForgottenError(
        'The person whom this event is about was forgotten, so nothing about them is recorded: if they come back, call readmit() of the keys',
      )
    const name = `${id}.${number}`
    return `${name}.${toBase64(this.#aes.seal(key, encoder.encode(encode(fields)), encoder.encode(`${name}\n${place}`)))}`
  }

  /** See `PersonalKeys`. */
  show(hidden: string, place: string): Payload | undefined {
    const [name, id, number] = /^([0-9a-f]{12})\.([1-9]\d*)(?=\.)/.exec(hidden) ?? []
    if (!name) throw damaged()
    const { id: own, people } = this.#now()
    if (id !== own)
      throw new CorruptEventError(
        `its personal fields were encrypted with the keys ${id}, and these are the keys ${own}: open the others`,
      )
    const person = people[Number(number) - 1]
    if (!person)
      throw new CorruptEventError(
        `its personal fields were encrypted with key ${number}, of only ${people.length} that are here: these keys are an older copy, so use the newest`,
      )
    if (!person.key) return undefined
    const sealed = fromBase64(hidden.slice(name.length + 1)) ?? new Uint8Array()
    const plain = this.#aes.open(person.key, sealed, encoder.encode(`${name}\n${place}`))
    if (plain) return decode(decoder.decode(plain)) as Payload
    throw damaged()
  }

  /** See `PersonalKeys`. */
  seal(text: string, made: string): string {
    const { generation, sealing } = this.#store.read()
    if (made !== generation) throw outdated()
    return `${generation}.${toBase64(this.#aes.seal(sealing, encoder.encode(text)))}`
  }

  /** See `PersonalKeys`. */
  unseal(sealed: string): string {
    const { generation, sealing } = this.#store.read()
    const [made, text = ''] = sealed.split('.')
    const plain = made === generation && this.#aes.open(sealing, fromBase64(text) ?? new Uint8Array())
    if (plain) return decoder.decode(plain)
    throw outdated()
  }

  #now(): KeyRing {
    const ring = this.#store.read()
    if (ring !== this.#ring) {
      this.#numbers = new Map()
      this.#counted = 0
    }
    this.#ring = ring
    for (; this.#counted < ring.people.length; this.#counted++)
      this.#numbers.set((ring.people[this.#counted] as Person).mark, this.#counted + 1)
    return ring
  }

  #personOf(subject: string): Person | undefined {
    const mark = this.#markOf(subject)
    return this.#now().people[(this.#numbers.get(mark) ?? 0) - 1]
  }

  #markOf(subject: string): string {
    if (typeof subject !== 'string' || subject === '')
      throw new TypeError('A person is named by an id, a text that is not empty')
    const { salt } = this.#now()
    if (this.#last?.subject === subject && this.#last.salt === salt) return this.#last.mark
    const mark = toBase64(hmac(salt, encoder.encode(subject)).subarray(0, 16))
    this.#last = { subject, salt, mark }
    return mark
  }
}

const forgotten = (mark: string): Person => ({ mark, key: undefined })

const damaged = (): CorruptEventError =>
  new CorruptEventError(
    'its personal fields were changed, or come from another row: restore it from a backup. If an older copy of the keys was restored, use the newest',
  )

const outdated = (): ForgottenError =>
  new ForgottenError('This was made before somebody was forgotten, or without these keys: make it again')

const newPerson = (mark: string): Person => ({ mark, key: random(32) })
