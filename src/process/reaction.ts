/**
 * One application reacts to the log of another: each event is dealt with once, in order.
 *
 * What follows from an event and the position of the event are recorded together. Whoever comes later, after a crash or
 * in another process, goes on from that position; of two who work at the same time, one records, and the other is told
 * that it was overtaken and goes on behind.
 */
import { ClosedError, ReactionError, ReactionHangsError, TrackingConflictError } from '../errors'
import type { DomainEvent, LoggedEvent } from '../events/event'
import { follow } from '../following/follow'
import { othersTurn } from '../following/turns'
import type { Repository } from '../loading/repository'
import type { Recorder, Tracking } from '../port/recorder'
import {
  type Due,
  dueOf,
  failed,
  handled,
  isAlone,
  isConflict,
  type Names,
  type Rule,
  type Running,
  type Upstream,
} from './policy'
import { Portion } from './portion'
import { mustBeSameLog } from './same-log'

/** What reacts. */
export interface Reactor extends Upstream {
  readonly recorder: Recorder
  readonly repository: Repository
  readonly rules: readonly Rule[]
  save(...what: (DomainEvent | { readonly tracking: Tracking })[]): Promise<readonly number[]>
  retry<T>(command: () => Promise<T>, attempts: number): Promise<T>
}

/** How far to react: up to a position, or to so many events that concern the application. */
export interface Range {
  readonly upTo?: number
  readonly count?: number
}

/** One time of reacting, from its start until it is stopped. */
interface Run extends Running {
  readonly end: Promise<unknown>
  /** It was given up: nothing that it still does is recorded. */
  isOver?: boolean
}

/** Another process has done what this one was about to record. */
class Overtaken {
  constructor(
    readonly cause: unknown,
    readonly event?: LoggedEvent,
  ) {}
}

/** So many events, or milliseconds, are recorded together at most. */
const most = { events: 1000, milliseconds: 50 }
/** After so many events that mean nothing here, the position alone is recorded. */
const lag = 1000

export class Reaction {
  readonly #reactor: Reactor
  readonly #upstream: Upstream
  readonly #names: Names
  /** Everything up to here is dealt with; undefined until that is known. */
  #position: number | undefined
  /** The position that is recorded. */
  #tracked = 0
  /** How many positions are tried together: fewer after a conflict. */
  #size = most.events
  #run: (Run & { abort(): void }) | undefined
  /** The event that was dealt with last, and the positions of what follows from it and from those before it. */
  last: { readonly event: LoggedEvent; readonly recorded: readonly number[] } | undefined

  constructor(reactor: Reactor, upstream: Upstream) {
    this.#reactor = reactor
    this.#upstream = upstream
    this.#names = { from: upstream.name, to: reactor.name }
  }

  get position(): number {
    return this.#position ?? 0
  }

  get isRunning(): boolean {
    return this.#run !== undefined
  }

