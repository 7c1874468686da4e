/**
 * Follows a log in the background: does its work when it starts, and again whenever something was recorded.
 */
import { ClosedError } from '../errors'
import type { FollowableLog } from '../following/followable'
import { othersTurn } from '../following/turns'

/** Does what is due, until there is no more or `isEnough` says that it should stop. */
type Work = (isEnough: () => boolean) => Promise<unknown>

interface Loop {
  isStopped: boolean
  wake(): void
  ended: Promise<void>
}

export class Background {
  readonly #log: FollowableLog
  readonly #work: Work
  readonly #onEnd: (problem?: Error) => void
  #loop: Loop | undefined

  /** @param onEnd is called when it has ended, with the error if there was one; a closed store is none */
  constructor(log: FollowableLog, work: Work, onEnd: (problem?: Error) => void) {
    this.#log = log
    this.#work = work
    this.#onEnd = onEnd
  }

  get isRunning(): boolean {
    return this.#loop !== undefined
  }

  start(): void {
    if (this.#loop?.isStopped === false) return
    const before = this.#loop?.ended ?? Promise.resolve()
    const loop: Loop = { isStopped: false, wake: () => undefined, ended: before }
    this.#loop = loop
    loop.ended = before.then(() => this.#follow(loop))
  }

  /** Resolves when the work at hand is done. */
  async stop(): Promise<void> {
    const loop = this.#loop
    if (!loop) return
    loop.isStopped = true
    loop.wake()
    await loop.ended
  }

  async #follow(loop: Loop): Promise<void> {
    let isDue = true
    const leave = this.#log.watch(() => {
      isDue = true
      loop.wake()
    })
    let problem: Error | undefined
    try {
      while (!loop.isStopped) {
        if (isDue) {
          isDue = false
          await this.#work(() => loop.isStopped)
          // The handlers may record more each time.
          await othersTurn()
        } else
          await new Promise<void>((resolve) => {
            loop.wake = resolve
          })
      }
    } catch (error) {
      if (!(error instanceof ClosedError)) problem = error as Error
    }
    leave()
    if (this.#loop === loop) this.#loop = undefined
    this.#onEnd(problem)
  }
}
