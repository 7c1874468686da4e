/**
 * What `Application.save` was given, told apart: aggregates, events, and how to record them.
 */
import { type Aggregate, lifeOf } from './aggregates/aggregate'
import type { AggregateClass } from './aggregates/definition'
import type { Life } from './aggregates/life'
import { DomainEvent, type Metadata } from './events/event'
import { EventType } from './events/event-type'
import type { AppendOptions } from './port/recorder'
import { copyValue, isPlainObject } from './values/value'

/** What `save` takes besides aggregates. Of several, all metadata counts, the later before the earlier. */
export interface SaveOptions extends AppendOptions {
  /** Recorded with each event, for followers: user, correlation, causation. */
  readonly metadata?: Metadata | undefined
}

/** What is to be recorded. */
interface ToSave {
  readonly lives: ReadonlySet<Life>
  /** With their metadata. */
  readonly events: readonly DomainEvent[]
  readonly options: AppendOptions
}

/**
 * @throws HalfAppliedError if one of the aggregates is in doubt
 * @throws TypeError for what cannot be saved, two options of one name, or a condition that would select nothing
 */
export function toSave(what: readonly (Aggregate | DomainEvent | SaveOptions)[]): ToSave {
  const lives = new Set<Life>()
  const events: DomainEvent[] = []
  let about: Metadata = {}
  const options: Record<string, unknown> = {}
  for (const each of new Set(what)) {
    const life = lifeOf(Object(each))
    life?.mustBeWhole()
    if (life) {
      lives.add(life)
      // Not push(...), which takes no more than some 100,000.
      for (const event of life.pending) events.push(event)
    } else if (each instanceof DomainEvent && DomainEvent.ownerOf(each)) events.push(each)
    else if (isOptions(each)) {
      const { metadata, ...others } = each
      about = { ...about, ...metadata }
      for (const [key, value] of Object.entries(others)) {
        if (value === undefined) continue
        if (key in options) throw new TypeError(`A save has one ${key}: save twice`)
        options[key] = value
      }
    } else throw notToSave(each)
  }
  mustSelect(options.failIfEventsMatch)
  const metadata = copyValue(about, true, 'metadata') as Metadata
  return { lives, events: events.map((event) => DomainEvent.with(event, metadata)), options }
}

/** The name of an event alone selects nothing, so it would protect nothing. The recorder says what else is wrong. */
function mustSelect(query: unknown): void {
  for (const item of [query].flat())
    for (const topic of [Object(item).topics].flat())
      if (typeof topic === 'string' && !topic.includes(':'))
        throw new TypeError(`'${topic}' in failIfEventsMatch is no stored topic, such as 'dogschool:Dog.Registered'`)
}

/** The class of its aggregate, or its type, if no class records it. */
export const ownerOf = (event: DomainEvent) => DomainEvent.ownerOf(event) as AggregateClass | EventType

/** What is recorded of each aggregate, but not by a slice, which leaves the version to the recorder. */
export function byAggregate(events: readonly DomainEvent[]): Map<string, DomainEvent[]> {
  const streams = new Map<string, DomainEvent[]>()
  for (const event of events) {
    if (event.version === 0 || ownerOf(event) instanceof EventType) continue
    const own = streams.get(event.aggregateId)
    if (own) own.push(event)
    else streams.set(event.aggregateId, [event])
  }
  return streams
}

/** @internal Options that are misspelt are none. What the recorder gets, it checks itself. */
export const isOptions = (what: unknown): what is SaveOptions =>
  typeof what === 'object' &&
  what !== null &&
  isPlainObject(what) &&
  Object.entries(what).every(
    ([key, value]) =>
      /^(failIfEventsMatch|after)$/.test(key) ||
      (/^(metadata|tracking)$/.test(key) && (value === undefined || isPlainObject(Object(value)))),
  )

/** @internal */
export function notToSave(what: unknown): TypeError {
  const keys = typeof what === 'object' && what !== null && isPlainObject(what) ? Object.keys(what) : []
  return new TypeError(
    keys.length > 0
      ? `save() takes as options { metadata: { … }, tracking, failIfEventsMatch, after }, not { ${keys.join(', ')} }`
      : `save() takes aggregates, not ${String(what)}: load one with repository.get() first`,
  )
}
