/**
 * A view that follows a log, wherever it is kept: what it can be asked for, and that one piece of work is done after the
 * other.
 */
import { ViewConflictError } from '../errors'
import type { LoggedEvent } from '../events/event'
import { type FollowableLog, mustBeFollowable } from '../following/followable'
import { advance, type Draft, type Kept, type Moved, type Moving } from './advance'
import { Background } from './background'
import type { Handling } from './handlers'
import type { RebuildOptions, SeenOptions, ViewOptions } from './options'
import { OwnCalls } from './own-calls'
import { isBehind, Moves, newestOf, Patience } from './patience'
import { whole } from './whole'

/** `V` is what is read of the view, `H` what its handlers get. */
export abstract class LiveView<V, H = V> {
  /** The view so far. */
  abstract readonly view: V
  /** The position of the last event that is in the view, as far as this object knows. */
  abstract readonly position: number
  protected readonly log: FollowableLog
  protected readonly handling: Handling<H>
  /** The view, for messages. */
  protected readonly label: string
  readonly #onProblem: (problem: Error) => void
  readonly #calls = new OwnCalls()
  #running: Promise<unknown> = Promise.resolve()
  #waiting: Promise<unknown> | undefined
  readonly #background: Background
  #problem: Error | undefined
  #rebuilding: Promise<void> | undefined
  /** The event whose handlers are awaited. */
  #awaited: LoggedEvent | undefined
  readonly #moves = new Moves()

  /** @internal */
  constructor(log: FollowableLog, handling: Handling<H>, label: string, { onProblem = warn }: ViewOptions) {
    mustBeFollowable(log)
    this.log = log
    this.handling = handling
    this.label = label
    this.#onProblem = onProblem
    const work = (isEnough: () => boolean) => this.#inTurn(() => this.moveOn({ isEnough }))
    this.#background = new Background(log, work, (problem) => this.#ended(problem))
  }

  /** The view as it is kept, at the position that it really has. @throws if it cannot go on */
  protected abstract load(): Promise<Kept<H>>
  /** A view at its beginning that nobody else has, and how to read it. */
  protected abstract fresh(): { readonly kept: Kept<H>; readonly view: V }
  /** A view that is built beside, perhaps begun before, and how it takes the place of the present one. */
  protected abstract draft(): Promise<Draft<H>>
  /** Should this error be mended by building the view again? */
  protected mends(_error: unknown): boolean {
    return false
  }

  /** The error that ended `start`; undefined if there was none, or if it was started again. */
  get problem(): Error | undefined {
    return this.#problem
  }

