/**
 * A type of event: its stored name, its fields, and how its former versions are read.
 *
 * The name is a literal, so a method can be renamed and history cannot. The schema is checked only at the call: an old
 * event is brought to the present form by upcasts, and never refused because a rule has become stricter.
 */
import { CorruptEventError, InvalidPayloadError } from './errors'
import { DomainEvent, type LoggedEvent, NewEvent } from './event'
import { type Hide, hiding, type Personal } from './personal'
import { checked, type EventSchema, keysOf } from './schema'
import { copyValue, type Payload } from './value'

/** Turns a payload of one version of an event into one of the next version. */
export type Upcast = (payload: Payload) => Payload

/** The keys of each member of a union of records. */
type KeysOf<T> = T extends unknown ? keyof T & string : never
type FieldOf<T> = [KeysOf<T>] extends [never] ? string : KeysOf<T>

/** The tags of an event, under which a decision can find it: `['course:' + course]`. It runs at each save. */
export type Tags<O extends object = Payload> = (
  payload: Readonly<O>,
  about: { readonly aggregateId: string },
) => readonly string[]

export interface EventOptions<T = Payload, O extends object = Payload> {
  /** The first turns version 1 of the event into version 2, and so on. Never remove one. */
  readonly upcasts?: readonly Upcast[]
  /** The names of the fields, in the order of the parameters, for a schema that does not list them. */
  readonly fields?: readonly FieldOf<T>[]
  /** The schema of what is recorded, for `verify()`, where the schema transforms and would refuse its own results. */
  readonly recorded?: EventSchema | undefined
  /** They are recorded with each event from now on; events of before stay without. */
  readonly tags?: Tags<O> | undefined
  /** The fields that are about a person, who can be forgotten. Of events from now on. */
  readonly personal?: Personal<O> | undefined
}

/** What only a type that `defineEvent` makes can do, so that a program with none of them is smaller. */
interface Powers {
  readonly fieldsOf: typeof keysOf
  readonly check: typeof checked
  readonly create: typeof newEvent
  readonly upcast: typeof upcast
}

/** Names that stored events use themselves. */
const reserved = ['timestamp', 'originator_topic', 'class_version', '_metadata', '_personal_', '_type_', '_data_']

export class EventType<N extends string = string, I extends object = Payload, O extends object = I> {
  /** Only for the compiler: the types before and after the schema. */
  declare readonly '~types': { readonly input: I; readonly output: O }
  /** The payload's keys in the order of the parameters; undefined if they are the parameters' names. */
  readonly fields: readonly string[] | undefined
  readonly schema: EventSchema | undefined
  readonly upcasts: readonly Upcast[]
  /** Accepts what is recorded: `verify()` asks it. */
  readonly recorded: EventSchema | undefined
  /** The classes that record it, as far as they were used; undefined if none does. Creation may share the name. */
  #classes: WeakMap<object, 'always' | 'first' | 'later'> | undefined
  /** It was made of the name in `@event('TrickAdded')`. */
  readonly isShort: boolean
  /** The tags to record with an event. */
  readonly tags: Tags | undefined
  /** @internal Hides the fields that are about a person. */
  readonly hide: Hide | undefined
  readonly #powers: Powers | undefined

  /** @internal Use `defineEvent`. */
  constructor(
    readonly name: N,
    carries: EventSchema | readonly string[] | undefined,
    { upcasts = [], fields, recorded, tags }: EventOptions,
    powers?: Powers,
    hide?: Hide,
  ) {
    this.isShort = !powers
    this.#powers = powers
    if (typeof name !== 'string' || !/^[^.:\s]+$/.test(name))
      throw new TypeError(
        `@event takes the name of an event in the past tense, such as 'TrickAdded', without spaces, dots or colons, not ${JSON.stringify(name)}`,
      )
    this.schema = isList(carries) ? undefined : carries
    const listed = isList(carries) ? carries : powers?.fieldsOf(name, carries)
    this.fields = fields ?? listed
    this.upcasts = upcasts
    this.recorded = recorded ?? this.schema
    this.tags = tags
    this.hide = hide
    for (const field of this.fields ?? []) this.mustBeFree(field)
  }

  /**
   * Is this an event of this type? Then its payload has the type's fields. For pending, loaded and logged events. A type
   * that no class records, as in a program that only reads a log, goes by the name.
   */
  is(event: DomainEvent): event is DomainEvent<Readonly<O>> & { readonly name: N }
  is(event: LoggedEvent): event is LoggedEvent<Readonly<O>> & { readonly name: N }
  is(event: NewEvent): event is NewEvent<Readonly<O>, N>
  is(event: { readonly name: string; readonly version?: number }): boolean {
    if (event.name !== this.name) return false
    const owner = this.#classes && DomainEvent.ownerOf(event)
    const when = owner && this.#classes?.get(owner)
    return !owner || when === 'always' || when === (event.version === 1 ? 'first' : 'later')
  }

  /**
   * A new event of this type: for a slice to decide on, and for tests. The payload is checked and completed by the
   * schema, copied and frozen.
   *
   * @param aggregateId of the aggregate that it is about; leave it out for the first event of a new one
   * @throws InvalidPayloadError if the schema refuses it, a field is missing or unknown, or one cannot be recorded
   */
  of(payload: I, aggregateId?: string): NewEvent<Readonly<O>, N> {
    return this.#powers?.create(this as unknown as EventType, payload as Payload, aggregateId) as NewEvent<never, N>
  }

