/**
 * Rebuilds an aggregate from its past: as a new object, or *in place*, on an existing one. In place, the constructor
 * runs again and the base constructor returns the existing object, so that fields, closures and back references are
 * created again on it. State is never copied and never compared.
 */

import { EventMismatchError, ReplayError } from '../errors'
import type { DomainEvent } from '../events/event'
import { memories } from '../values/kinds'
import { copyValue, type Payload } from '../values/value'
import { type AggregateClass, creationOf, type EventDefinition, originalOf } from './definition'
import { presentForm } from './former'
import { born, type History, type KeptState, type Life } from './life'

/**
 * The aggregate that this history leads to.
 *
 * @param root the base class, whose constructor creates an object without running any other
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
 * @throws InvalidPayloadError if the state is not plain values, TypeError if some of it is not in the object
 */
export function keep(self: object, { id, version, createdOn, modifiedOn, type, past }: Life, root: object): KeptState {
  // An object that is in another aggregate with the same past, too, is a constant of the code, which no state can hold.
  const twin = visible(type, root, () => rebuilt(type, past, root))
  const [other, own] = [twin.self, self].map((each) =>
    Object.create(Object.prototype, Object.getOwnPropertyDescriptors(each)),
  )
  if (!Object.isExtensible(self)) Object.preventExtensions(own)
  const fields = copyValue(own, true, type.name, true, [other, twin.isKey]) as Payload
  return { id, version, createdOn, modifiedOn, fields }
}

/**
 * Checks that a class has no `#private` fields, which a snapshot would not contain: only then can its constructor run
 * twice on one object.
 *
 * @throws TypeError if there are any
 */
export function mustBeVisible(type: AggregateClass, first: DomainEvent, root: object): void {
  const made = visible(type, root, () => firstApplied(type, first))
  try {
    firstApplied(type, first, made)
  } catch (cause) {
    throw invisible(type, cause)
  }
}

/** Makes an aggregate that is no key of a WeakMap: `#private` fields that a compiler has rewritten are there. */
function visible(type: AggregateClass, root: object, make: () => Made): Made & { isKey(part: object): boolean } {
  const [made, used] = keyed(make)
  const [, ours] = keyed(() => bare(type, '', 'none', root))
  const others = used.filter((map) => !ours.includes(map) && !memories.includes(map))
  const isKey = (part: object) => others.some((map) => map.has(part))
  if (isKey(made.self)) throw invisible(type)
  return { ...made, isKey }
}

/**
 * What this makes, and the WeakMaps and WeakSets that were filled; of an object that is made again, those that were asked
 * for what was there before. They tell nobody, so their methods do.
 */
export function keyed(make: () => Made, again?: object): [Made, WeakSet<object>[]] {
  const filled = new Set<WeakSet<object>>()
  const asked = new Set<WeakSet<object>>()
  const [maps, sets] = [WeakMap.prototype, WeakSet.prototype] as unknown as Record<string, Method>[]
  const listen = (
    where: Record<string, Method> | undefined,
    name: string,
    hear: (map: never, key: unknown) => void,
  ) => {
    const method = where?.[name] as Method
    // Where they are frozen, nothing is heard, and nothing thrown.
    Reflect.set(where as object, name, function (this: never, ...args: unknown[]) {
      hear(this, args[0])
      return method.apply(this, args)
    })
    return () => Reflect.set(where as object, name, method)
  }
  const fill = (map: WeakSet<object>, key: unknown) => (again && key !== again) || filled.add(map)
  const ask = (map: WeakSet<object>, key: unknown) => key === again && !filled.has(map) && asked.add(map)
  const undo = [listen(maps, 'set', fill), listen(sets, 'add', fill)]
  if (again) undo.push(listen(maps, 'get', ask), listen(maps, 'has', ask), listen(sets, 'has', ask))
  try {
    const made = make()
    return [made, [...(again ? asked : filled)]]
  } finally {
    for (const back of undo) back()
  }
}

type Method = (...args: unknown[]) => unknown

const invisible = ({ name }: AggregateClass, cause?: unknown): TypeError =>
  new TypeError(
    `${name} has #private fields, or state in a WeakMap, which no snapshot can hold: use TypeScript's private, or remove static snapshotVersion`,
    { cause },
  )

