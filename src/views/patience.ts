/**
 * What somebody waits for, and how long: until a signal is aborted, or a time is over. The work that is waited for goes on.
 */
import { ViewBehindError } from '../errors'
import type { LoggedEvent } from '../events/event'

/** The newest of these positions; 0 if there are none. @throws TypeError for what is no position */
export function newestOf(positions: number | readonly number[]): number {
  let newest = 0
  for (const position of [positions].flat()) {
    if (!Number.isSafeInteger(position))
      throw new TypeError(`seen() waits for positions, as save() resolves with them, not for ${position}`)
    newest = Math.max(newest, position)
  }
  return newest
}

/** The error for when it takes too long. */
export function isBehind(
  label: string,
  wanted: number,
  position: number,
  timeout: number | undefined,
  { id, name }: Partial<LoggedEvent> = {},
): Error {
  const why = name ? `the handler of ${name} at position ${id} has not ended` : 'no later event has come'
  return new ViewBehindError(
    `${label} has not come to position ${wanted} in ${timeout} ms: it is at ${position}, and ${why}`,
  )
}

export class Patience {
  readonly #over: Promise<never>
  readonly #signal: AbortSignal | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  #give = (_reason: unknown): void => undefined

  /** @param late makes the error for when `timeout` milliseconds are over */
  constructor(signal: AbortSignal | undefined, timeout: number | undefined, late: () => Error) {
    if (timeout !== undefined && !(timeout >= 0)) throw new TypeError(`timeout is in milliseconds, not ${timeout}`)
    signal?.throwIfAborted()
    this.#signal = signal
    this.#over = new Promise((_, reject) => {
      this.#give = reject
    })
    // Nobody may be waiting when it is over.
    this.#over.catch(() => undefined)
    signal?.addEventListener('abort', this.#abort)
    // Longer times than a timer can have are for ever.
    if (timeout !== undefined && timeout < 2 ** 31) this.#timer = setTimeout(() => this.#give(late()), timeout)
  }

  /** What this resolves with, unless it takes too long. */
  with<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.#over])
  }

  end(): void {
    clearTimeout(this.#timer)
    this.#signal?.removeEventListener('abort', this.#abort)
  }

  #abort = (): void => this.#give(this.#signal?.reason)
}

/** Tells those who wait that the view has moved, or that it stopped. */
export class Moves {
  #waiting: (() => void)[] = []

  /** Resolves the next time that something is told. */
  next(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  tell(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const tell of waiting) tell()
  }
}
