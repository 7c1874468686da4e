/**
 * The aggregates of the store, by id and by the name that a user can type.
 *
 * The name is the current one. A replay runs the learner's code and takes time, so there is one only after an event of a kind
 * that may change names. So the prompt appears at once even if the store has a hundred thousand events.
 */
import type { Notification } from '../../port/recorder'
import { Refusal } from './refusal'

export interface Member {
  readonly id: string
  /** Undefined for one without a name. */
  readonly name: string | undefined
  /** The names that it had before. */
  readonly formerNames: readonly string[]
  /** The stored name of its class, `dogschool:Dog`; of an event that no class records, the part before the colon. */
  readonly topic: string
  readonly version: number
  /** Where its events are in the log, by version: that of version 1 comes first. */
  readonly positions: number[]
}

/** The least number of characters of an id that are shown. */
const shortest = 4
/** The most replays for one update, because a store may be full of events that rename. */
const mostReplays = 1000

export class Members {
  readonly #members = new Map<string, Member>()
  /** Kinds of events that have left a name unchanged. */
  readonly #neutral = new Set<string>()
  /** Up to where the log has been read. */
  position = 0

  /**
   * Adds the events that were recorded after `position`.
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
        unknown.add(aggregateId) // Its class is unknown or it cannot be replayed, so it keeps its first name.
      }
    }
  }

  /** Those of classes: an event that no class records is nobody. */
  get all(): Member[] {
    return [...this.#members.values()].filter(({ topic }) => topic.includes(':'))
  }

  /** The members with this id or this name (in any case), now or earlier, or with an id that starts with it. */
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
   * Finds a member by its name, its id or the start of its id; without any, the only member.
   *
   * @throws Refusal that lists the members, if there is no match or more than one
   */
  one(said: string | undefined): Member {
    const found = said === undefined ? this.all : this.find(said)
    const [only] = found
    if (only && found.length === 1) return only
    if (this.all.length === 0) throw new Refusal('Nobody is here yet.', "Try: await school.registerDog('Fido')")
    const labels = (found.length > 0 ? found : this.all).map(({ id, name }) =>
      name === undefined ? this.shortId(id) : `${name} (${this.shortId(id)})`,
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

  /** Its name if no other member has it, otherwise the start of its id; of an event that no class records, where it is stored. */
  label(id: string): string {
    const { name, topic = ':' } = this.#members.get(id) ?? {}
    if (!topic.includes(':')) return topic
    if (name && /^[\p{L}\p{N}'_-]{1,24}$/u.test(name) && this.find(name).length === 1) return name.toLowerCase()
    return this.shortId(id)
  }

  /** The shortest unique start of the id. */
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
      topic: topic.slice(0, nameStart(topic) - 1),
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

/** Where the name of the event begins in a topic. */
const nameStart = (topic: string): number => Math.max(topic.lastIndexOf('.'), topic.indexOf(':')) + 1

/** The name of the event in a topic. */
export const eventOf = (topic: string): string => topic.slice(nameStart(topic))

/** The stored name of the class whose event it is; undefined for an event that no class records. */
export function classOf(topic: string): string | undefined {
  const name = topic.slice(0, nameStart(topic) - 1)
  return name.includes(':') ? name : undefined
}

const textOf = (state: string | Uint8Array): string =>
  typeof state === 'string' ? state : new TextDecoder().decode(state)

/** An event with the same name in it as before may have a new one next time. */
const isIn = (state: string | Uint8Array, name: string | undefined): boolean =>
  name !== undefined && textOf(state).includes(JSON.stringify(name))

/** The name that it was created with. */
function nameIn(state: string | Uint8Array, version: number): string | undefined {
  if (version !== 1) return undefined
  try {
    const { name } = JSON.parse(textOf(state))
    return typeof name === 'string' && name !== '' ? name : undefined
  } catch {
    return undefined // Compressed, encrypted or damaged: it still has an id.
  }
}
