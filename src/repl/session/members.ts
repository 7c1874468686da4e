/**
 * Who there is in the store: every aggregate with a name that a person can type. It follows the log, and reads of
 * each event no more than it must, so a prompt on a file of a hundred thousand events is there at once.
 */
import type { Recorder } from '../../recorder'

export interface Member {
  readonly id: string
  /** The `name` that it was created with, where there is one. */
  readonly name: string | undefined
  /** The stored name of its class: `dogschool:Dog`. */
  readonly topic: string
  readonly version: number
}

const shortest = 4

export class Herd {
  readonly #members = new Map<string, Member>()
  #position = 0

  /** Reads what has been recorded since the last time. */
  async catchUp(recorder: Recorder): Promise<void> {
    const rows = await recorder.notifications({ start: this.#position + 1, as: 'bytes' })
    for (const { id, aggregateId, version, topic, state } of rows) {
      const known = this.#members.get(aggregateId)
      const of = topic.slice(0, topic.lastIndexOf('.'))
      this.#members.set(aggregateId, {
        id: aggregateId,
        name: known?.name ?? nameIn(state, version),
        topic: of,
        version,
      })
      this.#position = id
    }
  }

  get members(): Member[] {
    return [...this.#members.values()]
  }

  get(id: string): Member | undefined {
    return this.#members.get(id)
  }

  /** Those whose id begins like this, or who have this name (in small or capital letters). */
  find(said: string): Member[] {
    const exact = this.#members.get(said)
    if (exact) return [exact]
    const named = this.members.filter(({ name }) => name?.toLowerCase() === said.toLowerCase())
    return named.length > 0 ? named : this.members.filter(({ id }) => id.startsWith(said.toLowerCase()))
  }

  /** A name where it is the only one of its kind, else the first signs of the id. */
  label(id: string): string {
    const name = this.#members.get(id)?.name
    if (name && /^[\p{L}\p{N}'_-]{1,24}$/u.test(name) && this.find(name).length === 1) return name.toLowerCase()
    return this.shortId(id)
  }

  /** As many signs of the id as tell it from all others. */
  shortId(id: string): string {
    for (let length = shortest; length < id.length; length++) {
      const start = id.slice(0, length)
      if (!this.members.some((other) => other.id !== id && other.id.startsWith(start))) return start
    }
    return id
  }
}

function nameIn(state: string | Uint8Array, version: number): string | undefined {
  if (version !== 1) return undefined
  try {
    const { name } = JSON.parse(typeof state === 'string' ? state : new TextDecoder().decode(state))
    return typeof name === 'string' && name !== '' ? name : undefined
  } catch {
    return undefined // Compressed, encrypted or broken: it has an id all the same.
  }
}
