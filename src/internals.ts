/**
 * What the library does to an aggregate and a user must not. `aggregate.ts` says how: only there are the
 * private fields within reach.
 */
import type { AggregateClass, EventDefinition } from './definition'
import type { DomainEvent } from './event'
import type { Payload } from './payload'
import type { KeptState } from './state'

export interface AggregateInternals<A> {
  /** Is the constructor that runs now one of a replay? */
  isReplaying(): boolean
  /** A constructor has run: its event is the first one. */
  created(self: A, definition: EventDefinition, payload: Payload): void
  /** Runs the body of an event method: as a decision, or within another one. */
  decide(self: A, definition: EventDefinition, args: unknown[]): unknown
  /** Applies one more old event. */
  apply(self: A, event: DomainEvent): void
  /** An equal aggregate that shares nothing with this one and has no pending events, or `undefined`. */
  copy(self: A): A | undefined
  /** The first `count` pending events are recorded; from here on, `base` gives the state without them replayed. */
  saved(self: A, count: number, base?: () => A | undefined): void
  /** Throws if a failed method has left the state in doubt. */
  mustBeWhole(self: A): void
  /** Makes an aggregate of a kept state. */
  restore(type: AggregateClass, kept: KeptState): A
  keep(self: A): KeptState | undefined
}
