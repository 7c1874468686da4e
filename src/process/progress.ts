/**
 * How far an application has dealt with the log of another, and how it goes on from there.
 *
 * What follows from events is recorded together with their position, many at once where there are many. If another
 * writer was there first, nothing was recorded: then what remains is tried again, one by one.
 */
import type { DomainEvent, LoggedEvent } from '../events/event'
import type { Repository } from '../loading/repository'
import type { Recorder, Tracking } from '../port/recorder'
import {
  type Due,
  failed,
  handled,
  isAlone,
  isConflict,
  type Names,
  notAlone,
  type Rule,
  type Upstream,
} from './policy'
import { Portion } from './portion'
import type { Run } from './run'

/** What reacts. */
export interface Reactor extends Upstream {
  readonly recorder: Recorder
  readonly repository: Repository
  readonly rules: readonly Rule[]
  /** Tells the reaction what a handler tracks by itself: see `Progress.kept`. */
  save(...what: (DomainEvent | { readonly tracking: Tracking })[]): Promise<readonly number[]>
  retry<T>(command: () => Promise<T>, attempts: number): Promise<T>
}

/** So many events, or milliseconds, are recorded together at most. */
const most = { events: 1000, milliseconds: 50 }

export class Progress {
  readonly #reactor: Reactor
  readonly #names: Names
  #position = 0
  /** The position that is recorded, and the positions of what was recorded with it. */
  #tracked = 0
  #recorded: readonly number[] = []
  /** How many positions are tried together: fewer after a conflict. */
  #size = most.events
  /** The event that was dealt with last, and the positions of what follows from it and from those before it. */
  last: { readonly event: LoggedEvent; readonly recorded: readonly number[] } | undefined

  constructor(reactor: Reactor, names: Names) {
    this.#reactor = reactor
    this.#names = names
  }

  /** Everything up to here is dealt with. */
  get position(): number {
    return this.#position
  }

  /** Everything up to here is recorded as dealt with. */
  get tracked(): number {
    return this.#tracked
  }

  /** Nothing up to this position is left to be dealt with. */
  passed(position: number): void {
    this.#position = Math.max(this.#position, position)
  }

  /** The store knows that everything up to this position is dealt with; `recorded` are the positions of what followed. */
  kept(position: number, recorded: readonly number[] = []): void {
    if (position <= this.#tracked) return
    this.passed(position)
    this.#tracked = position
    this.#recorded = recorded
  }

  /** Asks the store how far it is: another process may have gone on. */
  async look(): Promise<void> {
    this.kept(await this.#reactor.recorder.maxTrackingId(this.#names.from))
  }

  /** Deals with one or more of these; after a conflict with none, if anything of them has been recorded, or with one. */
  async deal(run: Run, due: readonly Due[]): Promise<void> {
    const before = this.#tracked
    try {
      await this.#attempt(run, due.slice(0, this.#size))
      this.#size = Math.min(most.events, this.#size * 2)
      return
    } catch (error) {
      if (!isConflict(error)) throw error
      this.#size = Math.ceil(this.#size / 2)
      if (await this.#isPast(before)) return
    }
    try {
      await this.#reactor.retry(() => this.#attempt(run, due.slice(0, 1)), 10)
    } catch (error) {
      if (!isConflict(error)) throw error
      if (!(await this.#isPast(before))) throw failed(this.#names, error, due[0]?.event)
    }
  }

  /** Records up to where everything is dealt with, unless another process has done so. */
  async keep(run: Run): Promise<void> {
    const before = this.#tracked
    if (this.#position === before) return
    try {
      await this.#record(run, [], this.#position)
    } catch (error) {
      if (!isConflict(error) || !(await this.#isPast(before))) throw error
    }
  }

  /** Is more recorded than up to this position, by whomever? */
  async #isPast(position: number): Promise<boolean> {
    await this.look()
    return this.#tracked > position
  }

  async #attempt(run: Run, due: readonly Due[]): Promise<void> {
    let portion = new Portion(this.#reactor.repository)
    const waiting: Due[] = []
    const events: DomainEvent[] = []
    const end = Date.now() + most.milliseconds
    let failure: unknown
    for (const [i, each] of due.entries()) {
      const isFull = events.length >= most.events || run.signal.aborted || Date.now() >= end
      if ((i > 0 && isFull) || (waiting.length > 0 && isAlone(each))) break
      const { id } = each.event
      const after = waiting.at(-1)?.event.id ?? this.#tracked
      try {
        const made = await handled(this.#names, { run, portion, after }, each)
        if (this.#tracked < id) {
          waiting.push(each)
          for (const event of made) events.push(event)
          continue
        }
        if (made.length + events.length > 0) throw notAlone(this.#names, each)
        run.done++
        this.last = { event: each.event, recorded: this.#recorded }
        // What was recorded may be about aggregates that were loaded before.
        portion = new Portion(this.#reactor.repository)
      } catch (error) {
        failure = isConflict(error) && this.#tracked >= id ? notAlone(this.#names, each) : error
        break
      }
    }
    const last = waiting.at(-1)?.event
    if (last) {
      this.last = { event: last, recorded: await this.#record(run, events, last.id) }
      run.done += waiting.length
    }
    if (failure) throw failure
  }

  /** Records these events, and that everything up to this position is dealt with. */
  async #record(run: Run, events: readonly DomainEvent[], position: number): Promise<readonly number[]> {
    if (run.isOver) throw new Error('It was given up')
    const tracking = { applicationName: this.#names.from, notificationId: position, after: this.#tracked }
    const recorded = await this.#reactor.save(...events, { tracking })
    this.kept(position, recorded)
    return recorded
  }
}
