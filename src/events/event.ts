/**
 * One fact about one aggregate: it happened, so it never changes.
 *
 * An event is deeply frozen, and holds only data. Its meaning is in the `@event` method that applies it, the one with
 * its name.
 */
import { toHex } from '../values/bytes'
import { isoTimestamp } from '../values/kinds'
import { copyValue, type Payload } from '../values/value'

/** Data about an event that its aggregate does not need, such as who caused it. */
export type Metadata = Readonly<Record<string, unknown>>

/** @internal The metadata of most events. */
export const noMetadata: Metadata = Object.freeze({})

export class DomainEvent<P extends object = Payload> {
  // Declared, not initialised: each field is written only once, so an event is created twice as fast.
  /** In the past tense: `TrickAdded`. */
  declare readonly name: string
  /** The arguments, by name; deeply frozen. */
  declare readonly payload: P
  declare readonly aggregateId: string
  /** The version of the aggregate after this event: 1, 2, 3… */
  declare readonly version: number
  /** ISO 8601 in UTC with six fractional digits or none: `2026-11-23T04:34:56.922529+00:00`. */
  declare readonly timestamp: string
  /** What `save` was given; empty without it. */
  declare readonly metadata: Metadata
  /** The class of its aggregate, if known. */
  readonly #owner: object | undefined

  static {
    // Most events have no metadata and should show none.
    Object.defineProperty(DomainEvent.prototype, 'metadata', { value: noMetadata })
  }

  /** @internal Aggregates and the mapper create events. */
  constructor(
    name: string,
    payload: P,
    aggregateId: string,
    version: number,
    timestamp: string,
    owner?: object,
    metadata: Metadata = noMetadata,
  ) {
    this.name = name
    this.payload = payload
    this.aggregateId = aggregateId
    this.version = version
    this.timestamp = timestamp
    this.#owner = owner
    if (metadata !== noMetadata) Object.defineProperty(this, 'metadata', { value: metadata, enumerable: true })
    Object.freeze(this)
  }

  /** @internal The same event with this metadata added. @throws InvalidPayloadError for what cannot be recorded together */
  static with(event: DomainEvent, metadata: Metadata): DomainEvent {
    if (Object.keys(metadata).length === 0) return event
    const { name, payload, aggregateId, version, timestamp } = event
    // Each part can be read again, but the whole might be read as something else: it is checked, too.
    const all =
      event.metadata === noMetadata
        ? metadata
        : (copyValue({ ...event.metadata, ...metadata }, true, 'metadata') as Metadata)
    return new DomainEvent(name, payload, aggregateId, version, timestamp, event.#owner, all)
  }

  /** @internal Undefined for copies, too. */
  static ownerOf(event: object): object | undefined {
    return #owner in event ? (event as DomainEvent).#owner : Owned.of(event)
  }
}

/**
 * An event that is not recorded yet, and has no version: `TrickAdded.of({ trick: 'sit' })` makes one. A slice decides
 * on such events, and tests say with them what has happened, and what should happen.
 */
export class NewEvent<P extends object = Payload, N extends string = string> {
  /** In the past tense: `TrickAdded`. */
  declare readonly name: N
  /** Deeply frozen. */
  declare readonly payload: P
  /** Of the aggregate that it is about; undefined if it is the first event of a new one, or about none. */
  declare readonly aggregateId: string | undefined
  readonly #type: object

  /** @internal Use `EventType.of`. */
  constructor(type: object, name: N, payload: P, aggregateId: string | undefined) {
    this.name = name
    this.payload = payload
    if (aggregateId !== undefined) this.aggregateId = idForm(aggregateId)
    this.#type = type
    Object.freeze(this)
  }

  /** @internal The event type that made it. */
  static typeOf(event: NewEvent<object>): object {
    return event.#type
  }
}

/** Returns what it is given, so that a subclass adds private fields to that. */
const Given = class {
  constructor(given: object) {
    // biome-ignore lint/correctness/noConstructorReturn: see above
    return given
  }
}

/** Gives an object that is no DomainEvent the class of its aggregate, unseen; a WeakMap would take thirty times as long. */
class Owned extends Given {
  readonly #owner: object | undefined
  constructor(given: object, owner: object | undefined) {
    super(given)
    this.#owner = owner
  }
  static of(given: object): object | undefined {
    return #owner in given ? given.#owner : undefined
  }
}

/** @internal A logged event that knows the class of its aggregate. */
export const owned = (event: LoggedEvent, owner: object | undefined): LoggedEvent =>
  new Owned(event, owner) as unknown as LoggedEvent

/** An event in the log, with its position. */
export interface LoggedEvent<P extends object = Payload>
  extends Pick<DomainEvent<P>, 'name' | 'payload' | 'aggregateId' | 'version' | 'timestamp'> {
  /** Its position: from 1 up, possibly with gaps. */
  readonly id: number
  /** The stored name: `dogschool:Dog.TrickAdded`. */
  readonly topic: string
  /** Missing if there is none. */
  readonly metadata?: Metadata
}

let clock: () => number = Date.now
let ids: () => string = randomId

/**
 * Replaces the sources of time and new ids, for tests.
 *
 * @param sources `now` returns milliseconds since 1970, `newId` a string that it never returned before
 * @returns a function that restores the former sources
 */
export function setSources({ now: time, newId: id }: { now?: () => number; newId?: () => string }): () => void {
  const before = { now: clock, newId: ids }
  clock = time ?? clock
  ids = id ?? ids
  return () => void setSources(before)
}

let lastMillisecond = Number.NaN
let lastText = ''

/** The current time, in the form of `DomainEvent.timestamp`. Events of one millisecond share the string. */
export function now(): string {
  const millisecond = clock()
  if (millisecond !== lastMillisecond) {
    lastText = isoTimestamp(millisecond)
    lastMillisecond = millisecond
  }
  return lastText
}

/** A new id: a random UUID (version 4) as 32 lower-case hex digits, or what `setSources` supplies. */
export const newId = (): string => idForm(ids())

function randomId(): string {
  // A page served without TLS has no randomUUID.
  if (crypto.randomUUID) return crypto.randomUUID()
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80
  return toHex(bytes)
}

/** The form in which an id is stored: a UUID in lower case without dashes, any other string unchanged. */
export function idForm(id: string): string {
  if (typeof id !== 'string' || id === '') {
    const given = id === '' ? "''" : Object(id).then ? 'a promise: an await is missing' : typeof id
    throw new TypeError(`An id must be a non-empty string, not ${given}`)
  }
  // Nearly every id is in this form already.
  if (id.length !== 36 && (id.length !== 32 || id === id.toLowerCase())) return id
  return /^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/i.test(id) ? id.replaceAll('-', '').toLowerCase() : id
}
