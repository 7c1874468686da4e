/**
 * One fact about one aggregate: it happened, so it never changes.
 *
 * An event is frozen to its depths, and holds data only. What it means is decided where it is applied: by
 * the `@event` method of the aggregate that carries its name.
 */
import { isoTimestamp, type Payload } from './payload'

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

  /** @internal Events are made by aggregates and by the mapper. */
  constructor(name: string, payload: P, aggregateId: string, version: number, timestamp: string) {
    this.name = name
    this.payload = payload
    this.aggregateId = aggregateId
    this.version = version
    this.timestamp = timestamp
    Object.freeze(this)
  }
}

let lastMillisecond = 0
let lastText = ''

/** The present moment as text. Events of one millisecond share it. */
export function now(): string {
  const millisecond = Date.now()
  if (millisecond !== lastMillisecond) {
    lastMillisecond = millisecond
    lastText = isoTimestamp(millisecond)
  }
  return lastText
}

/** A new random id: 32 lower-case hex digits, a UUID of version 4 without its dashes. */
export const newId = (): string => crypto.randomUUID().replaceAll('-', '')

/** The form in which an id is kept: a UUID loses its dashes and capitals, any other text stays as it is. */
export function idForm(id: string): string {
  if (typeof id !== 'string' || id === '')
    throw new TypeError(`An id is a text that is not empty, not ${id === '' ? "''" : typeof id}`)
  // Nearly every id has its form already.
  if (id.length !== 36 && (id.length !== 32 || id === id.toLowerCase())) return id
  return /^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/i.test(id) ? id.replaceAll('-', '').toLowerCase() : id
}
