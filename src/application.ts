/**
 * Ties the library together for one domain, whose commands are the methods of a subclass.
 *
 * A command *loads* an aggregate, lets it *decide* (which *applies* the decision) and saves it, which *appends* the new
 * events to the store; from there the log *publishes* them to its followers.
 */
import type { Aggregate } from './aggregates/aggregate'
import type { AggregateClass } from './aggregates/definition'
import { hasLastingName } from './aggregates/source'
import { type Misfit, type VerifyOptions, verify } from './checking/verify'
import { BoundaryConflictError, VersionConflictError } from './errors'
import type { DomainEvent } from './events/event'
import type { PersonalKeys } from './events/personal'
import type { Following, FollowOptions } from './following/follow'
import type { Followed, FollowedTopic } from './following/followable'
import { NotificationLog } from './following/notification-log'
import { Repository } from './loading/repository'
import { dueEvery } from './loading/snapshot'
import { Mapper } from './mapping/mapper'
import type { Cipher, Compressor } from './mapping/packing'
import type { Recorder, StoredEvent, Tracking } from './port/recorder'
import { MemoryRecorder } from './recorders/memory'
import { byAggregate, ownerOf, type SaveOptions, toSave } from './saving'

export interface ApplicationOptions {
  /** The part of stored topics before the colon; by default the name of the class in lower case. */
  readonly name?: string
  /** The classes of its aggregates, for those without an `@event` above them, and those whose names others have too. */
  readonly aggregates?: Iterable<AggregateClass<Aggregate>>
  readonly compressor?: Compressor
  readonly cipher?: Cipher
  /** The keys of people, for events with personal fields: `new SubjectKeys()` of `dog-school/encryption`. */
  readonly keys?: PersonalKeys
  /** How many events the repository remembers; 0 for none, 100,000 by default. */
  readonly cacheSize?: number
  /**
   * After how many versions of an aggregate a snapshot is taken, by class or a class that it extends:
   * `[[Dog, 100], [Cat, 50]]`. The class needs `static readonly snapshotVersion = 1`.
   */
  readonly snapshotEvery?: Iterable<readonly [AggregateClass<Aggregate>, number]>
  /**
   * Called for problems after events were recorded, when a save must no longer reject: a snapshot that could not be
   * taken. Called once for each message; by default, the message is a warning on the console.
   */
  readonly onProblem?: (problem: Error) => void
}

export interface RetryOptions {
  /** The maximum number of attempts; 5 by default. */
  readonly attempts?: number
  /** The longest wait before the second attempt in milliseconds, doubled before each further one up to a second; 5 by default. */
  readonly delay?: number
}

/** Extend it with the commands of your domain as methods: load, decide, save. They need no other state. */
export class Application {
  readonly name: string
  readonly recorder: Recorder
  readonly mapper: Mapper
  readonly repository: Repository
  readonly notificationLog: NotificationLog

  /**
   * @param recorder where events are stored; by default in memory, until the process ends
   * @throws TypeError if it has no name, or one that another build may change
   */
  constructor(recorder: Recorder = new MemoryRecorder(), options: ApplicationOptions = {}) {
    this.name = options.name ?? nameOf(this.constructor as never)
    this.recorder = recorder
    this.mapper = new Mapper({ module: this.name, ...options })
    const report = once(options.onProblem ?? ((problem) => console.warn(`${problem.name}: ${problem.message}`)))
    const isDue = dueEvery(options.snapshotEvery ?? [], report)
    this.repository = new Repository(recorder, this.mapper, options.cacheSize ?? 100_000, report, isDue)
    this.notificationLog = new NotificationLog(recorder, this.mapper)
  }

  /**
   * Records the pending events of all of these aggregates, or of none, and resolves with their positions. It also takes
   * collected events. If it rejects, nothing was recorded, and the events remain pending.
   *
   * @param what options too: `save(dog, { metadata: { user: 'ann' } })`
   * @throws VersionConflictError if another writer recorded one of the versions first
   * @throws BoundaryConflictError if an event matches `failIfEventsMatch` at a position above `after`
   * @throws HalfAppliedError if a failed event method of one of them could not be undone
   */
  async save(...what: (Aggregate | DomainEvent | SaveOptions)[]): Promise<number[]> {
    const { lives, events, options } = toSave(what)
    const { generation } = this.mapper
    const stored: StoredEvent[] = events.map((event) => this.mapper.toStored(event, ownerOf(event)))
    const streams = byAggregate(events)
    const positions = await this.recorder.append(stored, options)
    // The events are recorded: from here on nothing may reject.
    for (const life of lives) life.saved = Math.max(life.saved, streams.get(life.id)?.at(-1)?.version ?? 0)
    for (const [id, own] of streams) {
      const snapshot = this.repository.saved(id, ownerOf(own[0] as DomainEvent) as AggregateClass, own, generation)
      if (snapshot) await snapshot
    }
    return positions
  }

