/**
 * What a class has said with its `@event`s: which event each body makes, and how arguments become a payload.
 *
 * The stored name is the literal in the decorator, so a method can be renamed and history cannot.
 */
import { CorruptEventError, InvalidPayloadError } from './errors'
import { copyValue, isSimple, type Payload } from './payload'
import { hasConstructor, parameterNames } from './source'

/** A class of aggregates, whatever its constructor takes. */
export type AggregateClass<A = unknown> = (abstract new (
  ...args: never[]
) => A) & {
  readonly name: string
  readonly topic?: string
  readonly aliases?: readonly string[]
}

/** The part of zod's `z.object({ … })` that is needed here: the core asks for no library. */
export interface EventSchema {
  readonly shape: Readonly<Record<string, unknown>>
  safeParse(value: unknown): { success: true; data: unknown } | { success: false; error: Error }
}

/** Brings a payload of one former version of an event to the next one. */
export type Upcast = (payload: Payload) => Payload

type Body = (this: unknown, ...values: unknown[]) => unknown
const reserved = ['timestamp', 'originator_topic', 'class_version']

export class EventDefinition {
  /** The names of the parameters, in order: the payload's keys. */
  readonly keys: readonly string[]
  /** 1, and one more for each upcast. */
  readonly classVersion: number
  #paths: readonly string[]
  #checkedOutput = false

  constructor(
    readonly name: string,
    /** How messages call it: `Dog.addTrick`. */
    readonly label: string,
    readonly body: Body,
    readonly schema?: EventSchema,
    readonly upcasts: readonly Upcast[] = [],
  ) {
    this.keys = schema ? Object.keys(schema.shape) : readNames(name, label, body)
    if (schema) compareNames(label, body, this.keys)
    const taken = this.keys.find((key) => reserved.includes(key))
    if (taken)
      throw new TypeError(
        `${label}: '${taken}' is a name that stored events use themselves: call the parameter something else`,
      )
    this.#paths = this.keys.map((key) => `${label}: ${key}`)
    this.classVersion = upcasts.length + 1
  }