  /**
   * Deals with events as they come, until it is stopped or a store is closed; or only with some. Resolves with how many
   * there was a handler for.
   *
   * @throws ReactionError if a handler throws, or the log cannot be read
   * @throws TypeError if it is running
   */
  async react(range: Range = {}, signal?: AbortSignal): Promise<number> {
    const { name } = this.#upstream
    if (this.#run) throw new TypeError(`${this.#reactor.name} reacts to ${name} already: stop that first`)
    const control = new AbortController()
    const abort = () => control.abort()
    if (signal?.aborted) abort()
    signal?.addEventListener('abort', abort)
    const run: Run = { signal: control.signal, end: Promise.resolve().then(() => this.#reacted(run, range)) }
    this.#run = Object.assign(run, { abort })
    try {
      return await (run.end as Promise<number>)
    } finally {
      signal?.removeEventListener('abort', abort)
      if (this.#run === run) this.#run = undefined
    }
  }

  /**
   * Stops after the handler that runs.
   *
   * @param timeout how long to wait for it, in milliseconds
   * @throws ReactionHangsError if it does not come to an end: then nothing of what it returns is recorded
   */
  async stop(timeout: number): Promise<void> {
    const run = this.#run
    if (!run) return
    run.abort()
    let timer: ReturnType<typeof setTimeout> | undefined
    const isLate = await Promise.race([
      run.end.then(
        () => false,
        () => false,
      ),
      new Promise<boolean>((resolve) => (timer = setTimeout(() => resolve(true), timeout))),
    ])
    clearTimeout(timer)
    if (!isLate) return
    run.isOver = true
    this.#run = undefined
    run.end.catch(() => undefined)
    const at = run.handling ? `${this.#upstream.name}:${run.handling.id} (${run.handling.name})` : this.#upstream.name
    throw new ReactionHangsError(
      `${this.#reactor.name} still reacts to ${at} after ${timeout} ms, and was given up: nothing that it returns is recorded. Let the handler heed work.signal, or allow it more time`,
    )
  }

  async #reacted(run: Run, { upTo = Infinity, count = Infinity }: Range): Promise<number> {
    let done = 0
    const isEnough = () => done >= count || this.position >= upTo || run.signal.aborted
    const deal = async () => {
      const after = this.#position ?? (await this.#begin(late))
      const limit = Math.min(count * 10, most.events)
      const pages = follow(this.#upstream.notificationLog, { after, signal: run.signal, limit }).pages()
      for await (const { events, position } of isEnough() ? [] : pages) {
        const due = dueOf(
          this.#reactor.rules,
          events.filter(({ id }) => id <= upTo),
        )
        let at = 0
        while (at < due.length && !isEnough()) {
          const portion = await this.#portion(run, due.slice(at, at + count - done))
          at += portion
          done += portion
          // Those who react to one another without end must not keep others from stopping them.
          await othersTurn()
        }
        if (at === due.length) this.#position = Math.min(position, upTo)
        if (this.position - this.#tracked >= lag) await this.#record(run, [], this.position)
        if (isEnough()) break
      }
      if (this.position > this.#tracked) await this.#record(run, [], this.position)
    }
    let late: Overtaken | undefined
    for (;;)
      try {
        await deal()
        return done
      } catch (error) {
        const isClosed = error instanceof ClosedError && this.#position !== undefined
        // A handler that heeds its signal throws the reason, and its event is tried again next time.
        if (isClosed || (run.signal.aborted && Object(error).cause === run.signal.reason)) return done
        if (!(error instanceof Overtaken)) throw error instanceof ReactionError ? error : failed(this.#names, error)
        late = error
        this.#position = undefined
      }
  }

  /** From where to go on; after it was overtaken, that must be further on. */
  async #begin(late?: Overtaken): Promise<number> {
    if (!late) await mustBeSameLog(this.#reactor.recorder, this.#upstream)
    const tracked = await this.#reactor.recorder.maxTrackingId(this.#names.from)
    if (late && tracked === this.#tracked) throw failed(this.#names, late.cause, late.event)
    this.#position = this.#tracked = tracked
    return tracked
  }

  /** Deals with one or more of these, after a conflict with only one, and again if another writer was there first. */
  async #portion(run: Run, due: readonly Due[]): Promise<number> {
    try {
      const done = await this.#attempt(run, due.slice(0, this.#size))
      this.#size = Math.min(most.events, this.#size * 2)
      return done
    } catch (error) {
      if (!isConflict(error)) throw error
      this.#size = Math.ceil(this.#size / 2)
    }
    return this.#reactor
      .retry(() => this.#attempt(run, due.slice(0, 1)), 10)
      .catch((error) => {
        throw isConflict(error) ? failed(this.#names, error, due[0]?.[0]?.[0]) : error
      })
  }

  async #attempt(run: Run, due: readonly Due[]): Promise<number> {
    const portion = new Portion(this.#reactor.repository)
    const events: DomainEvent[] = []
    const end = Date.now() + most.milliseconds
    let done = 0
    let failure: unknown
    for (const position of due) {
      const isFull = events.length >= most.events || run.signal.aborted || Date.now() >= end
      if (done > 0 && (isFull || isAlone(position))) break
      try {
        const after = due[done - 1]?.[0]?.[0].id ?? this.#tracked
        for (const event of await handled(this.#names, { run, portion, after }, position)) events.push(event)
      } catch (error) {
        if (done === 0 && error instanceof TrackingConflictError) throw new Overtaken(error, position[0]?.[0])
        failure = error
        break
      }
      done++
    }
    const last = due[done - 1]?.[0]?.[0]
    if (last) this.last = { event: last, recorded: await this.#record(run, events, last.id) }
    if (failure && (done === 0 || !isConflict(failure))) throw failure
    return done
  }

  /** Records these events, and that everything up to this position is dealt with. */
  async #record(run: Run, events: readonly DomainEvent[], position: number): Promise<readonly number[]> {
    if (run.isOver) throw new Error('It was given up')
    const tracking = { applicationName: this.#upstream.name, notificationId: position, after: this.#tracked }
    const positions = await this.#reactor.save(...events, { tracking }).catch((error) => {
      throw error instanceof TrackingConflictError ? new Overtaken(error) : error
    })
    this.#position = this.#tracked = position
    return positions
  }
}
