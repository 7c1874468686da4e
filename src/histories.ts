/**
 * The pasts of the aggregates that were used last, so that a load asks the store for what is new only.
 *
 * What is kept is decoded, frozen events, and for a class with snapshots a state of plain values: never an object that
 * somebody has worked on. Whoever loads replays, and has an aggregate of their own.
 */
import type { AggregateClass } from './definition'
import type { DomainEvent } from './event'
import { type History, type KeptState, versionOf } from './life'

/** A history, and the class whose events it holds. */
export interface Past extends History {
  readonly type: AggregateClass
}

/** The past of an aggregate of which these events are all that is known. */
export const pastOf = (type: AggregateClass, events: DomainEvent[], state?: KeptState): Past => ({
  type,
  state,
  events,
  length: events.length,
})

/**
 * The same past with what came after it; what it has already is left out. Who holds the former past still sees just
 * that, so nothing is copied as a history grows.
 */
export function continued(past: Past, events: readonly DomainEvent[]): Past {
  const after = versionOf(past)
  const isNewest = past.length === past.events.length
  const all = (isNewest ? past.events : past.events.slice(0, past.length)) as DomainEvent[]
  for (const event of events) if (event.version > after) all.push(event)
  return { ...past, events: all, length: all.length }
}

/** What counts against the limit: a state as much as an event. */
const size = ({ state, length }: Past): number => length + (state ? 1 : 0)

/** By aggregate; at most so many events, of which those are dropped first that were used least recently. */
export class Histories {
  readonly #limit: number
  readonly #kept = new Map<string, Past>()
  #size = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  get(id: string): Past | undefined {
    return this.#kept.get(id)
  }

  keep(id: string, past: Past): void {
    this.drop(id)
    if (size(past) > this.#limit) return
    this.#kept.set(id, past)
    this.#size += size(past)
    for (const oldest of this.#kept.keys()) {
      if (this.#size <= this.#limit) return
      this.drop(oldest)
    }
  }

  /** New events of an aggregate were recorded. */
  add(id: string, type: AggregateClass, events: readonly DomainEvent[]): void {
    const past = this.#kept.get(id) ?? pastOf(type, [])
    if (past.type === type && versionOf(past) + 1 >= (events[0]?.version ?? 0)) this.keep(id, continued(past, events))
    else this.drop(id)
  }

  /** A state may stand for the events up to its version. */
  fold(id: string, state: KeptState): void {
    const past = this.#kept.get(id)
    if (!past || versionOf(past) < state.version) return
    const since = past.events.slice(0, past.length).filter(({ version }) => version > state.version)
    this.keep(id, pastOf(past.type, since, state))
  }

  drop(id: string): void {
    const past = this.#kept.get(id)
    if (!past) return
    this.#kept.delete(id)
    this.#size -= size(past)
  }
}
