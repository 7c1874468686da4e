/**
 * What the reader does on the open lesson: its history, and what is said beside it. It changes by what the reader asks for, and
 * by what comes of the runs.
 *
 * Whatever is asked is done after what was asked before it. Whoever goes to another lesson does not wait: a worker that is busy
 * is ended.
 */
import {
  answering,
  backTo,
  begun,
  currentOf,
  edited,
  type History,
  logOf,
  type Plan,
  played,
  running,
} from '../history'
import type { Lesson } from '../lessons'
import type { Shown } from '../run'
import type { Sights } from '../sights'
import { prepareCompiler } from './compiled'
import { Died, Player, Stopped } from './player'

export interface State {
  readonly history: History
  /** The pieces whose cells run, or are to run. */
  readonly busy: ReadonlySet<number>
  /** What is said below a cell, by its piece, besides what came of its run. */
  readonly notes: ReadonlyMap<number, readonly Note[]>
  /** Entries of the log behind this position came with the last thing that ran. */
  readonly seen: number
  /** Whether a cell has run since the page was opened: before that, its worker may still be loading. */
  readonly hasStarted: boolean
  /** Why no worker can start. */
  readonly broken: string | undefined
}

/** `isLate`: code said it after its run had ended. */
export type Note = Shown & { readonly isLate?: true }

const GONE = 'what runs the cells is not there; the top of the page says why'
const STOPPED = 'Stopped. The log and the names are what they were before this cell.'
const died = (why: string) =>
  `What ran this cell has ended by itself (${why}). The log and the names are what they were before this cell.`

const nowhere = { history: begun(0, ''), busy: new Set<number>(), notes: new Map<number, Note[]>(), seen: 0 }

/** Where and when a run begins. */
const chance = () => ({ seed: crypto.getRandomValues(new Uint32Array(1))[0] as number, time: Date.now() })

