/**
 * Makes an aggregate of its past: a new object, or one that is there already, *in place*. There the constructor runs
 * again, and the base constructor returns the very object that is being rebuilt, so that fields, closures and back
 * references are made anew on it. State is never copied and never compared.
 */
import { type AggregateClass, creationOf, type EventDefinition, originalOf, presentForm } from './definition'
import { EventMismatchError, ReplayError } from './errors'
import type { DomainEvent } from './event'
import { born, type History, type KeptState, type Life } from './life'
import { copyValue, type Payload } from './value'

/**
 * The aggregate that this history leads to.
 *
 * @param root the base class, whose constructor makes an object without running any other
 */
export function replay(type: AggregateClass, past: History, root: object): object {
  const { self, life } = rebuilt(originalOf(type), past, root)
  life.past = past
  life.saved = life.version
  life.isApplying = false
  return self
}

/**
 * The state as plain values.
 *
 * @param twin another aggregate of the same past: what both hold is a constant of the code, which a state cannot keep
 * @throws InvalidPayloadError if a field holds something else
 */
export function keep(self: object, twin: object, { id, version, createdOn, modifiedOn, type }: Life): KeptState {
  const [other, own] = [twin, self].map((each) =>
    Object.create(Object.prototype, Object.getOwnPropertyDescriptors(each)),
  )
  const [, fields] = copyValue([other, own], true, type.name, true) as [unknown, Payload]
  return { id, version, createdOn, modifiedOn, fields }
}

/**
 * Makes sure that a class has no `#private` fields, which a state of plain values would leave out: the engine makes
 * them once only, so its constructor cannot run twice over one object.
 *
 * @throws TypeError if it has
 */
export function mustBeVisible(type: AggregateClass, first: DomainEvent): void {
  const made = firstApplied(type, first)
  try {
    firstApplied(type, first, made)
  } catch (cause) {
    throw new TypeError(
      `${type.name} has #private fields, which no snapshot can hold: make them private ones of TypeScript, or leave static snapshotVersion out`,
      { cause },
    )
  }
}

/** The body of this event has run. */
export function step(life: Life, { version, timestamp }: Pick<DomainEvent, 'version' | 'timestamp'>): void {
  life.version = version
  life.modifiedOn = timestamp
}

/** An aggregate and its life. */
interface Made {
  readonly self: object
  readonly life: Life
}

/** What this past leads to: a new object, or the one of `made` made anew. */
export function rebuilt(type: AggregateClass, past: History, root: object, made?: Made): Made {
  const { state, events, length } = past
  const whole = state ? restored(type, state, root, made) : firstApplied(type, events[0], made)
  for (let i = state ? 0 : 1; i < length; i++) apply(whole, events[i] as DomainEvent)
  return whole
}

function firstApplied(type: AggregateClass, first: DomainEvent | undefined, made?: Made): Made {
  const creation = creationOf(type)
  if (first?.version !== 1 || first.name !== creation.name)
    throw new EventMismatchError(
      `A ${type.name} starts with ${creation.name} (version 1), not with ${first ? `${first.name} (version ${first.version})` : 'nothing'}: replay all of its events, oldest first`,
    )
  const asked = { type, timestamp: first.timestamp, id: first.aggregateId, into: made?.self, life: made?.life }
  try {
    return born(asked, () => Reflect.construct(type as never, creation.values(first.payload)) as object)
  } catch (cause) {
    throw unreplayable(first, creation, cause)
  }
}

function restored(type: AggregateClass, state: KeptState, root: object, made?: Made): Made {
  const asked = { type, timestamp: state.createdOn, id: state.id }
  const whole = made ?? born(asked, () => Reflect.construct(root as never, [], type as never) as object)
  step(whole.life, { version: state.version, timestamp: state.modifiedOn })
  Object.assign(whole.self, copyValue(state.fields, false, type.name, true))
  return whole
}

/** Applies one more old event: by its own body, or by those of the events that it has become. */
function apply({ self, life }: Made, event: DomainEvent): void {
  const { name, payload, version } = event
  if (event.aggregateId !== life.id || version !== life.version + 1)
    throw new EventMismatchError(
      `${name} (version ${version} of ${event.aggregateId}) cannot follow version ${life.version} of ${life.id}: events are applied one by one, without gaps`,
    )
  const own = life.events.get(name)
  if (own) runBody(self, event, own, payload)
  else for (const [definition, carried] of become(life, event)) runBody(self, event, definition, carried)
  step(life, event)
}

function runBody(self: object, event: DomainEvent, definition: EventDefinition, payload: Payload): void {
  try {
    definition.body.apply(self, definition.values(payload))
  } catch (cause) {
    throw unreplayable(event, definition, cause)
  }
}

/** What has become of an event that the class no longer makes. */
function become({ type, id }: Life, { name, payload, version }: DomainEvent) {
  const present = presentForm(type, name, payload)
  if (present) return present
  throw new EventMismatchError(
    `${type.name} has no @event('${name}') method, but version ${version} of ${id} is one: a method may be renamed, the name in its @event may not (static former says what has become of an event)`,
  )
}

function unreplayable(event: DomainEvent, { label }: EventDefinition, cause: unknown): ReplayError {
  return new ReplayError(
    `Version ${event.version} of ${event.aggregateId} (${event.name}) has happened, but ${label} throws when it is replayed: ${cause instanceof Error ? cause.message : String(cause)}. A body runs again at each replay, so rules belong before the event: let a public method decide, and a private @event method apply`,
    { cause },
  )
}
