/**
 * Who is in the store: every aggregate, by id and by the name that a person can type.
 *
 * The name is that of the state now. As a replay runs the learner's code, one is made only after an event of a kind that
 * has not been seen to leave a name as it is. So a prompt on a file of a hundred thousand events is there at once.
 */
import type { Notification } from '../../recorder'
import { Refusal } from './refusal'

export interface Member {
  readonly id: string
  /** Undefined for one without a name. */
  readonly name: string | undefined
  /** The names that it had before. */
  readonly formerNames: readonly string[]
  /** The stored name of its class: `dogschool:Dog`. */
  readonly topic: string
  readonly version: number
  /** Where its events are in the log, by version: that of version 1 comes first. */
  readonly positions: number[]
}

/** How an id is shown at least. */
const shortest = 4
/** A store may be full of events that rename: so many replays are made for one look at it, and no more. */
const mostReplays = 1000

export class Members {
  readonly #members = new Map<string, Member>()
  /** Kinds of events that left a name as it was. */
  readonly #neutral = new Set<string>()
  /** Up to where the log has been read. */
  position = 0

  /**
   * Takes in what has been recorded since `position`.
   *
   * @param nameAt the name in the state at a version; it may throw
   */
  async add(
    rows: readonly Notification[],
    nameAt: (member: Member, version: number) => Promise<string | undefined>,
  ): Promise<void> {
    for (const row of rows) this.#add(row)
    const unknown = new Set<string>()
    let replays = 0
    for (const { aggregateId, topic, version, state } of rows) {
      if (version === 1 || this.#neutral.has(topic) || unknown.has(aggregateId) || replays++ > mostReplays) continue
      const member = this.#members.get(aggregateId) as Member
      try {
        const name = (await nameAt(member, version)) ?? member.name
        if (name !== member.name) this.#rename(member, name)
        else if (!isIn(state, name)) this.#neutral.add(topic)
      } catch {
        unknown.add(aggregateId) // Its class is not known here, or it cannot be replayed: it has its first name.
      }
    }
  }

  get all(): Member[] {
    return [...this.#members.values()]
  }

  /** Those who have this id, or this name (in any case), or had it, or whose id begins like this. */
  find(said: string): Member[] {
    const exact = this.#members.get(said)
    if (exact) return [exact]
    const lower = said.toLowerCase()
    const ways: ((member: Member) => boolean | undefined)[] = [
      ({ name }) => name?.toLowerCase() === lower,
      ({ formerNames }) => formerNames.some((name) => name.toLowerCase() === lower),
      ({ id }) => lower !== '' && id.startsWith(lower),
    ]
    for (const way of ways) {
      const found = this.all.filter(way)
      if (found.length > 0) return found
    }
    return []
  }

  /**
   * The one that is meant by a name, an id or the beginning of one; the only one, if nothing was said.
   *
   * @throws Refusal that says who there is, if nobody or several are meant
   */
  one(said: string | undefined): Member {
    const found = said === undefined ? this.all : this.find(said)
    const [only] = found
    if (only && found.length === 1) return only
    if (this.all.length === 0) throw new Refusal('Nobody is here yet.', "Try: await school.registerDog('Fido')")
    const labels = (found.length > 0 ? found : this.all).map(({ id, name }) =>
      `${name ?? ''} ${this.shortId(id)}`.trim(),
    )
    const list =
      labels.length > 8 ? `${labels.slice(0, 8).join(', ')} and ${labels.length - 8} more` : labels.join(', ')
    if (said === undefined) throw new Refusal(`Say who is meant: ${list}.`)
    if (found.length > 1)
      throw new Refusal(`'${said}' could be any of these: ${list}.`, 'Type the beginning of the id instead.')
    throw new Refusal(
      `Nobody here is called '${said}'. There is: ${list}.`,
      'Type a name, an id, or the beginning of an id.',
    )
  }

  /** A name where it is the only one of its kind, else the beginning of the id. */
  label(id: string): string {
    const name = this.#members.get(id)?.name
    if (name && /^[\p{L}\p{N}'_-]{1,24}$/u.test(name) && this.find(name).length === 1) return name.toLowerCase()
    return this.shortId(id)
  }

  /** The shortest beginning of the id that no other one has. */
  shortId(id: string): string {
    for (let length = shortest; length < id.length; length++) {
      const start = id.slice(0, length)
      if (!this.all.some((other) => other.id !== id && other.id.startsWith(start))) return start
    }
    return id
  }

  #add({ id, aggregateId, version, topic, state }: Notification): void {
    const known = this.#members.get(aggregateId)
    this.#members.set(aggregateId, {
      id: aggregateId,
      name: known?.name ?? nameIn(state, version),
      formerNames: known?.formerNames ?? [],
      topic: topic.slice(0, topic.lastIndexOf('.')),
      version,
      positions: known?.positions ?? [],
    })
    this.#members.get(aggregateId)?.positions.push(id)
    this.position = id
  }

  #rename(member: Member, name: string | undefined): void {
    const formerNames = member.name === undefined ? member.formerNames : [...member.formerNames, member.name]
    this.#members.set(member.id, { ...member, name, formerNames })
  }
}

const textOf = (state: string | Uint8Array): string =>
  typeof state === 'string' ? state : new TextDecoder().decode(state)

/** An event that gives the name that there is already may give another one next time. */
const isIn = (state: string | Uint8Array, name: string | undefined): boolean =>
  name !== undefined && textOf(state).includes(JSON.stringify(name))

/** The name that it was created with. */
function nameIn(state: string | Uint8Array, version: number): string | undefined {
  if (version !== 1) return undefined
  try {
    const { name } = JSON.parse(textOf(state))
    return typeof name === 'string' && name !== '' ? name : undefined
  } catch {
    return undefined // Compressed, encrypted or broken: it has an id all the same.
  }
}
