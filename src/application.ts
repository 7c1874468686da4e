/**
 * Ties the library together for one domain: its commands are the methods of a subclass.
 *
 * A command *loads* an aggregate, lets it *decide* (which *applies* what was decided) and saves it, which
 * *appends* the new events to the store; from there the log *publishes* them to whoever follows.
 */
import { type Aggregate, lifeOf } from './aggregate'
import { type AggregateClass, originalOf } from './definition'
import { VersionConflictError } from './errors'
import { DomainEvent, type Metadata } from './event'
import type { Life } from './life'
import { type Cipher, type Compressor, Mapper } from './mapper'
import { NotificationLog } from './notification-log'
import type { Recorder, StoredEvent, Tracking } from './recorder'
import { MemoryRecorder } from './recorders/memory'
import { Repository } from './repository'
import { toSnapshot } from './snapshot'
import { hasLastingName } from './source'
import { copyValue } from './value'
import { type Misfit, type VerifyOptions, verify } from './verify'

export interface ApplicationOptions {
  /** What stands before the colon of stored topics. Left out, the name of the class in lower case. */
  readonly name?: string
  readonly compressor?: Compressor
  readonly cipher?: Cipher
  /** How many events the repository remembers; 0 for none. 100,000 when left out. */
  readonly cacheSize?: number
  /**
   * After how many versions of an aggregate of a class a snapshot is taken: `new Map([[Dog, 100], [Cat, 50]])`, or the
   * pairs alone. The class says `static readonly snapshotVersion = 1`.
   */
  readonly snapshotEvery?: Iterable<readonly [AggregateClass<Aggregate>, number]>
  /**
   * Hears of what went wrong after events were recorded, where nothing may be thrown any more: a snapshot that could
   * not be taken. Once for each message. Left out, it is a warning on the console.
   */
  readonly onProblem?: (problem: Error) => void
}

export interface RetryOptions {
  /** How often at the most; 5 when left out. */
  readonly attempts?: number
  /** Milliseconds to wait at most before the second attempt, twice as many before the next; 5 when left out. */
  readonly delay?: number
}

/** Extend it, and make the commands of your domain its methods: load, decide, save. Nothing else needs to be kept. */
export class Application {
  readonly name: string
  readonly recorder: Recorder
  readonly mapper: Mapper
  readonly repository: Repository
  readonly notificationLog: NotificationLog
  /** What is recorded with each event: see `with`. */
  declare readonly metadata: Metadata
  /** @internal */
  declare readonly snapshotEvery: ReadonlyMap<object, number>
  /** @internal */
  declare readonly report: (problem: Error) => void

  /**
   * @param recorder where the events are kept; left out, in memory, until the process ends
   * @throws TypeError if it has no name that another build would give as well
   */
  constructor(recorder: Recorder = new MemoryRecorder(), options: ApplicationOptions = {}) {
    this.name = options.name ?? nameOf(this.constructor as never)
    this.recorder = recorder
    this.mapper = new Mapper({ module: this.name, ...options })
    const report = once(options.onProblem ?? ((problem) => console.warn(`${problem.name}: ${problem.message}`)))
    this.repository = new Repository(recorder, this.mapper, options.cacheSize ?? 100_000, report)
    this.notificationLog = new NotificationLog(recorder, this.mapper)
    const every = [...(options.snapshotEvery ?? [])].map(([type, count]) => [originalOf(type), count] as const)
    // Who looks at an application sees its parts, not these.
    for (const [name, value] of Object.entries({ metadata: {}, snapshotEvery: new Map(every), report }))
      Object.defineProperty(this, name, { value })
    const off = every.find(([type]) => type.snapshotVersion === undefined)
    if (off)
      report(
        new TypeError(
          `snapshotEvery names ${off[0].name}, which has no snapshots: write static snapshotVersion = 1 in the class, if its state is plain values`,
        ),
      )
  }

  /**
   * Records the pending events of all of these aggregates, or of none, and returns the positions of the events. Events
   * that were collected are recorded as well. What it rejects was not recorded, and stays pending.
   *
   * @throws VersionConflictError if somebody else has recorded one of the versions first
   * @throws HalfAppliedError if an event method of one of them has failed and could not be taken back
   */
  save(...what: (Aggregate | DomainEvent)[]): Promise<number[]> {
    return this.record(what)
  }

  /**
   * The same, together with how far this application has come in the log of another one: events that follow
   * from a notification are recorded once, however often it is processed.
   *
   * @throws TrackingConflictError if that notification was processed before
   */
  saveTracked(tracking: Tracking, ...what: (Aggregate | DomainEvent)[]): Promise<number[]> {
    return this.record(what, tracking)
  }

  /**
   * This application for one command, whose events are recorded with this metadata (who, correlation, causation):
   * `await school.with({ user: 'ann' }).addTrick(id, 'sit')`.
   *
   * @throws InvalidPayloadError if it cannot be recorded
   */
  with(metadata: Metadata): this {
    const all = copyValue({ ...this.metadata, ...metadata }, true, 'metadata')
    return Object.create(this, { metadata: { value: all, enumerable: true } })
  }