  /**
   * The payload for these arguments: named, validated, copied and frozen.
   *
   * @throws InvalidPayloadError if the schema refuses them, or one cannot be recorded
   */
  payload(args: readonly unknown[]): Payload {
    let fields: Record<string, unknown> = {}
    for (let i = 0; i < this.keys.length; i++) fields[this.keys[i] as string] = args[i]
    if (this.schema) fields = this.#validated(this.schema, fields)
    for (let i = 0; i < this.keys.length; i++) {
      const key = this.keys[i] as string
      const value = fields[key]
      if (isSimple(value)) continue
      if (value === undefined && this.schema) delete fields[key]
      else fields[key] = copyValue(value, true, this.#paths[i] as string)
    }
    return Object.freeze(fields)
  }

  #validated(schema: EventSchema, fields: Record<string, unknown>): Record<string, unknown> {
    const result = schema.safeParse(fields)
    if (!result.success)
      throw new InvalidPayloadError(`${this.label} refuses this: ${issues(result.error)}`, { cause: result.error })
    const output = result.data as Record<string, unknown>
    // What is recorded is the output, and it goes through the schema again when it is read.
    if (!this.#checkedOutput && !schema.safeParse(output).success)
      throw new TypeError(
        `${this.label}: its schema does not accept what it gives out, so the event could never be read: transform the value before the call`,
      )
    this.#checkedOutput = true
    return { ...output }
  }

  /** The arguments for this payload, free to keep and to change. */
  values(payload: Payload): unknown[] {
    const values: unknown[] = []
    for (let i = 0; i < this.keys.length; i++) {
      const value = payload[this.keys[i] as string]
      values.push(isSimple(value) || value === undefined ? value : copyValue(value, false, this.#paths[i] as string))
    }
    return values
  }

  /**
   * A payload as it was stored, brought to the present version and validated.
   *
   * @throws CorruptEventError whose text starts with `row`
   */
  read(stored: Payload, classVersion: number, row: string): Payload {
    if (classVersion > this.classVersion)
      throw new CorruptEventError(
        `${row} has class version ${classVersion}, and the code knows ${this.classVersion}: run the newer code`,
      )
    let payload = stored
    for (const upcast of this.upcasts.slice(classVersion - 1)) payload = upcast(payload)
    if (!this.schema) {
      const missing = this.keys.find((key) => !Object.hasOwn(payload, key))
      if (missing === undefined) return payload
      throw new CorruptEventError(
        `${row} has no '${missing}', which ${this.label} takes: if it was called otherwise once, add an upcast to its @event`,
      )
    }
    const result = this.schema.safeParse(payload)
    if (!result.success)
      throw new CorruptEventError(
        `${row} does not fit the schema of ${this.label}: ${issues(result.error)}. If the event has changed, add an upcast to its @event`,
        { cause: result.error },
      )
    const unknown = Object.keys(payload).find((key) => !Object.hasOwn(result.data as object, key))
    if (unknown !== undefined)
      throw new CorruptEventError(
        `${row} has a field '${unknown}', which the schema of ${this.label} does not know: add it, or drop it in an upcast`,
      )
    return result.data as Payload
  }
}

/** zod's issues in a line: `trick: Too small`. */
function issues(error: Error): string {
  const list = (error as { issues?: { path: PropertyKey[]; message: string }[] }).issues
  return list?.map((issue) => `${issue.path.map(String).join('.')}: ${issue.message}`).join('; ') ?? error.message
}

function readNames(name: string, label: string, body: object): string[] {
  try {
    return parameterNames(body)
  } catch (error) {
    throw new TypeError(
      `@event('${name}') on ${label} cannot name what it records: ${(error as Error).message}. Name the fields with a schema: @event('${name}', z.object({ … }))`,
    )
  }
}

/** TypeScript checks the number and the types of the arguments against a schema, not their order: fields have none. */
function compareNames(label: string, body: object, keys: readonly string[]): void {
  let names: string[]
  try {
    names = parameterNames(body)
  } catch {
    return
  }
  // Not one name in common: the code was minified, which keeps the order.
  const minified = keys.length > 0 && !names.some((name) => keys.includes(name))
  if (names.length === keys.length && (minified || names.every((name, i) => name === keys[i]))) return
  throw new TypeError(
    `@event on ${label}: it takes (${names.join(', ')}), its schema has { ${keys.join(', ')} }: write the same names in the same order`,
  )
}

const creations = new WeakMap<object, EventDefinition>()
const methods = new WeakMap<object, EventDefinition>()
const tables = new WeakMap<object, ReadonlyMap<string, EventDefinition>>()

export const defineCreation = (type: object, definition: EventDefinition): unknown => creations.set(type, definition)
export const defineMethod = (method: object, definition: EventDefinition): unknown => methods.set(method, definition)
/** What an @event has made of this very class or method already, if one has. */
export const definedOn = (value: object): EventDefinition | undefined => creations.get(value) ?? methods.get(value)

/**
 * The event that creates aggregates of this class: its own, or that of the class it extends.
 *
 * @throws TypeError if there is none
 */
export function creationOf(type: AggregateClass, asked = type.name): EventDefinition {
  const known = creations.get(type)
  if (known) return known
  const parent = Object.getPrototypeOf(type) as AggregateClass | null
  if (typeof parent !== 'function' || parent === Function.prototype || parent.name === '')
    throw new TypeError(
      `Creating a ${asked} is an event too: write @event('Registered'), or what it is called, above the class`,
    )
  const definition = creationOf(parent, asked)
  if (hasConstructor(type))
    throw new TypeError(
      `${type.name} has a constructor of its own, which no event would record: write an @event('…') above ${type.name} as well`,
    )
  creations.set(type, definition)
  return definition
}

/** The event methods of a class by the names of their events. */
export function eventsOf(type: object): ReadonlyMap<string, EventDefinition> {
  const known = tables.get(type)
  if (known) return known
  const table = new Map<string, EventDefinition>()
  const nearest = new Set<string>()
  const { prototype } = type as { prototype: object }
  for (let level = prototype; level && level !== Object.prototype; level = Object.getPrototypeOf(level)) {
    const names = new Set<string>()
    for (const key of Object.getOwnPropertyNames(level)) {
      const value: unknown = Object.getOwnPropertyDescriptor(level, key)?.value
      const definition = typeof value === 'function' ? methods.get(value) : undefined
      if (definition && nearest.has(key) && !table.has(definition.name))
        throw new TypeError(
          `A subclass overrides ${definition.label} without an @event: write @event('${definition.name}') above it`,
        )
      if (definition && names.has(definition.name))
        throw new TypeError(
          `Two methods record '${definition.name}' (${definition.label} is one): an event's name says which body applies it, so give each its own`,
        )
      if (definition) names.add(definition.name)
      if (definition && !table.has(definition.name)) table.set(definition.name, definition)
      nearest.add(key)
    }
  }
  tables.set(type, table)
  return table
}
