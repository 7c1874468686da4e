/**
 * The histories of the aggregates used last, so that a load asks the store only for what is new.
 *
 * They hold frozen events and, for a class with snapshots, a state of plain values: never an aggregate that a caller
 * could have changed. Each load replays, and returns a new object.
 */
import type { AggregateClass } from '../aggregates/definition'
import { type History, type KeptState, versionOf } from '../aggregates/life'
import type { DomainEvent } from '../events/event'

/** A history, and the class of its aggregate. */
export interface Past extends History {
  readonly type: AggregateClass
}

/** The past that consists of these events, and possibly of a state before them. */
export const pastOf = (type: AggregateClass, events: DomainEvent[], state?: KeptState): Past => ({
  type,
  state,
  events,
  length: events.length,
})

/**
 * The past followed by these events, without those that it already contains. The old past remains valid, although both
 * share one array, so that nothing is copied as a history grows.
 */
export function continued(past: Past, events: readonly DomainEvent[]): Past {
  const after = versionOf(past)
  const isNewest = past.length === past.events.length
  const all = (isNewest ? past.events : past.events.slice(0, past.length)) as DomainEvent[]
  for (const event of events) if (event.version > after) all.push(event)
  return { ...past, events: all, length: all.length }
}

/** The size that counts against the limit: a state counts as one event. */
const size = ({ state, length }: Past): number => length + (state ? 1 : 0)

/** Pasts by aggregate id, up to a limit of events; those used least recently are dropped first. */
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

  /** Adds new events that were recorded for an aggregate. */
  add(id: string, type: AggregateClass, events: readonly DomainEvent[]): void {
    const past = this.#kept.get(id) ?? pastOf(type, [])
    if (past.type === type && versionOf(past) + 1 >= (events[0]?.version ?? 0)) this.keep(id, continued(past, events))
    else this.drop(id)
  }

  /** Replaces the events up to a state's version by the state. */
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
