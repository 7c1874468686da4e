/**
 * What the `@event`s of a class define: which event each body applies, and how arguments become a payload.
 */
import type { EventType } from '../events/event-type'
import { copyValue, isSimple, type Payload } from '../values/value'
import { hasConstructor, mustBeKept, parameterNames, takesRest, withoutNumber } from './source'

/** A class of aggregates, whatever its constructor takes, even a private one. */
export interface AggregateClass<A = unknown> {
  readonly prototype: A
  readonly name: string
  readonly topic?: string | undefined
  readonly aliases?: readonly string[] | undefined
  readonly snapshotVersion?: number | undefined
  readonly former?: FormerEvents | undefined
}

/**
 * Events that the class no longer records, by name: each function returns the present events with the same meaning.
 * One renames the event, several split it, none retires it. The first of several for a creation must be a creation.
 */
export type FormerEvents = Readonly<
  Record<string, (payload: Payload) => readonly (readonly [name: string, payload: Payload])[]>
>

type Body = (this: unknown, ...values: unknown[]) => unknown

/** An event type and the body that applies it in one class. */
export class EventDefinition {
  readonly name: string
  /** The names of the parameters, in order: the payload's keys. */
  readonly keys: readonly string[]
  readonly #paths: readonly string[]

  constructor(
    readonly type: EventType,
    /** Its name in messages: `addTrick()`. */
    readonly label: string,
    readonly body: Body,
    root?: object,
  ) {
    this.name = type.name
    type.recordedBy()
    this.keys = type.fields ?? readNames(type, label, body, root)
    if (type.fields) compareNames(label, body, this.keys, root)
    else type.hide?.mustBeAmong(this.keys)
    this.#paths = this.keys.map((key) => `${label}: ${key}`)
  }

  /**
   * The payload for these arguments: named, validated, copied and frozen.
   *
   * @throws InvalidPayloadError if the schema refuses them, or one cannot be recorded
   */
  payload(args: readonly unknown[]): Payload {
    const { keys, type } = this
    let fields: Record<string, unknown> = {}
    for (let i = 0; i < keys.length; i++) fields[keys[i] as string] = args[i]
    if (type.schema) fields = this.#checked(type.validated(fields, this.label))
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i] as string
      const value = fields[key]
      if (isSimple(value)) continue
      if (type.schema && (value === undefined || !Object.hasOwn(fields, key))) delete fields[key]
      else fields[key] = copyValue(value, true, this.#paths[i] as string)
    }
    return Object.freeze(fields)
  }

  /** @throws InvalidPayloadError if the schema of today refuses what is recorded */
  mustFit(payload: Payload): void {
    if (this.type.recorded) this.type.validated(payload, this.label, this.type.recorded)
  }

  /** @throws TypeError if the class shows that the names of the parameters are those of a build tool */
  mustKeepNames(type: object): void {
    if (!this.type.fields) named(this.type, this.label, () => mustBeKept(this.keys, originalOf(type)))
  }

  /** A field that the schema adds would be recorded, but no parameter would ever get it. */
  #checked(fields: Record<string, unknown>): Record<string, unknown> {
    const other = Object.keys(fields).find((key) => !this.keys.includes(key))
    if (other === undefined) return fields
    throw new TypeError(`${this.label}: its schema adds '${other}', which no parameter takes: add the parameter`)
  }

  /** The arguments for this payload: copies, which the body may keep and change. */
  values(payload: Payload): unknown[] {
    const values: unknown[] = []
    for (let i = 0; i < this.keys.length; i++) {
      const key = this.keys[i] as string
      let value = payload[key]
      // A field that was left out may have the name of something that every object inherits.
      if (!isSimple(value) && value !== undefined)
        value = Object.hasOwn(payload, key) ? copyValue(value, false, this.#paths[i] as string) : undefined
      values.push(value)
    }
    return values
  }
}

function readNames(type: EventType, label: string, body: object, root?: object): string[] {
  return named(type, label, () => {
    const names = parameterNames(body, root)
    for (const name of names) type.mustBeFree(name)
    return names
  })
}

function named<T>(type: EventType, label: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw new TypeError(
      `@event('${type.name}') on ${label} cannot name what it records: ${(error as Error).message}. Name the fields in order, @event(defineEvent('${type.name}', ['…'])), or by a schema, z.object({ … })`,
    )
  }
}

/** TypeScript checks the number and types of parameters against a schema, but not their order: fields have none. */
function compareNames(label: string, body: object, keys: readonly string[], root?: object): void {
  let names: string[] | undefined
  try {
    if (!takesRest(body, root)) names = parameterNames(body, root)
  } catch {
    return
  }
  if (!names)
    throw new TypeError(
      `${label} has a rest parameter, of which an event would keep one value only: take an array instead`,
    )
  // No name in common: the code was minified, which keeps the order.
  const minified = keys.length > 0 && !names.some((name) => keys.includes(name))
  const isSame = keys.every((key, i) => names[i] === key || withoutNumber(names[i] ?? '') === key)
  if (names.length === keys.length && (minified || isSame)) return
  throw new TypeError(
    `${label}: the parameters are ${names.join(', ') || 'none'}, the event's fields ${keys.join(', ') || 'none'}: write the same names in the same order`,
  )
}

