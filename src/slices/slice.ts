/**
 * A decision that spans aggregates: parameters, the boundary that it reads, and the events that follow.
 *
 * An aggregate protects what is in its own history. A slice says for itself which events its rule depends on; what it
 * decides is recorded only if none has been added to those meanwhile, otherwise it decides again. Both write the same
 * events. The idea is that of dynamic consistency boundaries (https://dcb.events).
 */
import type { Application, RetryOptions } from '../application'
import { type LoggedEvent, NewEvent, now } from '../events/event'
import type { EventType } from '../events/event-type'
import { isThenable, tooLate } from '../events/schema'
import { type Topics, topicParts } from '../mapping/topics'
import { type EventQuery, matches, type QueryItem } from '../port/query'
import type { SaveOptions } from '../saving'
import type { Payload } from '../values/value'
import type { Boundary } from './boundary'
import { type Histories, placed, topicsOf } from './recorded-as'

// biome-ignore lint/suspicious/noExplicitAny: each has its own type of state
export type Boundaries = Readonly<Record<string, Boundary<any>>>

/** The states of these boundaries, by their names. */
export type StatesOf<B extends Boundaries> = { readonly [K in keyof B]: B[K]['~state'] }

/** What a decision may return: new events, one of them, or nothing. */
export type Decision = readonly NewEvent<object>[] | NewEvent<object> | undefined

export interface SliceDefinition<P, B extends Boundaries> {
  /** For messages. */
  readonly name?: string
  /** What the decision depends on, for these parameters. */
  readonly boundary: (params: P) => B
  /**
   * Returns what follows, or throws. It may be asked several times. It must depend on nothing but its arguments: what it
   * reads elsewhere may have changed when the events are recorded, and nobody would notice.
   */
  readonly decide: (states: StatesOf<B>, params: P) => Decision
}

/** What was recorded, with its position as `id`. */
export type Recorded = Pick<LoggedEvent, 'id' | 'name' | 'payload' | 'aggregateId' | 'timestamp'>

export type SliceOptions = Pick<SaveOptions, 'metadata' | 'tracking'> & RetryOptions

/** The parameters, if there are any. */
type Given<P> = unknown extends P ? [params?: P] : [params: P]

/** See `defineSlice`. */
export class Slice<P, B extends Boundaries> {
  readonly name: string
  readonly #boundary: (params: P) => B
  readonly #decide: (states: StatesOf<B>, params: P) => Decision

  /** @internal Use `defineSlice`. */
  constructor({ name = 'a slice', boundary, decide }: SliceDefinition<P, B>) {
    this.name = name
    this.#boundary = boundary
    this.#decide = decide
  }

