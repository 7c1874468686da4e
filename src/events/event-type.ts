/**
 * A type of event: its stored name, its fields, and how its former versions are read.
 *
 * The name is a literal, so a method can be renamed and history cannot. The schema is checked only at the call: an old
 * event is brought to the present form by upcasts, and never refused because a rule has become stricter.
 */
import { CorruptEventError } from '../errors'
import type { Payload } from '../values/value'
import { DomainEvent, type LoggedEvent, type NewEvent } from './event'
import type { Hide, Personal } from './personal'
import type { EventSchema } from './schema'

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
  /**
   * For a type that no class here records: the stored name of the class whose event it is, `Dog` or `dogschool:Dog`. Without
   * it, the event is stored as `<application>:<event>`.
   */
  readonly topic?: string | undefined
}

/** What only a type that `defineEvent` makes can do, so that a program with none of them is smaller. */
export interface Powers {
  /** The fields of its schema, where that tells. */
  fieldsOf(name: string, schema: EventSchema | undefined): readonly string[] | undefined
  /** The fields as the schema returns them. */
  check(schema: EventSchema, fields: Payload, label: string): Record<string, unknown>
  /** See `EventType.of`. */
  create(type: EventType, payload: Payload, aggregateId: string | undefined): NewEvent
  /** A stored payload in the present version of the event. */
  upcast(type: EventType, stored: Payload, classVersion: number, row: () => string): Payload
}

/** All types that `defineEvent` made, in order: here, an event that no class records finds its type. */
export const definedTypes: EventType[] = []

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
  /** The stored name of the class, if no class records it. */
  readonly topic: string | undefined
  readonly #powers: Powers | undefined

  /** @internal Use `defineEvent`. */
  constructor(
    readonly name: N,
    carries: EventSchema | readonly string[] | undefined,
    { upcasts = [], fields, recorded, tags, topic }: EventOptions,
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
    this.topic = topic
    for (const field of this.fields ?? []) this.mustBeFree(field)
    if (this.fields) hide?.mustBeAmong(this.fields)
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

  /** @internal Does a class record it? */
  get isRecorded(): boolean {
    return this.#classes !== undefined
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
    const payload = this.#powers?.upcast(this as unknown as EventType, stored, classVersion, row) ?? stored
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

/** Is it a list, of names? */
export const isList = Array.isArray as unknown as (value: unknown) => value is readonly string[]
