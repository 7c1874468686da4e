/** What a run that takes long has saved so far is said while it goes: its log is read only when it is over. */
import type { Recorder } from 'dog-school'

/** How long nothing is said after something was, in milliseconds. */
const PAUSE = 300

export class SavedSoFar {
  readonly #say: (count: number) => void
  readonly #clock: () => number
  #count = 0
  #said = 0

  /** @param clock is no run's: to ask that of a run would change what the run records */
  constructor(say: (count: number) => void, clock: () => number) {
    this.#say = say
    this.#clock = clock
  }

  /** A run begins. */
  begins(): void {
    this.#count = 0
    this.#said = this.#clock()
  }

  /** Counts what is saved in this store. */
  hear(store: Pick<Recorder, 'append'>): void {
    const append = store.append.bind(store)
    store.append = (...given) => {
      const appended = append(...given)
      appended.then(
        ({ length }) => this.#add(length),
        () => undefined,
      )
      return appended
    }
  }

  #add(count: number): void {
    this.#count += count
    const now = this.#clock()
    if (now - this.#said < PAUSE) return
    this.#said = now
    this.#say(this.#count)
  }
}
