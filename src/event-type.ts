/**
 * A kind of event: its stored name, what it carries, and how its former versions are read.
 *
 * The name is a literal, so a method can be renamed and history cannot. Rules are asked at the call only: an old event
 * is what it was, brought to the present form by upcasts, and never refused because a rule has become stricter.
 */
import { CorruptEventError, InvalidPayloadError } from './errors'
import type { DomainEvent, LoggedEvent } from './event'
import type { Payload } from './value'

/**
 * The part of a validator that is needed here, as the Standard Schema specification (standardschema.dev) has it: zod,
 * valibot, arktype and others follow it.
 */
export interface EventSchema<I = unknown, O = unknown> {
  readonly '~standard': {
    readonly version: 1
    readonly validate: (value: unknown) => unknown
    readonly types?: { readonly input: I; readonly output: O } | undefined
  }
}

/** Brings a payload of one former version of an event to the next one. */
export type Upcast = (payload: Payload) => Payload

export interface EventOptions {
  /** A step each: the first takes version 1 of the event to version 2. Never take one away. */
  readonly upcasts?: readonly Upcast[]
  /** The names of the fields, where a schema does not tell them: in the order of the parameters. */
  readonly fields?: readonly string[]
}

type Result = { readonly value?: unknown; readonly issues?: readonly Issue[] | undefined }
type Issue = { readonly message: string; readonly path?: readonly (PropertyKey | { key: PropertyKey })[] | undefined }

/** Names that stored events use themselves. */
const reserved = ['timestamp', 'originator_topic', 'class_version', '_metadata']

export class EventType<N extends string = string, I extends object = Payload, O extends object = I> {
  /** Only the compiler sees it: what goes in and what comes out. */
  declare readonly '~types': { readonly input: I; readonly output: O }
  /** The payload's keys in the order of the parameters; undefined where the parameters' names are used. */
  readonly fields: readonly string[] | undefined
  readonly schema: EventSchema | undefined
  readonly upcasts: readonly Upcast[]

  /** @internal Use `defineEvent`. */
  constructor(
    readonly name: N,
    carries: EventSchema | readonly string[] | undefined,
    { upcasts = [], fields }: EventOptions,
  ) {
    if (typeof name !== 'string' || !/^[^.:\s]+$/.test(name))
      throw new TypeError(
        `@event takes the name of an event in the past tense, such as @event('TrickAdded'), without blanks, dots and colons, not ${JSON.stringify(name)}`,
      )
    this.schema = isList(carries) ? undefined : carries
    if (this.schema && typeof this.schema['~standard']?.validate !== 'function')
      throw new TypeError(
        `The second argument of defineEvent('${name}', …) is a schema (of zod 3.24 or later, valibot, arktype…) or the names of the fields: ['trick']`,
      )
    this.fields = fields ?? (isList(carries) ? carries : keysOf(carries))
    this.upcasts = upcasts
    for (const field of this.fields ?? []) this.mustBeFree(field)
  }

  /** Is it an event of this type? Then its payload has this form. Works for pending, loaded and logged events. */
  is(event: DomainEvent): event is DomainEvent<Readonly<O>> & { readonly name: N }
  is(event: LoggedEvent): event is LoggedEvent<Readonly<O>> & { readonly name: N }
  is(event: { readonly name: string }): boolean {
    return event.name === this.name
  }

  /** @internal @throws TypeError for a name that stored events use themselves */
  mustBeFree(field: string): void {
    if (field === '__proto__' || reserved.includes(field))
      throw new TypeError(
        `${this.name}: '${field}' is a name with a meaning of its own where events are stored: call the parameter something else`,
      )
  }

  /** @internal What the schema makes of these fields. @throws InvalidPayloadError if it refuses them */
  validated(fields: Payload, label: string): Record<string, unknown> {
    const { value, issues } = this.#ask(fields, label)
    if (!issues) return { ...(value as object) }
    throw new InvalidPayloadError(`${label} refuses this: ${issues.map(say).join('; ')}`, { cause: issues })
  }

