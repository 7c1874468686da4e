/**
 * Lets work that waits at the same time be committed together, so that it shares the one wait for the disk.
 *
 * What is added in one turn of the event loop makes a group.
 */
interface Waiting<T, R> {
  readonly item: T
  readonly resolve: (result: R) => void
  readonly reject: (error: unknown) => void
}

/** In the next turn of the event loop; browsers have no word for exactly that. */
const soon: (work: () => void) => void = typeof setImmediate === 'function' ? setImmediate : setTimeout

/** What became of one item of a group. */
export type Outcome<R> = { readonly value: R } | { readonly error: unknown }

export class GroupCommit<T, R> {
  readonly #commit: (items: readonly T[]) => readonly Outcome<R>[]
  #waiting: Waiting<T, R>[] = []
  #isHeld = true

  /** @param commit makes a whole group durable, and gives the outcome of each item in their order */
  constructor(commit: (items: readonly T[]) => readonly Outcome<R>[]) {
    this.#commit = commit
  }

  /** Resolves when this item is committed. */
  add(item: T): Promise<R> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.length === 0) soon(() => this.flush())
      this.#waiting.push({ item, resolve, reject })
    })
  }

  /** What is added is committed from now on; before, it waits. */
  release(): void {
    this.#isHeld = false
    this.flush()
  }

  /** Rejects what waits. */
  fail(error: unknown): void {
    for (const { reject } of this.#take()) reject(error)
  }

  /** Commits what waits, now. */
  flush(): void {
    if (this.#isHeld || this.#waiting.length === 0) return
    const group = this.#take()
    try {
      const outcomes = this.#commit(group.map(({ item }) => item))
      for (const [place, { resolve, reject }] of group.entries()) {
        const outcome = outcomes[place]!
        if ('error' in outcome) reject(outcome.error)
        else resolve(outcome.value)
      }
    } catch (error) {
      for (const { reject } of group) reject(error)
    }
  }

  #take(): Waiting<T, R>[] {
    const taken = this.#waiting
    this.#waiting = []
    return taken
  }
}
