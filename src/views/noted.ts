/**
 * A view in memory with its position: what it holds is noted before handlers run, to be put back if one throws.
 */

import type { Kept } from './advance'
import { remember } from './view-memory'

/** A view of so many values is noted before each event, a larger one only once in a while: four values for each event. */
const small = 50
const share = 4

export class Noted<V> implements Kept<V> {
  readonly view: V
  #position = 0
  /** How many values the view had when it was noted last. */
  #size = 0
  /** How many positions the view has had since it was noted. */
  #since = 0
  /** Handlers may be run again as often as one likes, so it is noted rarely. */
  #isDraft: boolean
  /** Puts the view back to how it was at a position. */
  #memory: { readonly restore: () => boolean; readonly position: number } | undefined
  #wasUndone = false
  #broken: Error | undefined

  constructor(view: V, isDraft = false) {
    this.view = view
    this.#isDraft = isDraft
  }

  get position(): number {
    return this.#position
  }

  /** Why it cannot be gone on with; undefined if it can. */
  get broken(): Error | undefined {
    return this.#broken
  }

  /** From now on this is the view that others read. */
  publish(): void {
    this.#isDraft = false
    this.#since = this.#size
  }

  begin(): V {
    const isDue = this.#isDraft ? this.#since >= 1000 : this.#size <= small || this.#since * share >= this.#size
    if (isDue || !this.#memory) this.#note()
    this.#since++
    return this.view
  }

  passed(position: number): void {
    this.#position = position
  }

  undo(): void {
    if (!this.#memory?.restore()) {
      this.#broken = new Error(
        'A handler threw, and its changes cannot be undone: call rebuild() (only plain objects, arrays, Maps, Sets, Dates and bytes are restored)',
      )
      return
    }
    this.#position = this.#memory.position
    this.#since = 0
    this.#wasUndone = true
  }

  keep(): void {
    if (this.#wasUndone) this.#note()
    this.#wasUndone = false
  }

  #note(): void {
    const { size, restore } = remember(this.view)
    this.#size = size
    this.#since = 0
    // Where something cannot be seen, an earlier memory serves, and handlers run again from there.
    if (restore) this.#memory = { restore, position: this.#position }
  }
}

/** A view that is thrown away if a handler fails. */
export class Passing<V> implements Kept<V> {
  position = 0
  constructor(readonly view: V) {}
  begin = (): V => this.view
  passed(position: number): void {
    this.position = position
  }
  undo(): void {}
  keep(): void {}
}
