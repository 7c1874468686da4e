/**
 * One time of reacting: until there is nothing left to do, or it is stopped, or given up because a handler hangs.
 */
import { ReactionHangsError } from '../errors'
import type { LoggedEvent } from '../events/event'
import type { Names, Running } from './policy'

export class Run implements Running {
  handling: LoggedEvent | undefined
  /** How many events were dealt with. */
  done = 0
  /** It was given up: nothing that it still does is recorded. */
  isOver = false
  /** Resolves when the work is done. */
  readonly end: Promise<void>
  readonly #work: Promise<void>
  readonly #control = new AbortController()
  #giveUp = (_error: ReactionHangsError): void => undefined

  /** @param signal stops it when it is aborted */
  constructor(work: (run: Run) => Promise<void>, signal?: AbortSignal) {
    const abort = () => this.#control.abort()
    if (signal?.aborted) abort()
    signal?.addEventListener('abort', abort)
    const begun = Promise.resolve().then(() => work(this))
    this.#work = begun.finally(() => signal?.removeEventListener('abort', abort))
    this.end = Promise.race([this.#work, new Promise<never>((_resolve, reject) => (this.#giveUp = reject))])
  }

  /** Is aborted when it is to stop. */
  get signal(): AbortSignal {
    return this.#control.signal
  }

  /**
   * Stops after the handler that runs.
   *
   * @param timeout how long to wait for it, in milliseconds
   * @throws ReactionHangsError, as `end` does then, if that was not long enough
   */
  async stop(timeout: number, { from, to }: Names): Promise<void> {
    this.#control.abort()
    let timer: ReturnType<typeof setTimeout> | undefined
    const isDone = this.#work.then(
      () => true,
      () => true,
    )
    const isLate = new Promise<false>((resolve) => (timer = setTimeout(() => resolve(false), timeout)))
    const isInTime = await Promise.race([isDone, isLate])
    clearTimeout(timer)
    if (isInTime) return
    this.isOver = true
    const at = this.handling ? `${from}:${this.handling.id} (${this.handling.name})` : from
    const error = new ReactionHangsError(
      `${to} still reacts to ${at} after ${timeout} ms, and was given up: nothing that it returns is recorded. Let the handler heed work.signal, or allow it more time`,
    )
    this.#giveUp(error)
    throw error
  }
}
