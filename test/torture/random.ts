/** Chance that is the same each time for a seed. */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** From 0 up to 1 (mulberry32). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  /** A whole number below this one. */
  below(limit: number): number {
    return Math.floor(this.next() * limit)
  }

  among<T>(several: readonly T[]): T {
    return several[this.below(several.length)] as T
  }

  shuffled<T>(several: readonly T[]): T[] {
    const left = [...several]
    return several.map(() => left.splice(this.below(left.length), 1)[0] as T)
  }
}