  /**
   * @internal A payload as it was stored, brought to the present version.
   *
   * @param keys the names that the payload must have
   * @throws CorruptEventError whose text starts with what `row` returns
   */
  read(stored: Payload, classVersion: number, keys: readonly string[], row: () => string): Payload {
    if (classVersion > this.upcasts.length + 1)
      throw new CorruptEventError(
        `${row()} has class version ${classVersion}, and the code knows ${this.upcasts.length + 1}: run the newer code`,
      )
    let payload = stored
    for (let i = classVersion - 1; i < this.upcasts.length; i++)
      payload = this.#upcast(this.upcasts[i] as Upcast, payload, `${row()}, upcast ${i + 1} of ${this.name}`)
    for (const key of keys)
      if (!Object.hasOwn(payload, key) && !this.#mayMiss(payload, key))
        throw new CorruptEventError(
          `${row()} has no '${key}', which ${this.name} carries: if it was called otherwise once, or is new, add an upcast: defineEvent('${this.name}', …, { upcasts: [(payload) => ({ ...payload, ${key}: … })] })`,
        )
    // Short names may be a build tool's, given anew in each build: then it is their order that tells.
    if (!this.fields && keys.length > 1 && payload === stored && keys.every((key) => key.length <= 2)) {
      const order = Object.keys(payload).filter((key) => keys.includes(key))
      if (order.some((key, i) => key !== keys[i]))
        throw new CorruptEventError(
          `${row()} has its fields in another order (${order}) than the parameters (${keys}): name them for good, as they were meant: defineEvent('${this.name}', ['…', '…'])`,
        )
    }
    return payload
  }

  #upcast(upcast: Upcast, payload: Payload, where: string): Payload {
    try {
      const next: unknown = upcast(payload)
      if (typeof next === 'object' && next !== null) return next as Payload
      throw new TypeError('it returned no payload')
    } catch (cause) {
      throw new CorruptEventError(`${where}: ${(cause as Error).message}. Upcasts must take what was recorded`, {
        cause,
      })
    }
  }

  /** A field can be missing where the schema says that it is optional, and would not put something in its place. */
  #mayMiss(payload: Payload, key: string): boolean {
    if (!this.schema) return false
    const { value, issues = [] } = this.#ask(payload, this.name)
    const isAsked = issues.some(({ path: [first] = [] }) => (typeof first === 'object' ? first.key : first) === key)
    return !isAsked && (value as Payload | undefined)?.[key] === undefined
  }

  #ask(fields: Payload, label: string): Result {
    const result = (this.schema as EventSchema)['~standard'].validate(fields)
    if (!(result instanceof Promise)) return result as Result
    result.catch(() => undefined)
    throw new TypeError(`${label}: its schema answers later (async), and an event happens at once: ask before the call`)
  }
}

const isList = Array.isArray as unknown as (value: unknown) => value is readonly string[]

/** zod and arktype's fields, valibot's; undefined where a schema does not tell. */
function keysOf(schema: object | undefined): string[] | undefined {
  const { shape, entries } = (schema ?? {}) as { shape?: unknown; entries?: unknown }
  const fields = shape ?? entries
  return typeof fields === 'object' && fields !== null ? Object.keys(fields) : undefined
}

/** An issue in words: `trick: Too small`. */
function say({ path = [], message }: Issue): string {
  const where = path.map((step) => String(typeof step === 'object' ? step.key : step)).join('.')
  return where === '' ? message : `${where}: ${message}`
}

/**
 * A kind of event as a thing: `@event(TrickAdded)` records it, `TrickAdded.is(event)` recognises it, and projections are
 * written with it. `carries` is a schema that names, checks and completes the fields at the call, or just their names;
 * left out, the fields have the names of the parameters.
 *
 * @throws TypeError for a name or a field that cannot be stored
 */
export function defineEvent<N extends string>(
  name: N,
  fields?: readonly string[],
  options?: EventOptions | readonly Upcast[],
): EventType<N>
export function defineEvent<N extends string, I extends object, O extends object>(
  name: N,
  schema: EventSchema<I, O>,
  options?: EventOptions | readonly Upcast[],
): EventType<N, I, O>
export function defineEvent(
  name: string,
  carries?: EventSchema | readonly string[],
  options: EventOptions | readonly Upcast[] = {},
): EventType {
  return new EventType(name, carries, Array.isArray(options) ? { upcasts: options } : (options as EventOptions))
}