  /** @internal A class, or one that is not known yet, records it: its creation, or later, if another type has that. */
  recordedBy(type?: object, when: 'always' | 'first' | 'later' = 'always'): void {
    this.#classes ??= new WeakMap()
    if (type) this.#classes.set(type, when)
  }

  /** @internal @throws TypeError for a field name that stored events use themselves */
  mustBeFree(field: string): void {
    if (field === '__proto__' || reserved.includes(field))
      throw new TypeError(`${this.name}: '${field}' is reserved in stored events: rename the parameter`)
  }

  /** @internal What the schema makes of the fields: see `checked`. */
  validated(fields: Payload, label: string, schema = this.schema): Record<string, unknown> {
    return this.#powers?.check(schema as EventSchema, fields, label) as Record<string, unknown>
  }

  /**
   * @internal The present version of a stored payload.
   *
   * @param keys the names that the payload must have
   * @throws CorruptEventError whose message starts with what `row` returns
   */
  read(stored: Payload, classVersion: number, keys: readonly string[], row: () => string): Payload {
    if (classVersion > this.upcasts.length + 1)
      throw new CorruptEventError(
        `${row()} has class version ${classVersion}, but this code knows only ${this.upcasts.length + 1}: run the newer code`,
      )
    const payload = this.#powers?.upcast(this.name, this.upcasts, stored, classVersion, row) ?? stored
    // A schema may have left the field out when it was recorded, so only names say that it must be there.
    for (const key of this.schema ? [] : keys)
      if (!Object.hasOwn(payload, key))
        throw new CorruptEventError(
          `${row()} has no '${key}', which ${this.name} needs: if the field is new or renamed, add an upcast: defineEvent('${this.name}', …, { upcasts: [(payload) => ({ ...payload, ${key}: … })] })`,
        )
    // Short names may be a build tool's and change with each build: then their order must be the recorded one.
    if (!this.fields && keys.length > 1 && payload === stored && keys.every((key) => key.length <= 2)) {
      const order = Object.keys(payload).filter((key) => keys.includes(key))
      if (order.some((key, i) => key !== keys[i]))
        throw new CorruptEventError(
          `${row()} has the fields ${order}, but the parameters are ${keys}: name the fields yourself, defineEvent('${this.name}', ['…', '…'])`,
        )
    }
    return payload
  }
}

const isList = Array.isArray as unknown as (value: unknown) => value is readonly string[]

// ---- The powers of a type that `defineEvent` makes.

/** See `EventType.read`. */
function upcast(
  name: string,
  upcasts: readonly Upcast[],
  stored: Payload,
  classVersion: number,
  row: () => string,
): Payload {
  let payload = stored
  for (let i = classVersion - 1; i < upcasts.length; i++)
    try {
      payload = (upcasts[i] as Upcast)(payload)
      if (typeof payload !== 'object' || payload === null) throw new TypeError('it returned no payload')
    } catch (cause) {
      throw new CorruptEventError(
        `${row()}, upcast ${i + 1} of ${name} failed: ${(cause as Error).message}. It must accept what was recorded`,
        { cause },
      )
    }
  return payload
}

/** See `EventType.of`. */
function newEvent(type: EventType, given: Payload, aggregateId?: string): NewEvent {
  const { name, fields, schema } = type
  const payload = { ...given }
  const label = `${name}.of()`
  const other = fields && Object.keys(payload).find((key) => !fields.includes(key))
  if (other !== undefined)
    throw new InvalidPayloadError(`${label}: '${other}' is none of its fields (${fields}): leave it out`)
  // In the order in which an aggregate records them.
  const ordered = Object.fromEntries((fields ?? Object.keys(payload)).map((key) => [key, payload[key]]))
  const missing = schema ? undefined : Object.keys(ordered).find((key) => ordered[key] === undefined)
  if (missing !== undefined)
    throw new InvalidPayloadError(`${label} needs '${missing}': pass it, or null if there is none`)
  const whole = schema ? type.validated(ordered, label) : ordered
  for (const field of Object.keys(whole)) type.mustBeFree(field)
  return new NewEvent(type, name, copyValue(whole, true, label) as Payload, aggregateId)
}

/** Its tags, if they are a list of strings. */
const listed =
  (name: string, tags: Tags): Tags =>
  (payload, about) => {
    const found: unknown = tags(payload, about)
    if (isList(found) && found.every((tag) => typeof tag === 'string' && tag !== '')) return found
    throw new TypeError(`The tags of ${name} are not a list of strings: return ['dog:' + aggregateId]`)
  }

/**
 * A type of event as a value: `@event(TrickAdded)` records it, `TrickAdded.is(event)` recognises it, and
 * `on(TrickAdded, …)` handles it in a projection. A schema names, checks and completes the fields at the call; a list
 * only names them; without either, the fields have the names of the parameters. `TrickAdded.of({ trick })` is a new event.
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
  options?: EventOptions<I | O, NoInfer<O>> | readonly Upcast[],
): EventType<N, I, O>
export function defineEvent(
  name: string,
  carries?: EventSchema | readonly string[],
  options: EventOptions | readonly Upcast[] = {},
): EventType {
  const all: EventOptions = Array.isArray(options) ? { upcasts: options } : (options as EventOptions)
  const tags = all.tags && listed(name, all.tags)
  const hide = all.personal && hiding(name, all.personal, all.recorded ?? (isList(carries) ? undefined : carries))
  const powers = { fieldsOf: keysOf, check: checked, create: newEvent, upcast }
  return new EventType(name, carries, { ...all, tags }, powers, hide)
}
