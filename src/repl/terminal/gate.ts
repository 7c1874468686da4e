/**
 * Passes on the keyboard's input one line at a time, and waits while a line runs. node:repl does not wait, so pasted lines
 * would overtake one another. Ctrl-C is passed on at once, and discards the lines that are waiting.
 */
import { Readable } from 'node:stream'

export class Gate extends Readable {
  readonly isTTY: boolean
  readonly #source: NodeJS.ReadStream
  #pieces: string[] = []
  #held = 0
  #scheduled = false

  constructor(source: NodeJS.ReadStream) {
    super()
    this.#source = source
    this.isTTY = source.isTTY === true
    source.setEncoding('utf8')
    source.on('data', (chunk: string) => this.#take(chunk))
  }

  get isRaw(): boolean {
    return this.#source.isRaw
  }

  setRawMode(mode: boolean): this {
    this.#source.setRawMode?.(mode)
    return this
  }

  override _read(): void {}

  /** Discards the input that has not been passed on yet. */
  forget(): void {
    this.#pieces = []
  }

  /** Passes on nothing until this promise has settled. */
  async hold<T>(work: Promise<T>): Promise<T> {
    this.#held++
    try {
      return await work
    } finally {
      this.#held--
      this.#release()
    }
  }

  #take(chunk: string): void {
    const stop = chunk.indexOf('\u0003')
    if (stop >= 0) {
      // Input from before Ctrl-C is discarded; what follows belongs to the next line.
      this.forget()
      this.push('\u0003')
      if (stop + 1 < chunk.length) this.#take(chunk.slice(stop + 1))
      return
    }
    this.#pieces.push(...(chunk.match(/[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$/g) ?? []))
    this.#release()
  }

  #release(): void {
    if (this.#held > 0 || this.#scheduled) return
    const piece = this.#pieces.shift()
    if (piece === undefined) return
    this.push(piece)
    this.#scheduled = true
    setImmediate(() => {
      this.#scheduled = false
      this.#release()
    })
  }
}