// ---- Which events a class has. Kept here, because a decorator cannot add to the type of a class.

const creations = new WeakMap<object, EventDefinition>()
const methods = new WeakMap<object, EventDefinition>()
const tables = new WeakMap<object, ReadonlyMap<string, EventDefinition>>()
const originals = new WeakMap<object, object>()
/** All decorated classes as their authors wrote them, in order: here, an event finds its class. */
export const decoratedClasses = new Set<AggregateClass>()

export const defineMethod = (method: object, definition: EventDefinition): unknown => methods.set(method, definition)
/** The definition that a decorator has given a class or method before. */
export const definedOn = (value: object): EventDefinition | undefined => methods.get(value) ?? creations.get(value)

/** @param type the decorated class, which replaces `original`, the class as its author wrote it */
export function defineCreation(type: AggregateClass, original: object, definition: EventDefinition): void {
  for (const each of [type, original]) {
    creations.set(each, definition)
    definition.type.recordedBy(each)
  }
  originals.set(type, original)
  decoratedClasses.add(original as AggregateClass)
}

/** The class as its author wrote it, whether or not this is the decorated one. */
export const originalOf = <T extends object>(type: T): T => (originals.get(type) as T | undefined) ?? type

/** Is it this class, or one that extends it? */
export const isOneOf = (base: AggregateClass, type: AggregateClass): boolean =>
  type.prototype === base.prototype ||
  Object.prototype.isPrototypeOf.call(base.prototype as object, type.prototype as object)

/** Classes made by `events()`: of a decorated one, compilers keep the name in a string, which no build tool changes. */
export const undecorated = new WeakSet<object>()

/** Does the class have its own `@event`, or is it made by `events()`? */
export const isDecorated = (type: object): boolean => decoratedClasses.has(originalOf(type) as AggregateClass)

/**
 * The definition of the event that creates an aggregate of this class: its own, or that of the class it extends.
 *
 * @throws TypeError if there is none
 */
export function creationOf(type: AggregateClass, asked = type.name): EventDefinition {
  const known = creations.get(type)
  if (known) return known
  const parent = Object.getPrototypeOf(type) as AggregateClass | null
  if (!parent)
    throw new TypeError(
      `Creating a ${asked} is an event too: write @event('Registered'), or a better name, above the class`,
    )
  const definition = creationOf(parent, asked)
  if (hasConstructor(type))
    throw new TypeError(
      `${type.name} has a constructor of its own, which no event would record: write an @event('…') above it too`,
    )
  creations.set(type, definition)
  definition.type.recordedBy(type)
  return definition
}

/**
 * The event methods of a class, by the names of their events.
 *
 * @throws TypeError if two bodies would apply one event, or if a method that past events need is overridden
 */
export function eventsOf(type: object): ReadonlyMap<string, EventDefinition> {
  const known = tables.get(type)
  if (known) return known
  const table = new Map<string, EventDefinition>()
  const nearest = new Map<PropertyKey, EventDefinition | undefined>()
  const { prototype } = type as { prototype: object }
  for (let level = prototype; level && level !== Object.prototype; level = Object.getPrototypeOf(level))
    for (const key of Reflect.ownKeys(level)) {
      const value: unknown = Object.getOwnPropertyDescriptor(level, key)?.value
      const definition = typeof value === 'function' ? methods.get(value) : undefined
      definition?.mustKeepNames(level.constructor)
      if (definition && nearest.has(key)) mustOverride(definition, nearest.get(key))
      else if (definition && table.has(definition.name))
        throw new TypeError(
          `Two methods record '${definition.name}' (one is ${definition.label}), and a replay could not tell which to run: give each its own name`,
        )
      else if (definition) table.set(definition.name, definition)
      if (!nearest.has(key)) nearest.set(key, definition)
    }
  const creation = creations.get(type)
  for (const definition of table.values()) {
    const isShared = creation?.name === definition.name && creation.type !== definition.type
    definition.type.recordedBy(type, isShared ? 'later' : 'always')
    if (isShared) creation.type.recordedBy(type, 'first')
  }
  tables.set(type, table)
  return table
}

/** The definition of an event by its name; version 1 is the creation, which a method may share its name with. */
export function definitionOf(type: AggregateClass, name: string, isFirst: boolean): EventDefinition | undefined {
  if (!isFirst) return eventsOf(type).get(name)
  const creation = creationOf(type)
  return creation.name === name ? creation : undefined
}

function mustOverride({ name, label, type }: EventDefinition, by: EventDefinition | undefined): void {
  const isSame = by?.name === name
  if (isSame && (!by.type.isShort || type.isShort)) return
  const how = isSame ? 'by its name alone' : by ? `as another event, '${by.name}'` : 'without an @event'
  throw new TypeError(
    `A subclass overrides ${label} ${how}, so past events would lose their ${isSame ? 'type' : 'body'}: write @event(${type.isShort ? `'${name}'` : name}) above it`,
  )
}