  /**
   * Decides on what is recorded now, and records what follows, together and through `save`. If an event has come into
   * the boundary meanwhile, it decides again, 5 times unless you say otherwise (see `Application.retry`). Resolves with
   * what was recorded.
   *
   * @throws what the decision throws
   * @throws BoundaryConflictError, VersionConflictError if every attempt ends in one
   * @throws AggregateNotFoundError for an event that is about an aggregate which does not exist
   */
  run(application: Application, ...given: [...Given<P>, options?: SliceOptions]): Promise<readonly Recorded[]> {
    const [params, options = {}] = given as unknown as [P, SliceOptions?]
    return application.retry(() => this.#attempt(application, params, options), options)
  }

  async #attempt(application: Application, params: P, { metadata, tracking }: SliceOptions) {
    const { states, query, rows } = await read(application, this.#boundary(params))
    const decided = this.#decided(states as StatesOf<B>, params)
    // That nothing follows from a notification is recorded, too.
    if (decided.length === 0 && !tracking) return []
    const histories: Histories = new Map()
    for (const { aggregateId, topic } of rows) histories.set(aggregateId, topicParts(topic, '').type)
    const events = await placed(decided, application, histories)
    const condition = query.length > 0 ? { failIfEventsMatch: query, after: rows.at(-1)?.id ?? 0 } : {}
    const positions = await application.save(...events, { metadata, tracking, ...condition })
    return events.map(({ name, payload, aggregateId, timestamp }, i) => {
      return { id: positions[i] as number, name, payload, aggregateId, timestamp }
    })
  }

  /**
   * What follows for these parameters after these events, without a store: for tests. Each new event counts as recorded
   * with the tags that its type gives it.
   *
   * @throws what the decision throws
   */
  decide(given: readonly NewEvent<object>[], ...[params]: Given<P>): readonly NewEvent<object>[] {
    const reading = new Reading(this.#boundary(params as P))
    const versions = new Map<string, number>()
    given.forEach((event, i) => {
      const { name, aggregateId = '' } = event
      const [type, payload] = [NewEvent.typeOf(event) as EventType, event.payload as Payload]
      const tags = type.tags?.(payload, { aggregateId }) ?? []
      const version = (versions.get(aggregateId) ?? 0) + 1
      versions.set(aggregateId, version)
      const logged = { id: i + 1, topic: name, name, payload, aggregateId, version, timestamp: now() }
      reading.add([logged], (boundary) => boundary.tags.every((tag) => tags.includes(tag)))
    })
    return this.#decided(reading.states as StatesOf<B>, params as P)
  }

  #decided(states: StatesOf<B>, params: P): readonly NewEvent<object>[] {
    const decided: unknown = this.#decide(states, params)
    if (isThenable(decided))
      throw tooLate(
        decided,
        `${this.name} decides asynchronously, so it would read outside of its boundary: await before, and pass what you got as a parameter`,
      )
    const events = decided === undefined ? [] : [decided].flat()
    for (const event of events)
      if (!(event instanceof NewEvent))
        throw new TypeError(`${this.name} decides on new events, TrickAdded.of({ … }), not on ${String(event)}`)
    return events as NewEvent<object>[]
  }
}

/** The boundaries of one decision, and the states that the events so far have led to. */
class Reading {
  readonly parts: { readonly name: string; readonly boundary: Boundary<unknown>; state: unknown }[]

  constructor(boundaries: Boundaries) {
    this.parts = Object.entries(boundaries).map(([name, boundary]) => ({ name, boundary, state: boundary.start() }))
  }

  add(events: readonly LoggedEvent[], isIn: (boundary: Boundary<unknown>, i: number) => boolean): void {
    this.parts.forEach((part, i) => {
      if (isIn(part.boundary, i)) for (const event of events) part.state = part.boundary.next(part.state, event)
    })
  }

  get states(): Readonly<Record<string, unknown>> {
    return Object.fromEntries(this.parts.map(({ name, state }) => [name, state]))
  }
}

/** What is recorded of these boundaries now. */
async function read({ recorder, mapper }: Application, boundaries: Boundaries) {
  const reading = new Reading(boundaries)
  const items = reading.parts.map(({ boundary }) => itemOf(boundary, mapper.topics))
  const query: EventQuery = items.filter(({ topics }) => topics.length > 0)
  const rows = query.length > 0 ? await recorder.read(query, { tagged: true, as: mapper.form }) : []
  for (const row of rows) reading.add(mapper.logged(row), (_, i) => matches([items[i] as QueryItem], row))
  return { states: reading.states, query, rows }
}

/** The query of a boundary; without a handler, it has no topics, and selects nothing. */
function itemOf({ steps, tags }: Boundary<unknown>, topics: Topics) {
  const all = [...new Set(steps.flatMap(([type]) => topicsOf(type, topics)))]
  // The Python library writes no tags.
  return { topics: tags.length > 0 ? all.filter((topic) => !topic.startsWith('__main__:')) : all, tags }
}

/**
 * A decision that spans aggregates: what it depends on, and what follows.
 *
 * @throws TypeError if one of the two is missing
 */
export function defineSlice<P, B extends Boundaries>(definition: SliceDefinition<P, B>): Slice<P, B> {
  for (const part of ['boundary', 'decide'] as const)
    if (typeof definition[part] !== 'function') throw new TypeError(`defineSlice() needs a function '${part}'`)
  return new Slice(definition)
}

/** What the states of these boundaries are now, without a decision: `const { capacity } = await statesOf(school, { … })`. */
export async function statesOf<B extends Boundaries>(application: Application, boundaries: B): Promise<StatesOf<B>> {
  return (await read(application, boundaries)).states as StatesOf<B>
}
