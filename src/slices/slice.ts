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
import { isPlainObject, type Payload } from '../values/value'
import { Boundary } from './boundary'
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
   * @throws TypeError if something is not an application, a boundary, an event or options
   * @throws BoundaryConflictError, VersionConflictError if every attempt ends in one
   * @throws AggregateNotFoundError for an event that is about an aggregate which does not exist
   */
  async run(application: Application, ...given: [...Given<P>, options?: SliceOptions]): Promise<readonly Recorded[]> {
    const [params, options = {}] = given as unknown as [P, SliceOptions?]
    mustBeApplication(application, `run(school, params) of ${this.name}`)
    if (!isPlainObject(Object(options)))
      throw new TypeError(`The options of ${this.name} are an object: run(school, params, { attempts: 9 })`)
    return application.retry(() => this.#attempt(application, params, options), options)
  }

  async #attempt(application: Application, params: P, { metadata, tracking }: SliceOptions) {
    const { states, query, rows, after } = await read(application, this.#parts(params))
    const decided = this.#decided(states as StatesOf<B>, params)
    // That nothing follows from a notification is recorded, too.
    if (decided.length === 0 && !tracking) return []
    const histories: Histories = new Map()
    for (const { aggregateId, topic } of rows) histories.set(aggregateId, topicParts(topic, '').type)
    const events = await placed(decided, application, histories)
    const condition = query.length > 0 ? { failIfEventsMatch: query, after } : {}
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
    const parts = this.#parts(params as P)
    const versions = new Map<string, number>()
    given.forEach((event, i) => {
      const { name, aggregateId = '' } = event
      const [type, payload] = [NewEvent.typeOf(event) as EventType, event.payload as Payload]
      const tags = type.tags?.(payload, { aggregateId }) ?? []
      const version = (versions.get(aggregateId) ?? 0) + 1
      versions.set(aggregateId, version)
      const logged = { id: i + 1, topic: name, name, payload, aggregateId, version, timestamp: now() }
      for (const part of parts)
        if (part.boundary.handles(logged) && part.boundary.tags.every((tag) => tags.includes(tag)))
          part.state = part.boundary.next(part.state, [logged])
    })
    return this.#decided(statesIn(parts) as StatesOf<B>, params as P)
  }

  #parts(params: P): readonly Part[] {
    return partsOf(this.#boundary(params), `The boundary of ${this.name}`)
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

/** A boundary of one decision, and the state that the events so far have led to. */
interface Part {
  readonly name: string
  readonly boundary: Boundary<unknown>
  state: unknown
}

/** @throws TypeError if these are no boundaries: nothing would protect the decision */
function partsOf(boundaries: Boundaries, what: string): readonly Part[] {
  const all = boundaries && isPlainObject(boundaries) ? Object.entries(boundaries) : undefined
  if (!all?.every(([, each]) => each instanceof Boundary))
    throw new TypeError(`${what} is an object of boundaries, not async: { taken: boundary(false, 'name:fido').on(…) }`)
  return all.map(([name, boundary]) => {
    if (boundary.steps.length === 0)
      throw new TypeError(`${what} reads no events for '${name}': add .on(TrickAdded, (state, event) => …)`)
    return { name, boundary, state: boundary.start() }
  })
}
const statesIn = (parts: readonly Part[]) => Object.fromEntries(parts.map(({ name, state }) => [name, state]))

/** What is recorded of these boundaries now, and up to where. */
async function read({ recorder, mapper }: Application, parts: readonly Part[]) {
  const all = parts.map((part) => ({ part, item: itemOf(part.boundary, mapper.topics) }))
  const single = all.filter(({ part }) => part.boundary.isNewest)
  const whole = all.filter((each) => !single.includes(each))
  const as = mapper.form
  // Of several boundaries, the tags of an event tell in which it is.
  const tagged = whole.length > 1
  // What is read in several steps is what there was before the first of them.
  const upTo = single.length > 0 ? await recorder.maxNotificationId() : Number.POSITIVE_INFINITY
  const rows = whole.length > 0 ? await recorder.read(queryOf(whole), { tagged, as, upTo }) : []
  const last = rows.at(-1)?.id ?? 0
  for (const row of rows) {
    const events = mapper.logged(row)
    for (const { part, item } of whole)
      if (!tagged || matches([item], row)) part.state = part.boundary.next(part.state, events)
  }
  for (const { part, item } of single)
    for (let at = upTo; at > 0; ) {
      const [row] = await recorder.read([item], { as, upTo: at, descending: true, limit: 1 })
      const events = row ? mapper.logged(row) : []
      // A topic may have been that of an event which means something else today, or nothing.
      at = row && !events.some((event) => part.boundary.handles(event)) ? row.id - 1 : 0
      if (row) rows.push(row)
      if (at === 0) part.state = part.boundary.next(part.state, events)
    }
  return { states: statesIn(parts), query: queryOf(all), rows, after: single.length > 0 ? upTo : last }
}

const queryOf = (parts: readonly { readonly item: QueryItem }[]): EventQuery => parts.map(({ item }) => item)

/** The query of a boundary. */
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
    if (typeof Object(definition)[part] !== 'function') throw new TypeError(`defineSlice() needs a function '${part}'`)
  return new Slice(definition)
}

/** What the states of these boundaries are now, without a decision: `const { capacity } = await statesOf(school, { … })`. */
export async function statesOf<B extends Boundaries>(application: Application, boundaries: B): Promise<StatesOf<B>> {
  mustBeApplication(application, 'statesOf(school, { … })')
  return (await read(application, partsOf(boundaries, 'What statesOf() reads'))).states as StatesOf<B>
}

function mustBeApplication(given: Application, what: string): void {
  if (typeof given?.retry !== 'function') throw new TypeError(`${what} takes the application first`)
}
