/**
 * Ties the library together for one domain: its commands are the methods of a subclass.
 *
 * A command *loads* an aggregate, lets it *decide* (which *applies* what was decided) and saves it, which
 * *appends* the new events to the store; from there the log *publishes* them to whoever follows.
 */
import { Aggregate, internals } from './aggregate'
import type { AggregateClass } from './definition'
import { VersionConflictError } from './errors'
import type { DomainEvent } from './event'
import { type Cipher, type Compressor, Mapper } from './mapper'
import { NotificationLog } from './notification-log'
import type { Recorder, StoredEvent, Tracking } from './recorder'
import { MemoryRecorder } from './recorders/memory'
import { Repository } from './repository'
import { toSnapshot } from './snapshot'

export interface ApplicationOptions {
  /** What stands before the colon of stored topics. Left out, the name of the class in lower case. */
  readonly name?: string
  readonly compressor?: Compressor
  readonly cipher?: Cipher
  /** How many aggregates the repository keeps copies of; 0 for none. 1,000 when left out. */
  readonly cacheSize?: number
  /** After how many versions of an aggregate of a class a snapshot is taken: `new Map([[Dog, 100]])`. */
  readonly snapshotEvery?: ReadonlyMap<AggregateClass, number>
}

/** Extend it, and make the commands of your domain its methods: load, decide, save. Nothing else needs to be kept. */
export class Application {
  readonly name: string
  readonly recorder: Recorder
  readonly mapper: Mapper
  readonly repository: Repository
  readonly notificationLog: NotificationLog
  readonly #snapshotEvery: ReadonlyMap<AggregateClass, number>

  /** @param recorder where the events are kept; left out, in memory, until the process ends */
  constructor(recorder: Recorder = new MemoryRecorder(), options: ApplicationOptions = {}) {
    this.name = options.name ?? this.constructor.name.toLowerCase()
    this.recorder = recorder
    this.mapper = new Mapper({ module: this.name, ...options })
    this.repository = new Repository(recorder, this.mapper, options.cacheSize ?? 1000)
    this.notificationLog = new NotificationLog(recorder, this.mapper)
    this.#snapshotEvery = options.snapshotEvery ?? new Map()
  }

  /**
   * Records the pending events of all of these aggregates, or of none, and gives the positions of the events.
   * When it fails, the events stay pending.
   *
   * @throws VersionConflictError if somebody else has recorded one of the versions first
   * @throws HalfAppliedError if an event method of one of them has failed and could not be taken back
   */
  save(...aggregates: Aggregate[]): Promise<number[]> {
    return this.#save(aggregates)
  }

  /**
   * The same, together with how far this application has come in the log of another one: events that follow
   * from a notification are recorded once, however often it is processed.
   *
   * @throws TrackingConflictError if that notification was processed before
   */
  saveTracked(tracking: Tracking, ...aggregates: Aggregate[]): Promise<number[]> {
    return this.#save(aggregates, tracking)
  }

  /**
   * Runs a command, and runs it again when it lost a race: it loads anew each time, so it decides on what is
   * there now.
   *
   * @param attempts how often at the most
   * @throws VersionConflictError if it loses every time; whatever else the command throws, at once
   */
  async retry<T>(command: () => Promise<T>, attempts = 5): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await command()
      } catch (error) {
        if (!(error instanceof VersionConflictError) || attempt >= attempts) throw error
      }
    }
  }

  /**
   * Keeps the state of an aggregate at its newest version, or at `version`, so that loading it starts there.
   *
   * @throws TypeError if the class keeps state that cannot be copied (`#private` fields, functions)
   */
  async takeSnapshot(
    type: AggregateClass<Aggregate>,
    id: string,
    { version }: { version?: number } = {},
  ): Promise<void> {
    await this.#keep(await this.repository.get(type, id, { version }))
  }

  /** Lets go of the store. Waits for what is being saved. */
  async close(): Promise<void> {
    await this.recorder.close()
  }

  async #save(aggregates: readonly Aggregate[], tracking?: Tracking): Promise<number[]> {
    const batches: { aggregate: Aggregate; events: readonly DomainEvent[] }[] = []
    const stored: StoredEvent[] = []
    for (const aggregate of new Set(aggregates)) {
      if (!(aggregate instanceof Aggregate))
        throw new TypeError(`save() takes aggregates, not ${String(aggregate)}: load one with repository.get() first`)
      internals.mustBeWhole(aggregate)
      const events = aggregate.pendingEvents
      batches.push({ aggregate, events })
      for (const event of events) stored.push(this.mapper.toStored(event, aggregate.constructor as AggregateClass))
    }
    const positions = await this.recorder.append(stored, tracking)
    for (const { aggregate, events } of batches) this.repository.saved(aggregate, events)
    if (this.#snapshotEvery.size > 0)
      for (const { aggregate, events } of batches) await this.#snapshotIfDue(aggregate, events)
    return positions
  }

  async #snapshotIfDue(aggregate: Aggregate, events: readonly DomainEvent[]): Promise<void> {
    const every = this.#snapshotEvery.get(aggregate.constructor as AggregateClass)
    const [first, last] = [events[0]?.version, events.at(-1)?.version]
    if (!every || !first || !last || Math.floor(last / every) === Math.floor((first - 1) / every)) return
    if (aggregate.version === last) await this.#keep(aggregate)
  }

  async #keep(aggregate: Aggregate): Promise<void> {
    const snapshot = toSnapshot(aggregate, this.mapper)
    if (!snapshot)
      throw new TypeError(
        `${aggregate.constructor.name} keeps state that cannot be copied (#private fields, functions, classes without a transcoding): it cannot have snapshots`,
      )
    await this.recorder.saveSnapshot(snapshot)
  }
}
