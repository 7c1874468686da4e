/**
 * One step of an aggregate: decide, apply, append.
 *
 * If a body throws, a replay in place undoes its changes. Only `#private` fields cannot be created twice on one object:
 * then the engine throws, and the aggregate is marked as in doubt.
 */

import { HalfAppliedError } from '../errors'
import { DomainEvent, now } from '../events/event'
import { isThenable, tooLate } from '../events/schema'
import type { AggregateClass, EventDefinition } from './definition'
import { born, isReplayed, type Life } from './life'
import { keyed, rebuilt, step } from './replay'

/** Creates an aggregate and its first event; within a replay, only runs the constructor. */
export function create<A>(
  type: AggregateClass,
  definition: EventDefinition,
  args: unknown[],
  construct: (args: unknown[]) => A,
): A {
  if (isReplayed(type)) return construct(args)
  const payload = definition.payload(args)
  const timestamp = now()
  const { self, life } = born({ type, timestamp }, () => construct(definition.values(payload)))
  life.fresh.push(new DomainEvent(definition.name, payload, life.id, 1, timestamp, type))
  life.isApplying = false
  return self
}

/**
 * Runs the body of an event method: as a decision, or as part of the body or constructor that is running. Such a part
 * is never validated, because it runs again in a replay, where no rule of today may count.
 */
export function decide(self: object, life: Life, definition: EventDefinition, args: unknown[]): unknown {
  if (life.isApplying) return definition.body.apply(self, args)
  life.mustBeWhole()
  if (life.events.get(definition.name) !== definition) throw unfindable(life, definition)
  const payload = definition.payload(args)
  const event = new DomainEvent(definition.name, payload, life.id, life.version + 1, now(), life.type)
  let result: unknown
  life.isApplying = true
  try {
    result = definition.body.apply(self, definition.values(payload))
    if (isThenable(result))
      throw tooLate(
        result,
        `${definition.label} returned a promise, but an event is applied at once: await before the call`,
      )
  } catch (error) {
    // The rest of an async body runs later, and changes the state without an event.
    if (isThenable(result)) life.doubt = doubtOf(life, definition, error, 'the rest of it runs later')
    else takeBack(self, life, definition, error)
    throw error
  } finally {
    life.isApplying = false
  }
  life.fresh.push(event)
  step(life, event)
  return result
}

/** Undoes the changes of a body that threw, or marks the aggregate as in doubt if that is impossible. */
function takeBack(self: object, life: Life, definition: EventDefinition, cause: unknown): void {
  const { version, createdOn, modifiedOn } = life
  const fields = Object.getOwnPropertyDescriptors(self)
  let why = 'it or a field is frozen'
  try {
    for (const key of Reflect.ownKeys(self))
      if (!Object.isExtensible(self) || !Reflect.deleteProperty(self, key)) throw cause
    why = 'it has #private fields'
    const { state, events, length } = life.past
    const all = [...events.slice(0, length), ...life.fresh]
    const past = { state, events: all, length: all.length }
    const [, used] = keyed(() => rebuilt(life.type, past, life.type, { self, life }), self)
    why = 'some of its state is in a WeakMap'
    // What is in there is from before, so the replay went on from it.
    if (used.some((map) => map.has(self))) throw cause
  } catch {
    // The fields are in doubt, but not gone; the events are neither.
    for (const key of Reflect.ownKeys(fields)) Reflect.defineProperty(self, key, fields[key as never] ?? {})
    Object.assign(life, { version, createdOn, modifiedOn, doubt: doubtOf(life, definition, cause, why) })
  }
}

const doubtOf = ({ type, id }: Life, { label }: EventDefinition, cause: unknown, why: string): HalfAppliedError =>
  new HalfAppliedError(
    `${label} threw, and its changes cannot be undone (${why}): load ${type.name} ${id} again. To avoid this, let a public method decide and a private @event method apply`,
    { cause },
  )

const unfindable = ({ type, events }: Life, { name, label }: EventDefinition): TypeError =>
  new TypeError(
    `${label} would record '${name}', but a replay of ${type.name} would run ${events.get(name)?.label ?? 'nothing'} of its own: call a method of the class itself; if something wraps the method, such as another decorator, write @event('${name}') above it`,
  )
