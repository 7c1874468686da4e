/**
 * What was typed into the cells of a lesson, until its record on the disk has it: kept with the keystroke, as the files of an
 * exercise are. Who reloads the page with the next key finds it.
 */
import { edited, type History } from '../../history'
import { keep, kept } from '../common/keep'

export class Typed {
  readonly #name: string
  readonly #hash: string
  #codes: Readonly<Record<string, unknown>> = {}

  constructor(lesson: number, hash: string) {
    this.#name = `typed/${lesson}`
    this.#hash = hash
  }

  /** Keeps the code of a cell; null stands for the lesson's own. */
  add(piece: number, code: string | null): void {
    this.#codes = { ...this.#codes, [piece]: code }
    keep(this.#name, this.#kept)
  }

  /** The record has all of it. What was kept since by somebody else, stays. */
  clear(): void {
    if (JSON.stringify(kept(this.#name)) === JSON.stringify(this.#kept)) keep(this.#name, undefined)
    this.#codes = {}
  }

  /** What the record has, with what was typed after it was written. */
  in(record: History): History {
    const { hash, codes } = Object(kept(this.#name))
    this.#codes = hash === this.#hash ? Object(codes) : {}
    let history = record
    for (const [piece, code] of Object.entries(this.#codes))
      if (typeof code === 'string' || code === null) history = edited(history, Number(piece), code)
    return history
  }

  get #kept() {
    return { hash: this.#hash, codes: this.#codes }
  }
}
