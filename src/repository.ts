/**
 * Aggregates by their ids, at any moment of their past.
 *
 * To load is to replay. So that a long life does not make a command slow, the repository keeps a copy of the
 * aggregates it saw last and applies only what is new; whoever asks gets a copy of that copy, so a command
 * that fails spoils nothing. Classes with state that cannot be copied are replayed each time.
 */
import { Aggregate, internals } from './aggregate'
import type { AggregateClass } from './definition'
import { AggregateNotFoundError, CorruptEventError, VersionNotFoundError } from './errors'
import { type DomainEvent, idForm } from './event'
import type { Mapper } from './mapper'
import type { Recorder, StoredEvent } from './recorder'
import { fromSnapshot } from './snapshot'

export class Repository {
  readonly #recorder: Recorder
  readonly #mapper: Mapper
  readonly #cacheSize: number
  /** Least recently used first. */
  readonly #cache = new Map<string, Aggregate>()

  constructor(recorder: Recorder, mapper: Mapper, cacheSize: number) {
    this.#recorder = recorder
    this.#mapper = mapper
    this.#cacheSize = cacheSize
  }

  /**
   * The aggregate with all that is recorded of it, or as it was at `version`. It is the caller's own.
   *
   * @throws AggregateNotFoundError if nothing is recorded under this id
   * @throws VersionNotFoundError if it has not got as far as `version`
   * @throws UnknownTopicError, CorruptEventError if what is recorded is not a readable history of this class
   */
  async get<A extends Aggregate>(
    type: AggregateClass<A>,
    id: string,
    { version }: { readonly version?: number | undefined } = {},
  ): Promise<A> {
    const key = idForm(id)
    if (version !== undefined) return this.#past(type, key, version)
    const kept = this.#cache.get(key)
    if (kept && kept.constructor === type) {
      const stored = await this.#recorder.select(key, { after: kept.version, as: this.#mapper.form })
      if (stored.length > 0) this.#forward(kept, this.#read(type, stored))
      const copy = this.#lend(kept)
      if (copy) return copy as A
    }
    const loaded = await this.#load(type, key)
    if (!loaded) throw notFound(type, key)
    return ((this.#cacheSize > 0 && this.#lend(loaded)) || loaded) as A
  }

  /** Is anything recorded under this id? */
  async has(_type: AggregateClass, id: string): Promise<boolean> {
    return (await this.#recorder.select(idForm(id), { limit: 1, as: this.#mapper.form })).length > 0
  }

  /** The recorded events of one aggregate, oldest first; none if nothing is recorded under this id. */
  async history(id: string): Promise<DomainEvent[]> {
    const stored = await this.#recorder.select(idForm(id), { as: this.#mapper.form })
    return stored.map((one) => this.#mapper.toDomain(one))
  }

  /** @internal The first `events.length` pending events of this aggregate have been recorded. */
  saved(aggregate: Aggregate, events: readonly DomainEvent[]): void {
    const last = events.at(-1)
    let kept = this.#cache.get(aggregate.id)
    if (kept?.constructor === aggregate.constructor) {
      try {
        this.#forward(kept, events)
      } catch {
        kept = undefined // They are recorded all the same: whoever loads them will hear of it.
      }
    } else if (this.#cacheSize > 0 && aggregate.version === last?.version) kept = internals.copy(aggregate)
    const newest = kept && kept.version === last?.version ? kept : undefined
    if (newest) this.#keep(newest)
    internals.saved(aggregate, events.length, newest && this.#baseOf(newest))
  }

  async #past<A extends Aggregate>(type: AggregateClass<A>, id: string, version: number): Promise<A> {
    if (!Number.isInteger(version) || version < 1)
      throw new TypeError(`A version is a whole number from 1 upwards, not ${String(version)}`)
    const past = await this.#load(type, id, version)
    if (past?.version === version) return past
    const [newest] = await this.#recorder.select(id, { descending: true, limit: 1, as: this.#mapper.form })
    if (!newest) throw notFound(type, id)
    throw new VersionNotFoundError(
      `${type.name} ${id} has no version ${version} yet: its newest is ${newest.version}, so ask for 1 to ${newest.version}`,
    )
  }

  async #load<A extends Aggregate>(type: AggregateClass<A>, id: string, upTo?: number): Promise<A | undefined> {
    const start = await fromSnapshot(type, id, upTo, this.#recorder, this.#mapper)
    const range = upTo === undefined ? {} : { upTo }
    const stored = await this.#recorder.select(id, { ...range, after: start?.version ?? 0, as: this.#mapper.form })
    let expected = start?.version ?? 0
    for (const one of stored) {
      expected++
      if (one.version !== expected)
        throw new CorruptEventError(
          `Version ${expected} of ${id} is missing (the next row is version ${one.version}): restore the row from a backup, or load a version before it`,
        )
    }
    const events = this.#read(type, stored)
    if (!start)
      return events.length > 0 ? (Aggregate.replay.call(type as AggregateClass<Aggregate>, events) as A) : undefined
    for (const event of events) internals.apply(start, event)
    return start
  }

  #read(type: AggregateClass, stored: readonly StoredEvent[]): DomainEvent[] {
    return stored.map(this.#mapper.reader(type))
  }

  /** Two loads may be under way at once: what one of them has applied already is left out. */
  #forward(kept: Aggregate, events: readonly DomainEvent[]): void {
    try {
      for (const event of events) if (event.version === kept.version + 1) internals.apply(kept, event)
    } catch (error) {
      this.#cache.delete(kept.id)
      throw error
    }
  }

  /** Keeps an aggregate and gives a copy to work on; neither, if its state cannot be copied. */
  #lend(kept: Aggregate): Aggregate | undefined {
    const copy = internals.copy(kept)
    this.#cache.delete(kept.id)
    if (!copy) return undefined
    this.#keep(kept)
    internals.saved(copy, 0, this.#baseOf(kept))
    return copy
  }

  #baseOf(kept: Aggregate): () => Aggregate | undefined {
    const { version } = kept
    return () => (kept.version === version ? internals.copy(kept) : undefined)
  }

  #keep(aggregate: Aggregate): void {
    this.#cache.delete(aggregate.id)
    this.#cache.set(aggregate.id, aggregate)
    if (this.#cache.size > this.#cacheSize) this.#cache.delete(this.#cache.keys().next().value as string)
  }
}

function notFound(type: AggregateClass, id: string): AggregateNotFoundError {
  return new AggregateNotFoundError(
    `No ${type.name} has the id ${id}: nothing is recorded under it. Was it saved, and is this the right database?`,
  )
}
