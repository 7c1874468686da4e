/**
 * Commits items in groups, so that the items of a group share one wait for the disk.
 *
 * Items added in the same turn of the event loop form a group.
 */
import { soon } from './soon'

interface Waiting<T, R> {
  readonly item: T
  readonly resolve: (result: R) => void
  readonly reject: (error: unknown) => void
}

/** The outcome of one item of a group. */
export type Outcome<R> = { readonly value: R } | { readonly error: unknown }

export class GroupCommit<T, R> {
  readonly #commit: (items: readonly T[]) => readonly Outcome<R>[]
  #waiting: Waiting<T, R>[] = []
  #isHeld = true

  /** @param commit makes a group durable, and returns the outcomes in the order of the items */
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

  /** Until this is called, added items wait. */
  release(): void {
    this.#isHeld = false
    this.flush()
  }

  /** Rejects all waiting items. */
  fail(error: unknown): void {
    for (const { reject } of this.#take()) reject(error)
  }

  /** Commits all waiting items now. */
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
