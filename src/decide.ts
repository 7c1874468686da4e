/**
 * One step of an aggregate: decide, apply, append.
 *
 * A body that threw is undone by a replay in place. The one thing that JavaScript makes once only is a `#private` field:
 * there the engine throws, and the aggregate says that it is in doubt.
 */
import type { AggregateClass, EventDefinition } from './definition'
import { HalfAppliedError } from './errors'
import { DomainEvent, now } from './event'
import { born, isBeingMade, type Life } from './life'
import { rebuilt, step } from './replay'

/** Makes an aggregate by a call of its constructor; within a replay, only runs it. */
export function create<A>(
  type: AggregateClass,
  definition: EventDefinition,
  args: unknown[],
  construct: (args: unknown[]) => A,
): A {
  if (isBeingMade(type)) return construct(args)
  const payload = definition.payload(args)
  const timestamp = now()
  const { self, life } = born({ type, timestamp }, () => construct(definition.values(payload)))
  life.fresh.push(new DomainEvent(definition.name, payload, life.id, 1, timestamp, type))
  life.isApplying = false
  return self
}

/** Runs the body of an event method: as a decision, or as a part of the body or constructor that is running. */
export function decide(self: object, life: Life, definition: EventDefinition, args: unknown[]): unknown {
  const payload = definition.payload(args)
  if (life.isApplying) return definition.body.apply(self, definition.values(payload))
  life.mustBeWhole()
  const event = new DomainEvent(definition.name, payload, life.id, life.version + 1, now(), life.type)
  let result: unknown
  life.isApplying = true
  try {
    result = definition.body.apply(self, definition.values(payload))
    if (result instanceof Promise) refusePromise(definition, result)
  } catch (error) {
    // What goes on later would change the state behind the events' back.
    if (result instanceof Promise) life.doubt = doubtOf(life, definition, error)
    else takeBack(self, life, definition, error)
    throw error
  } finally {
    life.isApplying = false
  }
  life.fresh.push(event)
  step(life, event)
  return result
}

/** A body has thrown: makes the object what its events say, or marks it as in doubt where the engine will not. */
function takeBack(self: object, life: Life, definition: EventDefinition, cause: unknown): void {
  const { version, createdOn, modifiedOn } = life
  try {
    for (const key of Reflect.ownKeys(self)) if (!Reflect.deleteProperty(self, key)) throw cause
    const { state, events, length } = life.past
    const all = [...events.slice(0, length), ...life.fresh]
    rebuilt(life.type, { state, events: all, length: all.length }, life.type, { self, life })
  } catch {
    // What has happened is known; only the fields are in doubt.
    Object.assign(life, { version, createdOn, modifiedOn, doubt: doubtOf(life, definition, cause) })
  }
}

const doubtOf = ({ type, id }: Life, { label }: EventDefinition, cause: unknown): HalfAppliedError =>
  new HalfAppliedError(
    `${label} threw, and what it had changed by then cannot be taken back (JavaScript makes #private fields once only): load ${type.name} ${id} again. Where a public method decides and a private @event method applies, nothing is ever in doubt`,
    { cause },
  )

function refusePromise({ label }: EventDefinition, promise: Promise<unknown>): never {
  promise.catch(() => undefined)
  throw new TypeError(`${label} gave a promise: an event is applied at once, so await before the call`)
}
