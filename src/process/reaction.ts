/**
 * One application reacts to the log of another: each event is dealt with once, in order.
 *
 * What follows from an event and the position of the event are recorded together. Whoever comes later, after a crash or
 * in another process, goes on from that position; of two who work at the same time, one records, and the other, which
 * was overtaken, goes on behind.
 */
import { ClosedError, ReactionError } from '../errors'
import { follow } from '../following/follow'
import { type FollowableLog, mustReach } from '../following/followable'
import { othersTurn } from '../following/turns'
import { dueOf, failed, type Names, type Upstream } from './policy'
import { Progress, type Reactor } from './progress'
import { Run } from './run'
import { mustBeSameLog } from './same-log'

/** How far to react. */
export interface Range {
  /** No further than the log goes when it begins. */
  readonly upToNow?: boolean
  /** No more than so many events that concern the application. */
  readonly count?: number
}

/** After so many events that mean nothing here, the position alone is recorded. */
const lag = 1000

export class Reaction {
  readonly #reactor: Reactor
  readonly #upstream: Upstream
  readonly #names: Names
  /** The logs that are followed, by their ids: the names under which they are. */
  readonly #logs: Map<string, string>
  /** It is known which log this is, and from where to go on. */
  #hasBegun = false
  #run: Run | undefined
  readonly progress: Progress

  constructor(reactor: Reactor, upstream: Upstream, logs: Map<string, string>) {
    this.#reactor = reactor
    this.#upstream = upstream
    this.#names = { from: upstream.name, to: reactor.name }
    this.progress = new Progress(reactor, this.#names)
    this.#logs = logs
  }

  get log(): FollowableLog {
    return this.#upstream.notificationLog
  }
  get position(): number {
    return this.progress.position
  }
  get isRunning(): boolean {
    return this.#run !== undefined
  }

  /**
   * Deals with events as they come, until it is stopped or a store is closed; or only with some. Resolves with how many
   * there was a handler for.
   *
   * @throws ReactionError if a handler throws, or the log cannot be followed
   * @throws ReactionHangsError if it was given up
   * @throws TypeError if it is running
   */
  async react(range: Range = {}, signal?: AbortSignal): Promise<number> {
    if (this.#run)
      throw new TypeError(`${this.#reactor.name} reacts to ${this.#upstream.name} already: stop that first`)
    const run = new Run((run) => this.#reacted(run, range), signal)
    this.#run = run
    try {
      await run.end
      return run.done
    } finally {
      this.#ended(run)
    }
  }

  /** Stops it, if it runs: see `Run.stop`. */
  async stop(timeout: number): Promise<void> {
    const run = this.#run
    await run?.stop(timeout, this.#names).finally(() => this.#ended(run))
  }

  #ended(run: Run): void {
    if (this.#run === run) this.#run = undefined
  }

  async #reacted(run: Run, { upToNow = false, count = Infinity }: Range): Promise<void> {
    if (run.signal.aborted) return
    // While somebody watches a log that is far away, whoever reads it waits until it can be reached.
    const leave = upToNow ? () => undefined : this.log.watch(() => undefined)
    run.signal.addEventListener('abort', leave)
    try {
      await this.#dealt(run, upToNow, count)
    } catch (error) {
      const isClosed = error instanceof ClosedError && this.#hasBegun && !upToNow
      // A handler that heeds its signal throws the reason, and its event is tried again next time.
      const isStopped = run.signal.aborted && (!this.#hasBegun || Object(error).cause === run.signal.reason)
      if (!isClosed && !isStopped) throw error instanceof ReactionError ? error : failed(this.#names, error)
    } finally {
      leave()
    }
  }

  async #dealt(run: Run, upToNow: boolean, count: number): Promise<void> {
    const { progress } = this
    if (!this.#hasBegun) await this.#begin()
    const upTo = upToNow ? await this.log.max() : Infinity
    mustReach(upTo, progress.position)
    const isEnough = () => run.done >= count || progress.position >= upTo || run.signal.aborted
    if (isEnough()) return
    const { rules } = this.#reactor
    const about = { topics: rules.map(({ topic }) => topic), limit: Math.min(count * 10, 1000), signal: run.signal }
    for await (const { events, position } of follow(this.log, { after: progress.position, ...about }).pages()) {
      const due = dueOf(
        rules,
        events.filter(({ id }) => id <= upTo),
      )
      let at = 0
      for (;;) {
        while ((due[at]?.event.id ?? Infinity) <= progress.tracked) at++
        if (at === due.length || isEnough()) break
        await progress.deal(run, due.slice(at, at + count - run.done))
        // Those who react to one another without end must not keep others from stopping them.
        await othersTurn()
      }
      if (at === due.length) progress.passed(Math.min(position, upTo))
      if (progress.position - progress.tracked >= lag) await progress.keep(run)
      if (isEnough()) break
    }
    // The pages end only when the log was closed: then this throws.
    if (upToNow && !isEnough()) await this.log.max()
    await progress.keep(run)
  }

  /** @throws if this is another log than before, or one that is followed under another name */
  async #begin(): Promise<void> {
    const { name } = this.#upstream
    const id = await this.log.logId()
    const other = this.#logs.get(id) ?? name
    if (other !== name)
      throw new TypeError(
        `it shares a store with ${other}, so each event there would come twice: follow one of the two, or give each a store of its own`,
      )
    await mustBeSameLog(this.#reactor.recorder, name, id)
    this.#logs.set(id, name)
    await this.progress.look()
    this.#hasBegun = true
  }
}