  /**
   * Updates the view with everything recorded before the call, and resolves with it. Concurrent calls share the work.
   *
   * @throws HandlerFailedError if a handler throws. The view and its position are then as before that event, and the next
   *   call tries it again
   * @throws LogChangedError if the position belongs to another log, or to a longer one: `rebuild()` mends it
   * @throws TypeError if one of its own handlers calls it, because that would wait for itself
   */
  async catchUp(): Promise<V> {
    this.#refuseOwn('catchUp')
    this.#waiting ??= this.#inTurn(() => {
      this.#waiting = undefined
      return this.moveOn()
    })
    await this.#waiting
    return this.view
  }

  /**
   * Resolves with the view when the events at these positions are in it, so that whoever saved something reads it:
   * `await view.seen(await school.save(dog))`. It catches up, unless that is going on in the background.
   *
   * @param positions one, or several as `save()` resolves with them; with none, there is nothing to wait for
   * @throws ViewBehindError when `timeout` is over, with where the view is and which handler it waits for
   * @throws what `catchUp` throws; the error that stopped the view in the background, until it is started again
   */
  async seen(positions: number | readonly number[], { signal, timeout }: SeenOptions = {}): Promise<V> {
    const position = newestOf(positions)
    this.#refuseOwn('seen')
    const patience = new Patience(signal, timeout, () =>
      isBehind(this.label, position, this.position, timeout, this.#awaited),
    )
    // What catching up does is told to others who wait: without news of the log, they must not catch up again.
    let isDue = true
    const leave = this.log.watch(() => {
      isDue = true
      this.#moves.tell()
    })
    try {
      while (this.position < position) {
        if (this.#problem) throw this.#problem
        if (isDue && !this.#background.isRunning) {
          isDue = false
          await patience.with(this.catchUp())
        } else await patience.with(this.#moves.next())
      }
      return this.view
    } finally {
      leave()
      patience.end()
    }
  }

  /**
   * Follows the log in the background from now on, woken by whatever is recorded, also after `stop` or an error. An error
   * ends it: it is told to `onProblem`, and `seen` rejects with it. It ends without one when the store is closed.
   */
  start(): this {
    if (!this.#background.isRunning) this.#problem = undefined
    this.#background.start()
    return this
  }

  /** Ends what `start` began. Resolves when the event at hand is dealt with, and what was done is kept. */
  async stop(): Promise<void> {
    const stopped = this.#background.stop()
    // A handler would wait for itself.
    if (!this.#calls.isInside) await stopped
  }

  /**
   * Moves the view to the next event that it has a handler for, and resolves with that event: several if one was split,
   * none at the end of the log.
   *
   * @throws as `catchUp`
   */
  async step(): Promise<readonly LoggedEvent[]> {
    this.#refuseOwn('step')
    const { step } = await this.#inTurn(() => this.moveOn({ one: true }))
    return step
  }

  /**
   * The view as it was when the event at this position was the newest: it is built again up to there, apart from this
   * one, which goes on.
   *
   * @throws TypeError for a position that the log does not have yet
   */
  async at(position: number): Promise<V> {
    const newest = await this.log.max()
    if (!Number.isSafeInteger(position) || position < 0 || position > newest)
      throw new TypeError(`The log has positions 0 to ${newest}, so there is no view as of ${position}`)
    return whole(this.log, async () => {
      const { kept, view } = this.fresh()
      await advance(kept, { log: this.log, handling: this.handling, to: position })
      return view
    })
  }

  /**
   * Builds the view from the beginning, beside the present one, which goes on and is read meanwhile, and puts it in its
   * place in one step. If it was interrupted, by a handler that threw, by `signal` or by the end of the process, it goes
   * on where it was. Concurrent calls share the work, with the options of the first.
   *
   * @throws HandlerFailedError if a handler throws; then the present view stays
   * @throws ViewConflictError if others build it as well
   */
  async rebuild(options: RebuildOptions = {}): Promise<V> {
    this.#refuseOwn('rebuild')
    this.#rebuilding ??= this.#rebuild(options).finally(() => {
      this.#rebuilding = undefined
    })
    await this.#rebuilding
    return this.view
  }

  async #rebuild({ onProgress, signal }: RebuildOptions): Promise<void> {
    const isEnough = () => signal?.aborted ?? false
    const onPage = (position: number, newest: number) => onProgress?.({ position, newest })
    await whole(this.log, async () => {
      signal?.throwIfAborted()
      const draft = await this.draft()
      await this.#calls.during(() => advance(draft.kept, { ...this.#moving, isEnough, onPage }))
      signal?.throwIfAborted()
      // What was recorded meanwhile, and nobody in between.
      await this.#inTurn(() => this.#finish(draft))
    })
  }

  async #finish(draft: Draft<H>): Promise<void> {
    await advance(draft.kept, this.#moving)
    await draft.swap()
    this.#problem = undefined
    this.#moves.tell()
  }

  get #moving(): Moving<H> {
    return { log: this.log, handling: this.handling, calls: this.#calls }
  }

  /** One piece of work after the other, whatever becomes of those before. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#running.catch(() => undefined).then(() => this.#calls.during(work))
    this.#running = done
    return done
  }

  /** @internal What `catchUp`, `step` and `start` do. Whoever watches views wraps it. */
  async moveOn(how: Partial<Moving<H>> = {}): Promise<Moved> {
    const onPage = () => this.#moves.tell()
    const onWait = (event?: LoggedEvent) => {
      this.#awaited = event
    }
    for (;;)
      try {
        const kept = await this.load()
        return await advance(kept, { ...this.#moving, onPage, onWait, ...how })
      } catch (error) {
        // Others moved the same view: go on from where they are.
        if (error instanceof ViewConflictError) continue
        if (!this.mends(error)) throw error
        await whole(this.log, async () => this.#finish(await this.draft()))
      } finally {
        this.#moves.tell()
      }
  }

  #ended(problem: Error | undefined): void {
    this.#problem = problem
    this.#moves.tell()
    if (!problem) return
    try {
      this.#onProblem(problem)
    } catch (error) {
      warn(error as Error)
    }
  }

  #refuseOwn(method: string): void {
    if (this.#calls.isInside)
      throw new TypeError(`A handler called ${method}() of its own view, which waits for the handler: remove the call`)
  }
}

const warn = (problem: Error): void => console.warn(`${problem.name}: ${problem.message}`)