/** Advances an aggregate to the version of this event. */
export function step(life: Life, { version, timestamp }: Pick<DomainEvent, 'version' | 'timestamp'>): void {
  life.version = version
  life.modifiedOn = timestamp
}

/** An aggregate and its life. */
interface Made {
  readonly self: object
  readonly life: Life
}

/** The aggregate that this past leads to: a new object, or the one of `made`, rebuilt. */
export function rebuilt(type: AggregateClass, past: History, root: object, made?: Made): Made {
  const { state, events, length } = past
  const whole = state ? restored(type, state, root, made) : firstApplied(type, events[0], made)
  for (let i = state ? 0 : 1; i < length; i++) apply(whole, events[i] as DomainEvent)
  return whole
}

function firstApplied(type: AggregateClass, first: DomainEvent | undefined, made?: Made): Made {
  const forms = first?.version === 1 ? presentForm(type, first) : undefined
  if (!first || !forms)
    throw new EventMismatchError(
      `A ${type.name} starts with ${creationOf(type).name} (version 1), not with ${first ? `${first.name} (version ${first.version})` : 'nothing'}: replay all of its events, oldest first`,
    )
  const [[creation, payload], ...more] = forms as [(typeof forms)[0], ...typeof forms]
  const asked = {
    type,
    timestamp: first.timestamp,
    id: first.aggregateId,
    into: made?.self,
    life: made?.life,
    passes: creation.body !== (type as unknown),
  }
  let whole: Made
  try {
    whole = born(asked, () => Reflect.construct(type as never, creation.values(payload)) as object)
  } catch (cause) {
    throw unreplayable(first, creation, cause)
  }
  for (const [definition, carried] of more) runBody(whole.self, first, definition, carried)
  return whole
}

function restored(type: AggregateClass, state: KeptState, root: object, made?: Made): Made {
  const whole = made ?? bare(type, state.createdOn, state.id, root)
  step(whole.life, { version: state.version, timestamp: state.modifiedOn })
  // Defined, not assigned: a field may have the name of an accessor of the class.
  Object.defineProperties(
    whole.self,
    Object.getOwnPropertyDescriptors(copyValue(state.fields, false, type.name, true) as object),
  )
  return whole
}

/** An aggregate for which no constructor but that of the base class has run. */
const bare = (type: AggregateClass, timestamp: string, id: string, root: object): Made =>
  born({ type, timestamp, id }, () => Reflect.construct(root as never, [], type as never) as object)

/** Applies one old event: with its own body, or with those of the events that it has become. */
function apply({ self, life }: Made, event: DomainEvent): void {
  const { name, payload, version } = event
  if (event.aggregateId !== life.id || version !== life.version + 1)
    throw new EventMismatchError(
      `${name} (version ${version} of ${event.aggregateId}) cannot follow version ${life.version} of ${life.id}: replay every event, in order`,
    )
  const own = life.events.get(name)
  if (own) runBody(self, event, own, payload)
  else for (const [definition, carried] of become(life.type, event)) runBody(self, event, definition, carried)
  step(life, event)
}

function runBody(self: object, event: DomainEvent, definition: EventDefinition, payload: Payload): void {
  try {
    definition.body.apply(self, definition.values(payload))
  } catch (cause) {
    throw unreplayable(event, definition, cause)
  }
}

/** What became of an event that the class no longer records. */
function become(type: AggregateClass, event: DomainEvent) {
  const present = presentForm(type, event)
  if (present) return present
  const { name, version, aggregateId } = event
  throw new EventMismatchError(
    `Version ${version} of ${aggregateId} is a ${name}, but ${type.name} has no @event('${name}'): restore that name, or add it to static former`,
  )
}

function unreplayable(event: DomainEvent, { label }: EventDefinition, cause: unknown): ReplayError {
  return new ReplayError(
    `Version ${event.version} of ${event.aggregateId} (${event.name}) has happened, but ${label} throws when it is replayed: ${cause instanceof Error ? cause.message : String(cause)}. Bodies run again in every replay, so check rules before: let a public method decide and a private @event method apply`,
    { cause },
  )
}
