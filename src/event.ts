/**
 * One fact about one aggregate: it happened, so it never changes.
 *
 * An event is frozen to its depths, and holds data only. What it means is decided where it is applied: by
 * the `@event` method of the aggregate that carries its name.
 */
import { isoTimestamp } from './kinds'
import type { Payload } from './value'

/** Who did it, and what it follows from: data about an event that its aggregate does not need. */
export type Metadata = Readonly<Record<string, unknown>>

/** @internal What most events have. */
export const noMetadata: Metadata = Object.freeze({})

export class DomainEvent<P extends object = Payload> {
  // Declared, not initialised: each field is written once, which makes an event twice as quick to create.
  /** In the past tense: `TrickAdded`. */
  declare readonly name: string
  /** The arguments by their names, deeply frozen. */
  declare readonly payload: P
  declare readonly aggregateId: string
  /** The version that the aggregate has once this is applied: 1, 2, 3… */
  declare readonly version: number
  /** ISO 8601 in UTC with up to six digits of fraction, as it is stored: `2026-11-23T04:34:56.922529+00:00`. */
  declare readonly timestamp: string
  /** What its application was told about the command, see `Application.with`; empty if that was nothing. */
  declare readonly metadata: Metadata
  /** The class that it happened to, where that is known. */
  readonly #owner: object | undefined

  static {
    // Most events have no metadata, and show none.
    Object.defineProperty(DomainEvent.prototype, 'metadata', { value: noMetadata })
  }

  /** @internal Events are made by aggregates and by the mapper. */
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

  /** @internal The same event with this metadata added. */
  static with(event: DomainEvent, metadata: Metadata): DomainEvent {
    if (Object.keys(metadata).length === 0) return event
    const { name, payload, aggregateId, version, timestamp } = event
    const all = Object.freeze({ ...event.metadata, ...metadata })
    return new DomainEvent(name, payload, aggregateId, version, timestamp, event.#owner, all)
  }

  /** @internal */
  static ownerOf(event: DomainEvent): object | undefined {
    return event.#owner
  }
}

/** An event and its place in the order of all events. */
export interface LoggedEvent<P extends object = Payload>
  extends Pick<DomainEvent<P>, 'name' | 'payload' | 'aggregateId' | 'version' | 'timestamp'> {
  /** Its position: from 1 upwards, not always without gaps. */
  readonly id: number
  /** The stored name: `dogschool:Dog.TrickAdded`. */
  readonly topic: string
  /** Left out where there is none. */
  readonly metadata?: Metadata
}

let clock: () => number = Date.now
let ids: () => string = randomId

/**
 * Sets where the time and new ids come from, for tests that want to know them beforehand.
 *
 * @param sources `now`: milliseconds since 1970; `newId`: any text that was never given before
 * @returns a function that sets back what was there
 */
export function setSources({ now: time, newId: id }: { now?: () => number; newId?: () => string }): () => void {
  const before = { now: clock, newId: ids }
  clock = time ?? clock
  ids = id ?? ids
  return () => void setSources(before)
}

let lastMillisecond = Number.NaN
let lastText = ''

/** The present moment as text. Events of one millisecond share it. */
export function now(): string {
  const millisecond = clock()
  if (millisecond !== lastMillisecond) {
    lastText = isoTimestamp(millisecond)
    lastMillisecond = millisecond
  }
  return lastText
}

/** A new id: 32 lower-case hex digits, a random UUID (version 4) without its dashes, unless `setSources` said otherwise. */
export const newId = (): string => idForm(ids())

function randomId(): string {
  // A page that is not served securely has no randomUUID.
  if (crypto.randomUUID) return crypto.randomUUID()
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** The form in which an id is kept: a UUID loses its dashes and capitals, any other text stays as it is. */
export function idForm(id: string): string {
  if (typeof id !== 'string' || id === '')
    throw new TypeError(`An id is a text that is not empty, not ${id === '' ? "''" : typeof id}`)
  // Nearly every id has its form already.
  if (id.length !== 36 && (id.length !== 32 || id === id.toLowerCase())) return id
  return /^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/i.test(id) ? id.replaceAll('-', '').toLowerCase() : id
}
