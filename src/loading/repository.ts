/**
 * Loads aggregates by id, at any version.
 *
 * Loading is replaying. To keep commands on long histories fast, the repository remembers histories and asks the store
 * only for what is new; a class with snapshots starts its replay from a state.
 */
import { Aggregate, lifeOf } from '../aggregates/aggregate'
import { type AggregateClass, isOneOf, originalOf } from '../aggregates/definition'
import { type KeptState, type Life, versionOf } from '../aggregates/life'
import { keep, mustBeVisible, replay } from '../aggregates/replay'
import { AggregateNotFoundError, CorruptEventError, VersionNotFoundError } from '../errors'
import { type DomainEvent, idForm } from '../events/event'
import type { Mapper } from '../mapping/mapper'
import { topicParts } from '../mapping/topics'
import type { Recorder, StoredEvent } from '../port/recorder'
import { continued, Histories, type Past, pastOf } from './histories'
import { fromSnapshot, hasSnapshots, type IsDue, noSnapshots, toSnapshot } from './snapshot'

/** How many events after a state are replayed at each load before they become a new state. */
const foldAfter = 10

/** A load that is running, and the next one, for callers who came meanwhile. */
interface Loading {
  readonly type: AggregateClass
  readonly now: Promise<Past | undefined>
  next?: Promise<Past | undefined>
}

/** Loads the aggregates of an application: see `get`. */
export class Repository {
  readonly #recorder: Recorder
  readonly #mapper: Mapper
  readonly #report: (problem: Error) => void
  readonly #isDue: IsDue | undefined
  readonly #cacheSize: number
  #histories: Histories
  /** That of the keys, when the histories were begun. */
  #generation: string | undefined
  readonly #loading = new Map<string, Loading>()
  /** Classes with snapshots that have no `#private` fields. */
  readonly #visible = new WeakSet<object>()

  /** @internal */
  constructor(recorder: Recorder, mapper: Mapper, cacheSize: number, report: (problem: Error) => void, isDue?: IsDue) {
    this.#recorder = recorder
    this.#mapper = mapper
    this.#report = report
    this.#isDue = isDue
    this.#cacheSize = cacheSize
    this.#histories = new Histories(cacheSize)
  }

