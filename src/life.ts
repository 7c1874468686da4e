/**
 * What the library knows of an aggregate, out of the reach of its class; and how an object comes to it when it is made.
 */
import { type AggregateClass, creationOf, type EventDefinition, eventsOf } from './definition'
import type { HalfAppliedError } from './errors'
import { type DomainEvent, idForm, newId } from './event'
import type { Payload } from './value'

/** The state of an aggregate as plain values, apart from the object that holds it. */
export interface KeptState {
  readonly id: string
  readonly version: number
  readonly createdOn: string
  readonly modifiedOn: string
  readonly fields: Payload
}

/** What is known of an aggregate's past: all of its events, or a state and the events since. */
export interface History {
  readonly state?: KeptState | undefined
  /** Oldest first. Others may append to it: only the first `length` are part of this history. */
  readonly events: readonly DomainEvent[]
  readonly length: number
}

/** What the library knows of an aggregate, out of the reach of its class. */
export class Life {
  version = 0
  createdOn = ''
  modifiedOn = ''
  /** What is recorded, as it was loaded. */
  past: History = { events: [], length: 0 }
  /** What has happened since. */
  readonly fresh: DomainEvent[] = []
  /** The version up to which nothing is pending. */
  saved = 0
  /** A body, a constructor or a replay is running: what is called now is a part of it. */
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

/** What the constructor that runs now is to make; taken by the base constructor of that class. */
interface Birth {
  readonly type: object
  readonly timestamp: string
  /** Left out where it is new. */
  readonly id?: string
  /** The object to rebuild, where it is there already. */
  readonly into?: object | undefined
  life?: Life | undefined
}
let birth: Birth | undefined

/** Is a replay, or the decorator of a class that extends it, making an object of this class? */
export const isBeingMade = (type: object): boolean => birth?.type === type

/** The base constructor's part: the life of the object that is being made, and the object to return in its place. */
export function beginLife(type: AggregateClass, id: string | undefined): { life: Life; into?: object | undefined } {
  const asked = birth?.type === type ? birth : undefined
  if (!asked) return { life: new Life(type, id === undefined ? newId() : idForm(id)) }
  birth = undefined
  asked.life ??= new Life(type, asked.id ?? (id === undefined ? newId() : idForm(id)))
  asked.life.version = 1
  asked.life.createdOn = asked.life.modifiedOn = asked.timestamp
  return asked as { life: Life }
}

/** Runs a constructor whose base constructor makes what `asked` says. */
export function born<A>(asked: Birth, construct: () => A): { self: A; life: Life } {
  const before = birth
  birth = asked
  try {
    const self = construct()
    if (asked.life) return { self, life: asked.life }
  } finally {
    // Another aggregate may be on its way: this one was made for the arguments of its super().
    birth = before
  }
  throw new TypeError(
    `The constructor of ${(asked.type as AggregateClass).name} made something else: call super() first`,
  )
}
