/**
 * What is made of several notifications before it is recorded, all at once.
 *
 * A disk takes as long for one event as for a hundred, so a follower that has fallen behind records many reactions
 * together. Handlers must not notice: they read aggregates here, as the reactions before left them.
 */
import { type Aggregate, lifeOf } from '../aggregates/aggregate'
import type { AggregateClass } from '../aggregates/definition'
import { DomainEvent, idForm, type Metadata } from '../events/event'
import type { Repository } from '../loading/repository'
import type { Tracking } from '../port/recorder'
import { isOptions, notToSave, type SaveOptions } from '../saving'
import { copyValue } from '../values/value'

/** What a handler may return to be recorded. */
export type Reacted = Aggregate | DomainEvent | Pick<SaveOptions, 'metadata'>
// biome-ignore lint/suspicious/noConfusingVoidType: a handler may return nothing
export type Outcome = Reacted | readonly Reacted[] | undefined | void

/** What a handler is given besides the event. */
export interface Work {
  /** The name of the application that the event comes from. */
  readonly from: string
  /** Loads aggregates of this application, as everything before this event left them. */
  readonly repository: Pick<Portion, 'get' | 'has'>
  /** `causation` and `correlation`, which are in the metadata of all that is returned. */
  readonly metadata: Metadata
  /** For a handler that records by itself, and returns nothing: `slice.run(application, params, work)`. */
  readonly tracking: Tracking
  /** Is aborted when the process application is to stop: for a handler that waits for something else. */
  readonly signal: AbortSignal
}

/** The aggregates of one portion: each is loaded once. */
export class Portion {
  readonly #repository: Repository
  readonly #aggregates = new Map<string, Promise<Aggregate>>()
  /** Those that the running handler has, and has not returned. */
  readonly #lent = new Set<Aggregate>()

  constructor(repository: Repository) {
    this.#repository = repository
  }

  /** The aggregate of this class with this id: the same object each time. @throws as `Repository.get` */
  async get<A extends Aggregate>(type: AggregateClass<A>, id: string): Promise<A> {
    const key = idForm(id)
    const loading = this.#aggregates.get(key) ?? this.#repository.get(type, key)
    this.#aggregates.set(key, loading)
    try {
      const found = await loading
      this.#lent.add(found)
      if (found instanceof (type as unknown as new () => A)) return found
    } catch (error) {
      this.#aggregates.delete(key)
      throw error
    }
    // Another class: this says so.
    return this.#repository.get(type, key)
  }

  /** Is an aggregate of this class recorded under this id, or about to be? */
  async has(type: AggregateClass, id: string): Promise<boolean> {
    const found = await this.#aggregates.get(idForm(id))
    return found ? found instanceof (type as unknown as new () => object) : this.#repository.has(type, id)
  }

  /**
   * The events in what a handler returned, with this metadata.
   *
   * @throws TypeError for what cannot be recorded, and for an aggregate that was changed and not returned
   */
  take(outcome: Outcome, about: Metadata): DomainEvent[] {
    const list: readonly unknown[] = outcome === undefined ? [] : Array.isArray(outcome) ? outcome : [outcome]
    const events: DomainEvent[] = []
    let metadata = about
    for (const each of list) {
      if (lifeOf(Object(each))) {
        const aggregate = each as Aggregate
        this.#aggregates.set(aggregate.id, Promise.resolve(aggregate))
        for (const event of aggregate.collectEvents()) events.push(event)
      } else if (each instanceof DomainEvent && DomainEvent.ownerOf(each)) events.push(each)
      else if (isOptions(each)) {
        if (each.tracking) throw new TypeError('A handler returns no tracking: its event is tracked in any case')
        if (each.failIfEventsMatch) throw new TypeError('A handler returns no query: run a slice instead')
        metadata = copyValue({ ...metadata, ...each.metadata }, true, 'metadata') as Metadata
      } else throw notToSave(each)
    }
    for (const lent of this.#lent)
      if (lent.pendingEvents.length > 0)
        throw new TypeError(`${lent} was changed and not returned, so the change would be lost: return it`)
    this.#lent.clear()
    return events.map((event) => DomainEvent.with(event, metadata))
  }
}
