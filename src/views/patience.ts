/**
 * How long somebody waits: until a signal is aborted, or a time is over. The work that is waited for goes on.
 */
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