  /**
   * The aggregate at its newest version, or at `version`: a new object for each call. If `type` has subclasses, the
   * aggregate has the class that it was recorded as.
   *
   * @throws AggregateNotFoundError if nothing is recorded under this id
   * @throws VersionNotFoundError if it does not have this version yet
   * @throws UnknownTopicError, CorruptEventError if what is recorded is not a readable history of this class
   * @throws ReplayError if the body of an event method throws
   */
  async get<A extends Aggregate>(
    type: AggregateClass<A>,
    id: string,
    { version }: { readonly version?: number | undefined } = {},
  ): Promise<A> {
    const key = idForm(id)
    if (version !== undefined) return (await this.#past(type, key, version)) as A
    const histories = this.#remembered()
    const past = await this.#current(type, key)
    if (!past) throw notFound(type, key)
    const self = this.#made(past)
    if (hasSnapshots(past.type) && past.length > foldAfter) await this.#fold(histories, key, self)
    return self as A
  }

  /** Is an aggregate of this class recorded under this id? */
  async has(type: AggregateClass, id: string): Promise<boolean> {
    const [first] = await this.#recorder.select(idForm(id), { limit: 1, as: this.#mapper.form })
    return first !== undefined && this.#mapper.topics.within(type, topicParts(first.topic, id).type) !== undefined
  }

  /**
   * The recorded events of one aggregate in their present form, oldest first; none for an unknown id. An event that was
   * split appears as several with one version, one that was retired does not appear.
   */
  async history(id: string): Promise<DomainEvent[]> {
    const stored = await this.#recorder.select(idForm(id), { as: this.#mapper.form })
    return stored.flatMap((one) => this.#mapper.present(one))
  }

  /** @internal These events of one aggregate have been recorded. Never rejects. */
  saved(
    id: string,
    type: AggregateClass,
    events: readonly DomainEvent[],
    generation: string | undefined,
  ): Promise<void> | undefined {
    const [first, last] = [events[0] as DomainEvent, events.at(-1) as DomainEvent]
    try {
      // What was forgotten while it was recorded is read again from the store.
      if (generation === this.#mapper.generation) this.#remembered().add(id, type, events)
    } catch (problem) {
      // The keys of people cannot be asked.
      this.#report(problem as Error)
    }
    if (!this.#isDue?.(type, first.version, last.version)) return undefined
    return this.takeSnapshot(type as AggregateClass<Aggregate>, id, last.version).catch(this.#report)
  }

  /** @internal See `Application.takeSnapshot`. */
  async takeSnapshot(type: AggregateClass<Aggregate>, id: string, version?: number): Promise<void> {
    const { generation } = this.#mapper
    const self = await this.get(type, id, { version })
    const life = lifeOf(self) as Life
    if (!hasSnapshots(life.type)) throw noSnapshots(life.type)
    const state = await this.#kept(self, life)
    if (generation !== this.#mapper.generation) return this.takeSnapshot(type, id, version)
    await this.#recorder.saveSnapshot(toSnapshot(state, life.type, this.#mapper, generation))
  }

  #made(past: Past): Aggregate {
    return replay(past.type, past, Aggregate) as Aggregate
  }

  /** The histories, none of which holds what is forgotten. What is being read is added to those of when it began. */
  #remembered(): Histories {
    const { generation } = this.#mapper
    if (generation !== this.#generation) this.#histories = new Histories(this.#cacheSize)
    this.#generation = generation
    return this.#histories
  }

  async #fold(histories: Histories, id: string, self: Aggregate): Promise<void> {
    try {
      histories.fold(id, await this.#kept(self, lifeOf(self) as Life))
    } catch (problem) {
      this.#report(problem as Error)
    }
  }

  async #kept(self: Aggregate, life: Life): Promise<KeptState> {
    if (!this.#visible.has(life.type)) {
      const first = await this.#recorder.select(life.id, { limit: 1, as: this.#mapper.form })
      mustBeVisible(life.type, this.#read(life.type, life.id, first, 0)[0] as DomainEvent, Aggregate)
      this.#visible.add(life.type)
    }
    return keep(self, life, Aggregate)
  }

  async #past(type: AggregateClass, id: string, version: number): Promise<Aggregate> {
    if (!Number.isInteger(version) || version < 1)
      throw new TypeError(`A version is a whole number from 1 up, not ${String(version)}`)
    const past = await this.#load(type, id, version)
    if (past && versionOf(past) === version) return this.#made(past)
    const [newest] = await this.#recorder.select(id, { descending: true, limit: 1, as: this.#mapper.form })
    if (!newest) throw notFound(type, id)
    throw new VersionNotFoundError(`${type.name} ${id} has no version ${version}: its newest is ${newest.version}`)
  }

  /** Concurrent loads of one aggregate share two: the one that is running, and one after it, which sees everything. */
  #current(type: AggregateClass, id: string): Promise<Past | undefined> {
    const loading = this.#loading.get(id)
    if (loading && loading.type !== type) return this.#load(type, id)
    if (!loading) return this.#begin(type, id)
    loading.next ??= loading.now.catch(() => undefined).then(() => this.#begin(type, id))
    return loading.next
  }

  #begin(type: AggregateClass, id: string): Promise<Past | undefined> {
    const loading: Loading = { type, now: this.#refreshed(type, id) }
    this.#loading.set(id, loading)
    const done = () => {
      if (this.#loading.get(id) === loading) this.#loading.delete(id)
    }
    loading.now.then(done, done)
    return loading.now
  }

  async #refreshed(type: AggregateClass, id: string): Promise<Past | undefined> {
    const histories = this.#remembered()
    const kept = histories.get(id)
    const past = await (kept && isOneOf(type, kept.type) ? this.#forwarded(histories, id, kept) : this.#load(type, id))
    if (past) histories.keep(id, past)
    return past
  }

  async #forwarded(histories: Histories, id: string, kept: Past): Promise<Past> {
    const after = versionOf(kept)
    const stored = await this.#recorder.select(id, { after, as: this.#mapper.form })
    // A save may have added events meanwhile.
    const now = histories.get(id)
    const newest = now && now.type === kept.type && versionOf(now) > after ? now : kept
    return stored.length > 0 ? continued(newest, this.#read(kept.type, id, stored, after)) : newest
  }

  async #load(type: AggregateClass, id: string, upTo?: number): Promise<Past | undefined> {
    const snapshot = hasSnapshots(type) ? await this.#recorder.snapshot(id, upTo, this.#mapper.form) : undefined
    const start = fromSnapshot(snapshot, type, this.#mapper)
    const after = start?.state.version ?? 0
    const range = upTo === undefined ? {} : { upTo }
    const stored = await this.#recorder.select(id, { ...range, after, as: this.#mapper.form })
    const [first] = stored
    if (start) return pastOf(start.type, this.#read(start.type, id, stored, after), start.state)
    if (!first) return undefined
    const { topics } = this.#mapper
    const original = originalOf(topics.within(type, topicParts(first.topic, `Version 1 of ${id}`).type) ?? type)
    const events = this.#read(original, id, stored, after)
    topics.topicOf(original)
    return pastOf(original, events)
  }

  #read(type: AggregateClass, id: string, stored: readonly StoredEvent[], after: number): DomainEvent[] {
    const gap = stored.findIndex(({ version }, i) => version !== after + 1 + i)
    if (gap >= 0)
      throw new CorruptEventError(
        `Version ${after + 1 + gap} of ${id} is missing (the next is ${stored[gap]?.version}): restore it from a backup, or load an earlier version`,
      )
    return stored.map(this.#mapper.reader(type))
  }
}

function notFound(type: AggregateClass, id: string): AggregateNotFoundError {
  return new AggregateNotFoundError(`No ${type.name} has the id ${id}: was it saved, and is this the right database?`)
}
