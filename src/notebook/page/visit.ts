/**
 * What the cells of the open lesson showed, and the log. It changes only by what the worker says.
 *
 * Calls are made one after the other. Whoever goes to another lesson does not wait for them: a worker that is busy is
 * ended, and another one opens the lesson.
 */
import type { LogEntry, Ran, Shown } from '../protocol'
import { type Link, start } from './link'

export interface CellState {
  readonly isBusy: boolean
  readonly hasRun: boolean
  /** It waits for a prediction. */
  readonly asks: boolean
  readonly shown: readonly Shown[]
}

export interface State {
  /** By the numbers of their pieces. */
  readonly cells: ReadonlyMap<number, CellState>
  readonly log: readonly LogEntry[]
  /** Entries behind this position came with the last call. */
  readonly seen: number
  /** Whether a cell has run since the worker started: before that, the compiler may still be loading. */
  readonly hasStarted: boolean
  /** Why the worker is not there. */
  readonly broken: string | undefined
}

export const untouched: CellState = { isBusy: false, hasRun: false, asks: false, shown: [] }

const GONE = 'what runs the cells is not there; the top of the page says why'

const empty = { cells: new Map<number, CellState>(), log: [], seen: 0 }

export class Visit {
  state: State = { ...empty, hasStarted: false, broken: undefined }
  /** Hears of each change. */
  hear: (state: State) => void = () => {}
  #link: Link | undefined
  #calls: Promise<void> = Promise.resolve()
  #waiting = 0
  /** How many lessons have been opened: what was asked in an earlier one is not shown in this one. */
  #opened = 0

  /** Leaves the lesson that was open; without a number, for none. */
  open(number: number | undefined): void {
    if (this.#waiting > 0 || this.state.broken !== undefined) this.#stop()
    this.#opened++
    this.#set(empty)
    if (number === undefined) return
    this.#call(async ({ calls }) => {
      await calls.open(number)
      return () => {}
    })
  }

  run(piece: number): void {
    this.#ask(piece, ({ calls }) => calls.run(piece))
  }

  /** An empty guess asks for the answer. */
  answer(piece: number, guess: string): void {
    this.#ask(piece, async ({ calls }) => [await calls.answer(piece, guess)])
  }

  #ask(piece: number, ask: (link: Link) => Promise<readonly Ran[]>): void {
    if (this.cell(piece).isBusy) return
    if (this.state.broken !== undefined) {
      this.#refuse(piece, GONE)
      return
    }
    this.#put(piece, { isBusy: true })
    this.#call(async (link) => {
      const all = await ask(link)
      return () => this.#show(all)
    }, piece)
  }

  cell(piece: number): CellState {
    return this.state.cells.get(piece) ?? untouched
  }

  #show(all: readonly Ran[]): void {
    const seen = this.state.log.at(-1)?.position ?? 0
    for (const { piece, shown, asks } of all) this.#put(piece, { shown, asks, hasRun: true })
    this.#set({ log: all.at(-1)?.log ?? this.state.log, seen, hasStarted: true })
  }

  /** @param call returns what is to be done with its result, if it still matters by then */
  #call(call: (link: Link) => Promise<() => void>, piece?: number): void {
    this.#link ??= start((why) => this.#break(why))
    const link = this.#link
    const opened = this.#opened
    const ifStill = (done: () => void) => opened === this.#opened && done()
    this.#waiting++
    this.#calls = this.#calls.then(async () => {
      try {
        ifStill(await call(link))
      } catch (error) {
        const text = error instanceof Error ? error.message : String(error)
        ifStill(() => (piece === undefined ? this.#break(text) : this.#refuse(piece, text)))
      }
      if (link !== this.#link) return
      this.#waiting--
      if (piece !== undefined) ifStill(() => this.#put(piece, { isBusy: false }))
    })
  }

  /** The worker is not there, or no longer: what it was asked will not be answered. */
  #break(why: string): void {
    this.#set({ broken: why })
    for (const [piece, { isBusy }] of this.state.cells) if (isBusy) this.#refuse(piece, GONE)
  }

  #refuse(piece: number, why: string): void {
    this.#put(piece, { isBusy: false, shown: [{ tone: 'problem', text: `This did not run: ${why}` }] })
  }

  #stop(): void {
    this.#link?.end()
    this.#link = undefined
    this.#calls = Promise.resolve()
    this.#waiting = 0
    this.#set({ hasStarted: false, broken: undefined })
  }

  #put(piece: number, change: Partial<CellState>): void {
    this.#set({ cells: new Map(this.state.cells).set(piece, { ...this.cell(piece), ...change }) })
  }

  #set(change: Partial<State>): void {
    this.state = { ...this.state, ...change }
    this.hear(this.state)
  }
}
