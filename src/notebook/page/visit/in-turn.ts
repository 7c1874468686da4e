/** What was asked, one after the other. What has been begun goes on when all of it is dropped, and is told so. */
import { Stopped } from '../play/seat'

export type IsStill = () => boolean

export class InTurn {
  #last: Promise<unknown> = Promise.resolve()
  /** What was asked before it grew is not done, or not shown. */
  #era = 0

  /** Nothing of what was asked counts any more. */
  drop(): void {
    this.#era++
    this.#last = Promise.resolve()
  }

  /** Does some work after what was asked before. What goes wrong in it is nothing to what comes after. */
  ask(work: (isStill: IsStill) => Promise<void>, failed: (error: unknown) => void): void {
    const isStill = this.#isStill()
    this.#last = this.#last.then(async () => {
      try {
        if (isStill()) await work(isStill)
      } catch (error) {
        if (isStill() && !(error instanceof Stopped)) failed(error)
      }
    })
  }

  /** @throws Stopped if it is dropped before its turn */
  look<T>(work: () => Promise<T>): Promise<T> {
    const isStill = this.#isStill()
    const seen = this.#last.then(() => {
      if (!isStill()) throw new Stopped()
      return work()
    })
    this.#last = seen.catch(() => {})
    return seen
  }

  #isStill(): IsStill {
    const era = this.#era
    return () => era === this.#era
  }
}