  /**
   * Like `save`, but also records how far this application has read another one's log: the events that follow from a
   * notification are recorded once, however often it is processed. It calls `save` with the option `tracking`.
   *
   * @throws TrackingConflictError if that notification was processed before
   */
  saveTracked(tracking: Tracking, ...what: (Aggregate | DomainEvent | SaveOptions)[]): Promise<number[]> {
    return this.save(...what, { tracking: Object(tracking) })
  }

  /**
   * Runs a command, and runs it again after a conflict with another writer. The command must load its aggregates itself,
   * to decide on their current state. The waits in between are random and grow.
   *
   * @throws VersionConflictError, BoundaryConflictError if every attempt ends in one; any other error, at once
   */
  async retry<T>(command: () => Promise<T>, options: number | RetryOptions = {}): Promise<T> {
    const { attempts = 5, delay = 5 } = typeof options === 'number' ? { attempts: options } : options
    if (!(attempts >= 1) || !(delay >= 0))
      throw new TypeError(`retry() needs at least 1 attempt and a delay of 0 or more, not ${attempts} and ${delay}`)
    for (let attempt = 1; ; attempt++) {
      try {
        return await command()
      } catch (error) {
        const isLost = error instanceof VersionConflictError || error instanceof BoundaryConflictError
        if (!isLost || attempt >= attempts) throw error
      }
      const pause = Math.random() * Math.min(delay * 2 ** (attempt - 1), Math.max(delay, 1000))
      await new Promise((resolve) => setTimeout(resolve, pause))
    }
  }

  /**
   * Stores a snapshot of an aggregate at its newest version, or at `version`, so that loading starts there.
   *
   * @throws TypeError if its class has no snapshots; InvalidPayloadError if its state is not plain values
   */
  async takeSnapshot(
    type: AggregateClass<Aggregate>,
    id: string,
    { version }: { version?: number } = {},
  ): Promise<void> {
    await this.repository.takeSnapshot(type, id, version)
  }

  /**
   * The events of this application from position `after` on, for `for await`: first those that are recorded, then each
   * as soon as it is. None is missed or comes twice, while others write, too. The loop ends with `break`, when `signal`
   * is aborted, and when the store is closed.
   *
   * Remember the `position` of what this returns, rather than the event's: see `Following`.
   *
   * @throws (in the loop) LogChangedError if the log is not the one of `logId`, or ends before `after`
   * @throws (in the loop) CorruptEventError, UnknownTopicError if an event cannot be read; those before it come first
   */
  follow<T extends FollowedTopic = never>(options?: FollowOptions<T>): Following<Followed<T>> {
    return this.notificationLog.follow(options)
  }

  /** Reads the whole log with the present code, and returns what does not fit: see verify.ts. */
  verify(options: VerifyOptions = {}): Promise<readonly Misfit[]> {
    return verify(this, options)
  }

  /** Closes the store, after running saves are done. */
  async close(): Promise<void> {
    await this.recorder.close()
  }
}

/** The name of an application without `options.name`. A bundler may rename even `Application` itself. */
function nameOf(type: { readonly name: string }): string {
  if (type === Application) return 'application'
  // Unlike that of a decorated class, this name is in no string, so a short or numbered one may be the build's.
  if (hasLastingName(type) && type.name.length > 2 && !/\d$/.test(type.name)) return type.name.toLowerCase()
  throw new TypeError(
    `Events are stored under the application's name, ${type.name ? `and another build may rename '${type.name}'` : 'but its class has none'}: write super(recorder, { name: 'kennel' })`,
  )
}

function once(report: (problem: Error) => void): (problem: Error) => void {
  const reported = new Set<string>()
  return (problem) => {
    if (reported.has(problem.message)) return
    reported.add(problem.message)
    try {
      report(problem)
    } catch {
      // The events are recorded, so an error of the callback must not reject the save.
    }
  }
}
