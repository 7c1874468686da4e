/** An aggregate, events and changes, as text and as a table in HTML. */
import type { Aggregate } from '../aggregates/aggregate'
import type { DomainEvent, LoggedEvent } from '../events/event'
import { type Change, fieldsOf } from './changes'
import { code, shown, table } from './table'

/** What a cell shows, by MIME type: a notebook takes the richest that it can draw. */
export interface Display {
  readonly 'text/plain': string
  readonly 'text/html': string
}

type Event = DomainEvent | LoggedEvent

/** Of a longer log, this many events are drawn: the first half of them, and the last. */
const most = 200

export function drawnAggregate(aggregate: Aggregate): Display {
  const rows = Object.entries(fieldsOf(aggregate)).map(([field, value]) => [field, code(value)])
  const caption = `${aggregate.constructor.name} ${aggregate.id}, version ${aggregate.version}`
  return { 'text/plain': shown(aggregate), 'text/html': table(['field', 'value'], rows, caption) }
}

export function drawnChanges(changes: readonly Change[]): Display {
  if (changes.length === 0)
    return { 'text/plain': 'No field is different.', 'text/html': '<p>No field is different.</p>' }
  const rows = changes.map(({ field, before, after }) => [field, code(before), code(after)])
  return {
    'text/plain': changes.map(({ field, before, after }) => `${field}: ${shown(before)} → ${shown(after)}`).join('\n'),
    'text/html': table(['field', 'before', 'after'], rows),
  }
}

/** @param value what they are shown as in plain text: one event, or the list of them */
export function drawnEvents(events: readonly Event[], value: unknown): Display {
  const isInLog = events.every((event) => 'id' in event)
  const hasMetadata = events.some(({ metadata }) => metadata !== undefined && Object.keys(metadata).length > 0)
  const columns = [...(isInLog ? ['position'] : []), 'event', 'aggregate', 'version', 'payload', 'time']
  const left = Math.max(0, events.length - most)
  const drawn = left === 0 ? events : [...events.slice(0, most / 2), undefined, ...events.slice(-most / 2)]
  const rows = drawn.map((event) => {
    if (!event) return [`… ${left} more`]
    const { name, aggregateId, version, payload, timestamp, metadata } = event
    const position = isInLog ? [String((event as LoggedEvent).id)] : []
    const also = hasMetadata ? [code(metadata ?? {})] : []
    return [...position, name, aggregateId, String(version), code(payload), timestamp, ...also]
  })
  return {
    'text/plain': shown(value),
    'text/html': table(hasMetadata ? [...columns, 'metadata'] : columns, rows),
  }
}

/** Whether these are events, and at least one. */
export const isLog = (values: readonly unknown[]): boolean => values.length > 0 && values.every(isEvent)

function isEvent(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const { name, aggregateId, version, payload, timestamp } = value as Partial<Event>
  return (
    [name, aggregateId, timestamp].every((text) => typeof text === 'string') &&
    typeof version === 'number' &&
    typeof payload === 'object'
  )
}
