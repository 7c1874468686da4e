/**
 * What the library knows about an aggregate, hidden from its class, and how a new object gets it.
 */

import { HalfAppliedError } from '../errors'
import { type DomainEvent, idForm, newId } from '../events/event'
import type { Payload } from '../values/value'
import { type AggregateClass, creationOf, type EventDefinition, eventsOf } from './definition'

/** The state of an aggregate as plain values, separate from the object. */
export interface KeptState {
  readonly id: string
  readonly version: number
  readonly createdOn: string
  readonly modifiedOn: string
  readonly fields: Payload
}

/** An aggregate's past: all of its events, or a state and the events since. */
export interface History {
  readonly state?: KeptState | undefined
  /** Oldest first. The array may be shared and grow: only the first `length` belong to this history. */
  readonly events: readonly DomainEvent[]
  readonly length: number
}

/** What the library knows about an aggregate. */
export class Life {
  version = 0
  createdOn = ''
  modifiedOn = ''
  /** What was recorded when it was loaded. */
  past: History = { events: [], length: 0 }
  /** The events since. */
  readonly fresh: DomainEvent[] = []
  /** The version up to which nothing is pending. */
  saved = 0
  /** A body, a constructor or a replay is running: event methods that it calls only apply. */
  isApplying = true
  doubt: HalfAppliedError | undefined
  readonly events: ReadonlyMap<string, EventDefinition>

  constructor(
    readonly type: AggregateClass,
    readonly id: string,
  ) {
    creationOf(type)
    this.events = eventsOf(type)
  }

  get pending(): DomainEvent[] {
    return this.fresh.slice(Math.max(0, this.saved - versionOf(this.past)))
  }
  /** @throws HalfAppliedError if a failed method has left the state in doubt */
  mustBeWhole(): void {
    if (this.doubt) throw this.doubt
  }
}

export const versionOf = ({ state, events, length }: History): number =>
  events[length - 1]?.version ?? state?.version ?? 0

/** What the constructor that runs now should create; the base constructor reads it. */
interface Birth {
  readonly type: object
  readonly timestamp: string
  /** Missing for a new aggregate. */
  readonly id?: string
  /** The existing object to rebuild, if any. */
  readonly into?: object | undefined
  /** The next construction of this class that reaches a decorator is this one, and no event. */
  passes?: boolean
  life?: Life | undefined
  self?: object
}
let birth: Birth | undefined

/** Is this the object of a replay, whose constructor comes through the decorator of a class that it extends? */
export function isReplayed(type: object): boolean {
  if (birth?.type !== type || !birth.passes) return false
  birth.passes = false
  return true
}

/** Called by the base constructor: the life of the new object, and the object to return in its place, if any. */
export function beginLife(
  type: AggregateClass,
  id: string | undefined,
  self: object,
): { life: Life; into?: object | undefined } {
  const asked = birth?.type === type ? birth : undefined
  const life = asked?.life ?? new Life(type, asked?.id ?? (id === undefined ? newId() : idForm(id)))
  if (!asked)
    throw new TypeError(
      `This ${type.name} would have no first event: use the class that events() or the decorator returned, not the one inside it`,
    )
  birth = undefined
  asked.life = life
  asked.self = asked.into ?? self
  life.version = 1
  life.createdOn = life.modifiedOn = asked.timestamp
  return { life, into: asked.into }
}

/** Runs a constructor, so that its base constructor creates what `asked` describes. */
export function born<A>(asked: Birth, construct: () => A): { self: A; life: Life } {
  const before = birth
  birth = asked
  const { name } = asked.type as AggregateClass
  try {
    const self = construct()
    if (asked.life && asked.self === self) return { self, life: asked.life }
    throw new TypeError(`The constructor of ${name} returned another object: remove its return`)
  } catch (cause) {
    // It may have passed on the object before it threw.
    if (asked.life) {
      asked.life.isApplying = false
      asked.life.doubt = new HalfAppliedError(`The constructor of this ${name} threw: create a new one`, { cause })
    }
    throw cause
  } finally {
    // Another aggregate may be under construction: this one may be an argument of its super().
    birth = before
  }
}
