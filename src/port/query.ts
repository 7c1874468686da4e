/**
 * What a decision reads: events of any aggregates, chosen by their topics and their tags.
 *
 * The events that match a query are the boundary of the decision. An append that is given the query, and the position
 * that was read up to, records nothing if another event has come into the boundary since: so a rule may span
 * aggregates. Idea and terms are those of dynamic consistency boundaries (https://dcb.events).
 */
import { boundaryCrossed, mustBeTag, mustBeText, mustBeWhole } from '../refusals'

/** Selects the events that match at least one of its items; `[]` selects none. */
export type EventQuery = readonly QueryItem[]

/** An event matches if both `topics` and `tags` match; what is left out matches always, so `{}` selects all events. */
export interface QueryItem {
  /** It has one of these topics; `[]` selects none. */
  readonly topics?: readonly string[] | undefined
  /** It has all of these tags, and perhaps others. */
  readonly tags?: readonly string[] | undefined
}

/** What a query looks at. */
export interface Tagged {
  readonly topic: string
  readonly tags?: readonly string[] | undefined
}

/** Does this event match the query? It says of one event what `Recorder.read` says of the whole log. */
export function matches(query: EventQuery, { topic, tags: its = [] }: Tagged): boolean {
  return query.some(
    ({ topics, tags = [] }) => (topics?.includes(topic) ?? true) && tags.every((tag) => its.includes(tag)),
  )
}

/** A copy with each string once. Mostly there are few, and to look for each costs less than a Set. */
const once = (strings: readonly string[]): string[] =>
  strings.length > 8 ? [...new Set(strings)] : strings.filter((each, at) => strings.indexOf(each) === at)

/** The tags of an event in the form in which they are kept: each once, in order; undefined if there are none. */
export const tagSet = (tags: readonly string[] | undefined): readonly string[] | undefined =>
  tags?.length ? once(tags).sort() : undefined

// ---- For recorders: arguments, checked and copied.

/** A part of the log: the positions above `after` and up to `upTo`, and of these the first `limit`, or the last. */
export interface Range {
  readonly after: number
  readonly upTo: number
  readonly limit: number
  readonly descending: boolean
}

export function rangeOf(options: Partial<Range>): Range {
  const { after = 0, upTo = Infinity, limit = Infinity, descending = false } = options
  mustBeWhole({ after, upTo, limit })
  return { after, upTo, limit: Math.max(0, limit), descending }
}

/** What must not have happened for an append to be recorded. */
export interface Boundary {
  readonly query: EventQuery
  readonly after: number
}

/** The boundary in the options of an append; undefined if it has none. */
export function boundaryOf(options: {
  failIfEventsMatch?: EventQuery | undefined
  after?: number | undefined
}): Boundary | undefined {
  const { failIfEventsMatch: query, after } = options
  if (query === undefined && after === undefined) return undefined
  mustBeWhole({ after: after ?? 0 })
  if (query !== undefined) return { query: queryOf(query), after: after ?? 0 }
  throw new TypeError('after says nothing without failIfEventsMatch: pass the query that was read, or leave it out')
}

/** A copy of a query, with each item's topics and tags once. @throws TypeError if it is not a query */
export function queryOf(query: EventQuery): EventQuery {
  const checked = (strings: readonly string[] | undefined, mustBe: (each: string) => void) => {
    if (strings === undefined) return undefined
    if (!Array.isArray(strings)) throw noQuery(query)
    for (const each of strings) mustBe(each)
    return once(strings)
  }
  if (!Array.isArray(query)) throw noQuery(query)
  return query.map((item: QueryItem) => {
    if (Object(item) !== item || Object.keys(item).some((key) => key !== 'topics' && key !== 'tags'))
      throw noQuery(query)
    const topics = checked(item.topics, (topic) => mustBeText('The topic', topic))
    return { topics, tags: checked(item.tags, mustBeTag) }
  })
}

const noQuery = (given: unknown): Error =>
  new TypeError(
    `A query is [{ topics: ['dogschool:Dog.Registered'], tags: ['dog:fido'] }], not ${JSON.stringify(given)?.slice(0, 80)}`,
  )

// ---- For recorders: finding events without looking at all of them.

/** Finds events by topic and tags, at a cost that does not depend on how many others there are. */
export interface PositionIndex {
  /** The topics of the events with this tag. */
  topics(tag: string): readonly string[]
  /** Where events are, in the order of the range: with this topic (any, if undefined) and all of these tags. */
  positions(topic: string | undefined, tags: readonly string[], range: Range): readonly number[]
}

/** Where the events that match a query are, each once, in the order of the range. */
export function positionsOf(index: PositionIndex, query: EventQuery, range: Range): readonly number[] {
  const lists: (readonly number[])[] = []
  for (const { topics, tags = [] } of query)
    for (const topic of topics ?? (tags[0] === undefined ? [undefined] : index.topics(tags[0]))) {
      const list = index.positions(topic, tags, range)
      if (list.length > 0) lists.push(list)
    }
  if (lists.length <= 1) return lists[0] ?? []
  const all = [...new Set(lists.flat())].sort(range.descending ? (a, b) => b - a : (a, b) => a - b)
  return all.slice(0, range.limit)
}

/** @throws BoundaryConflictError if an event has come into the boundary */
export function mustNotMatch(index: PositionIndex, { query, after }: Boundary): void {
  const [found] = positionsOf(index, query, { after, upTo: Infinity, limit: 1, descending: false })
  if (found !== undefined) throw boundaryCrossed(found, after)
}