  /**
   * Runs a command, and runs it again when it lost a race: it loads anew each time, so it decides on what is
   * there now. Waits a little in between, each time longer and never the same.
   *
   * @throws VersionConflictError if it loses every time; whatever else the command throws, at once
   */
  async retry<T>(command: () => Promise<T>, options: number | RetryOptions = {}): Promise<T> {
    const { attempts = 5, delay = 5 } = typeof options === 'number' ? { attempts: options } : options
    if (!(attempts >= 1) || !(delay >= 0))
      throw new TypeError(`retry() takes at least 1 attempt and a delay from 0 upwards, not ${attempts} and ${delay}`)
    for (let attempt = 1; ; attempt++) {
      try {
        return await command()
      } catch (error) {
        if (!(error instanceof VersionConflictError) || attempt >= attempts) throw error
      }
      const pause = Math.random() * Math.min(delay * 2 ** (attempt - 1), 1000)
      await new Promise((resolve) => setTimeout(resolve, pause))
    }
  }

  /**
   * Keeps the state of an aggregate at its newest version, or at `version`, so that loading it starts there.
   *
   * @throws TypeError if its class has no snapshots; InvalidPayloadError if its state is not made of plain values
   */
  async takeSnapshot(
    type: AggregateClass<Aggregate>,
    id: string,
    { version }: { version?: number } = {},
  ): Promise<void> {
    const { type: own, state } = await this.repository.state(type, id, version)
    await this.recorder.saveSnapshot(toSnapshot(state, own, this.mapper))
  }

  /** Reads the whole log with the code of today, and returns what does not fit it; see verify.ts. */
  verify(options: VerifyOptions = {}): Promise<readonly Misfit[]> {
    return verify(this, options)
  }

  /** Lets go of the store. Waits for what is being saved. */
  async close(): Promise<void> {
    await this.recorder.close()
  }

  // Not #private: `with` makes applications that inherit from this one.
  private async record(what: readonly (Aggregate | DomainEvent)[], tracking?: Tracking): Promise<number[]> {
    const lives = new Set<Life>()
    const events: DomainEvent[] = []
    for (const each of new Set(what)) {
      const life = lifeOf(Object(each))
      life?.mustBeWhole()
      if (life) lives.add(life)
      else if (!(each instanceof DomainEvent) || !DomainEvent.ownerOf(each)) throw notToSave(each)
      events.push(...(life ? life.pending : [each as DomainEvent]))
    }
    const stamped = events.map((event) => DomainEvent.with(event, this.metadata))
    const stored: StoredEvent[] = stamped.map((event) => this.mapper.toStored(event, ownerOf(event)))
    const newest = new Map<string, number>(events.map(({ aggregateId, version }) => [aggregateId, version]))
    const positions = await this.recorder.append(stored, tracking)
    // It is recorded: from here on nothing may reject.
    for (const life of lives) life.saved = Math.max(life.saved, newest.get(life.id) ?? 0)
    for (const [id, own] of byAggregate(stamped)) {
      this.repository.saved(id, ownerOf(own[0] as DomainEvent), own)
      if (this.snapshotEvery.size > 0) await this.snapshotIfDue(id, own)
    }
    return positions
  }

  private async snapshotIfDue(id: string, events: readonly DomainEvent[]): Promise<void> {
    const [first, last] = [events[0] as DomainEvent, events.at(-1) as DomainEvent]
    const type = ownerOf(first)
    const every = this.snapshotEvery.get(type)
    if (
      !every ||
      type.snapshotVersion === undefined ||
      Math.floor(last.version / every) === Math.floor((first.version - 1) / every)
    )
      return
    try {
      await this.takeSnapshot(type as AggregateClass<Aggregate>, id, { version: last.version })
    } catch (problem) {
      this.report(problem as Error)
    }
  }
}

const ownerOf = (event: DomainEvent): AggregateClass => DomainEvent.ownerOf(event) as AggregateClass

function byAggregate(events: readonly DomainEvent[]): Map<string, DomainEvent[]> {
  const streams = new Map<string, DomainEvent[]>()
  for (const event of events) {
    const own = streams.get(event.aggregateId)
    if (own) own.push(event)
    else streams.set(event.aggregateId, [event])
  }
  return streams
}

/** A bundler may call even this class otherwise. */
function nameOf(type: { readonly name: string }): string {
  if (type === Application) return 'application'
  // No text as with @event keeps this name, so a short or a numbered one may be the build's.
  if (hasLastingName(type) && type.name.length > 2 && !/\d$/.test(type.name)) return type.name.toLowerCase()
  throw new TypeError(
    `An application's name stands before all its events, and ${type.name ? `'${type.name}' is what this build calls its class` : 'its class has none'}: write it down, super(recorder, { name: 'kennel' })`,
  )
}

function once(report: (problem: Error) => void): (problem: Error) => void {
  const told = new Set<string>()
  return (problem) => {
    if (told.has(problem.message)) return
    told.add(problem.message)
    try {
      report(problem)
    } catch {
      // Who listens is to listen: the events are recorded.
    }
  }
}

const notToSave = (what: unknown): TypeError =>
  new TypeError(`save() takes aggregates, not ${String(what)}: load one with repository.get() first`)