export class Visit {
  state: State = { ...nowhere, hasStarted: false, broken: undefined }
  /** Hears of each change. */
  hear: (state: State) => void = () => {}
  readonly #player = new Player({
    said: (piece, shown) => this.#note(piece, { ...shown, isLate: true }),
    // What timers of another session have said, they say again.
    begins: () => this.#keepNotes(({ isLate }) => !isLate),
  })
  #lesson: Lesson | undefined
  #asked: Promise<void> = Promise.resolve()
  /** What was asked before it grew is not done, or not shown. */
  #era = 0
  /** The piece whose run goes. */
  #going: number | undefined

  /** Leaves the lesson that was open; without one, for none. Nothing runs, also if there is a history. */
  open(lesson: Lesson | undefined, history?: History): void {
    if (this.state.busy.size > 0) this.#player.leave()
    this.#lesson = lesson
    this.#era++
    this.#asked = Promise.resolve()
    this.#set({ ...nowhere, history: history ?? begun(lesson?.number ?? 0, lesson?.hash ?? ''), broken: undefined })
    if (lesson) this.#inTurn(() => this.#player.ready({ ...this.#place(), runs: [] }))
  }

  /** Runs a cell, after those before it that have not run; if it has run, again, on another timeline. */
  run(piece: number): void {
    this.#ask(piece, () => running(this.state.history, this.#lesson?.pieces ?? [], piece, chance))
  }

  /** An empty guess asks for the answer. */
  answer(piece: number, guess: string): void {
    this.#ask(piece, () => answering(this.state.history, guess))
  }

  /** Stops whatever runs. The state is that from before the cell; what was to run after it does not run. */
  stop(): void {
    if (this.state.busy.size === 0) return
    this.#player.stop()
    this.#beginAgain(STOPPED)
  }

  /** Puts code into a cell; null puts the lesson's own there. */
  edit(piece: number, code: string | null): void {
    prepareCompiler()
    const own = this.#lesson?.pieces[piece]?.cell?.text
    this.#set({ history: edited(this.state.history, piece, code === own ? null : code) })
  }

  /** Shows another timeline, and plays its runs. */
  backTo(timeline: string): void {
    this.stop()
    this.#set({ history: backTo(this.state.history, timeline), notes: new Map() })
    this.#set({ seen: lastOf(this.state.history) })
    this.#inTurn(() => this.#player.ready(this.#place()))
  }

  /**
   * Asks for what can be seen of the timeline that is shown, after what was asked before. Nothing runs for it.
   *
   * @returns undefined if its runs have not been played here
   * @throws Stopped if the worker is ended before it answers
   */
  look<T>(call: (calls: Sights) => Promise<T>): Promise<T | undefined> {
    const era = this.#era
    const seen = this.#asked.then(() => {
      if (era !== this.#era) throw new Stopped()
      return this.#player.look(this.#place(), call)
    })
    this.#asked = seen.then(
      () => {},
      () => {},
    )
    return seen
  }

  #place() {
    const { lesson } = this.state.history
    return { lesson, ...currentOf(this.state.history) }
  }

  /** A worker is gone: another one plays what there was, and what was asked is not done. */
  #beginAgain(why: string): void {
    const piece = this.#going ?? [...this.state.busy][0]
    this.#era++
    this.#going = undefined
    this.#asked = Promise.resolve()
    this.#set({ busy: new Set() })
    if (piece !== undefined) this.#note(piece, { tone: 'plain', text: why })
    this.#inTurn(() => this.#player.ready(this.#place()))
  }

  #ask(piece: number, plan: () => Plan): void {
    if (this.state.busy.has(piece)) return
    this.#busy(piece, true)
    if (this.state.broken !== undefined) {
      this.#refuse(piece, GONE)
      return
    }
    this.#inTurn(async (isStill) => {
      await this.#carryOut(plan(), isStill)
      if (isStill()) this.#busy(piece, false)
    }, piece)
  }

  async #carryOut({ on, runs }: Plan, isStill: () => boolean): Promise<void> {
    const { lesson } = this.state.history
    const before = logOf(on).at(-1)
    const asked = runs.at(-1)?.piece
    let timeline = on
    for (const run of runs) {
      this.#going = run.piece
      this.#busy(run.piece, true)
      const outcome = await this.#player.play({ lesson, ...timeline }, run)
      if (!isStill()) return
      this.#going = undefined
      const after = played(this.state.history, timeline, { ...run, outcome })
      timeline = after.on
      // On another store, all is new.
      const seen = logOf(timeline).at(-1)?.store === before?.store ? (before?.position ?? 0) : 0
      this.#set({ history: after.history, seen, hasStarted: true })
      if (run.piece !== asked) this.#busy(run.piece, false)
    }
  }

  /** @param piece the one that the work is for; without one, it is for the lesson */
  #inTurn(work: (isStill: () => boolean) => Promise<void>, piece?: number): void {
    const era = this.#era
    const isStill = () => era === this.#era
    this.#asked = this.#asked.then(async () => {
      try {
        if (isStill()) await work(isStill)
      } catch (error) {
        if (isStill() && !(error instanceof Stopped)) this.#failed(error, piece)
      }
    })
  }

  #failed(error: unknown, piece: number | undefined): void {
    const why = error instanceof Error ? error.message : String(error)
    if (error instanceof Died && error.hadStarted && this.#going !== undefined) this.#beginAgain(died(why))
    else if (piece === undefined || error instanceof Died) this.#break(why)
    else this.#refuse(piece, why)
  }

  /** No worker is there: what was asked will not be done. */
  #break(why: string): void {
    const { busy } = this.state
    this.#set({ broken: why, busy: new Set() })
    for (const piece of busy) this.#refuse(piece, GONE)
  }

  #refuse(piece: number, why: string): void {
    this.#going = undefined
    this.#busy(piece, false)
    this.#note(piece, { tone: 'problem', text: `This did not run: ${why}` })
  }

  /** What was said below a cell goes when it runs. */
  #busy(piece: number, isBusy: boolean): void {
    const [busy, notes] = [new Set(this.state.busy), new Map(this.state.notes)]
    if (isBusy) notes.delete(piece)
    if (isBusy) busy.add(piece)
    else busy.delete(piece)
    this.#set({ busy, notes })
  }

  #note(piece: number, note: Note): void {
    const before = this.state.notes.get(piece) ?? []
    this.#set({ notes: new Map(this.state.notes).set(piece, [...before, note]) })
  }

  #keepNotes(which: (note: Note) => boolean): void {
    this.#set({ notes: new Map([...this.state.notes].map(([piece, notes]) => [piece, notes.filter(which)])) })
  }

  #set(change: Partial<State>): void {
    this.state = { ...this.state, ...change }
    this.hear(this.state)
  }
}

const lastOf = (history: History): number => logOf(currentOf(history)).at(-1)?.position ?? 0
