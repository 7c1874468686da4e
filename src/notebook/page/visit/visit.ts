/**
 * What the reader does on the open lesson: its history, and what is said beside it.
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
  isUnread,
  type Plan,
  played,
  running,
  type Timeline,
  wholeOf,
  withTimeline,
} from '../../history'
import type { Lesson } from '../../lessons'
import { lastOf, logOf } from '../../log-of'
import type { Run, Shown } from '../../run'
import type { Sights } from '../../sights'
import { prepareCompiler, readable } from '../play/compiled'
import { Player } from '../play/player'
import { Died, type Line } from '../play/seat'
import { type Begun, readOff } from './changes'
import { InTurn, type IsStill } from './in-turn'
import type { Keeper, Opened } from './keeper'
import { Board, chance, keptWith, knownOf, nowhere } from './visit-state'
import * as words from './visit-words'

export class Visit extends Board {
  readonly player: Player
  readonly #keeper: Keeper
  #lesson: Lesson | undefined
  readonly #asked = new InTurn()
  /** The run that goes, or whose turn it is: its piece, and since when its events may be in a store. */
  #going: { readonly piece: number; readonly begun?: Begun } | undefined

  constructor(keeper: Keeper) {
    super()
    this.#keeper = keeper
    const said = (piece: number, shown: Shown) => this.note(piece, { ...shown, isLate: true })
    // What timers of another session have said, they say again.
    const begins = () =>
      this.set({ notes: new Map([...this.state.notes].map(([at, all]) => [at, all.filter(({ isLate }) => !isLate)])) })
    this.player = new Player({ said, begins, saved: (piece, count) => this.saved(piece, count) }, keeper.placeOf)
  }

  /** Leaves the lesson that was open; without one, for none. What is asked meanwhile waits for what there is of it. */
  open(lesson: Lesson | undefined, opening?: Promise<Opened>): void {
    this.#leave()
    this.#lesson = lesson
    this.set({ ...nowhere, history: begun(lesson?.number ?? 0, lesson?.hash ?? '') })
    if (opening)
      this.#inTurn(async (isStill) => {
        const opened = await opening
        if (isStill()) await this.#show(opened)
      })
  }

  /** Shows another history of the open lesson; unless it `plays`, nothing of it runs. */
  show(opened: Opened, plays = false): void {
    this.#leave()
    this.#inTurn(() => this.#show(opened, plays))
  }

  #leave(): void {
    if (this.state.busy.size > 0) this.player.leave()
    this.set({ busy: new Set() })
    this.#going = undefined
    this.#asked.drop()
  }

  async #show({ history, isReadOnly }: Opened, plays = false): Promise<void> {
    this.set({ ...nowhere, busy: this.state.busy, history, isReadOnly, seen: lastOf(currentOf(history)) })
    // A worker that has started is quicker with the first run.
    if (!isReadOnly) await this.#bring(plays ? undefined : { ...currentOf(history), runs: [] })
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
    this.player.stop()
    this.#beginAgain(words.STOPPED)
  }

  /** Puts code into a cell; null puts the lesson's own there. */
  edit(piece: number, code: string | null): void {
    prepareCompiler()
    const own = this.#lesson?.pieces[piece]?.cell?.text
    const typed = code === own ? null : code
    this.#keeper.typed(piece, typed)
    this.#change(edited(this.state.history, piece, typed))
  }

  /** Remembers something that has to do with no run, such as where a view is stopped. */
  remember(change: (history: History) => History): void {
    this.#change(change(this.state.history))
  }

  /** What is done beside the runs does not wait for them. */
  #change(history: History): void {
    this.set({ history })
    void this.#keeper.changed(keptWith(history, this.#going?.begun))
  }

  /** Shows another timeline, and plays its runs. */
  backTo(timeline: string): void {
    this.stop()
    const history = backTo(this.state.history, timeline)
    this.set({ history, notes: new Map(), seen: lastOf(currentOf(history)) })
    void this.#keeper.changed(history)
    if (!this.state.isReadOnly) this.#inTurn(() => this.#bring())
  }

  /**
   * Asks for what can be seen of the timeline that is shown, after what was asked before. Nothing runs for it.
   *
   * @returns undefined if its runs have not been played here, and what is kept does not say it
   * @throws Stopped if the worker is ended before it answers
   */
  look<T>(call: (calls: Sights) => Promise<T>): Promise<T | undefined> {
    return this.#asked.look(() =>
      this.player.look(this.#line(), call, this.#keeper.keptOf(currentOf(this.state.history))),
    )
  }

  async #bring(timeline?: Timeline): Promise<void> {
    await this.player.bring(this.#line(timeline))
    // Nothing waits for these.
    for (const each of this.state.history.timelines.filter(isUnread)) void this.#read(each)
  }

  #line(timeline = currentOf(this.state.history)): Line {
    return { lesson: this.state.history.lesson, ...timeline, runs: wholeOf(timeline.runs) }
  }

  /** A worker is gone: another one plays what there was, and what was asked is not done. */
  #beginAgain(why: string): void {
    const { piece = [...this.state.busy][0], begun } = this.#going ?? {}
    this.#going = undefined
    this.#asked.drop()
    this.set({ busy: new Set() })
    if (piece !== undefined) this.note(piece, { tone: 'plain', text: why, isStop: true })
    const aside = begun && this.#keeper.stopped(this.state.history, begun)
    // It is kept at once: whoever leaves now finds it when he comes back.
    this.#change(aside ? withTimeline(this.state.history, aside) : this.state.history)
    this.#inTurn(() => this.#bring())
  }

  /** What a run had saved that was ended is on a timeline of its own. */
  async #read(aside: Timeline): Promise<void> {
    const events = await this.#keeper.read(aside)
    if (!events || !this.state.history.timelines.includes(aside)) return
    this.#change(readOff(this.state.history, aside, events))
    const { piece } = aside.runs.at(-1) as Run
    if (events.length > 0) this.note(piece, { tone: 'plain', text: words.setAside(aside.name, events.length) })
  }

  #ask(piece: number, plan: () => Plan): void {
    if (this.state.busy.has(piece)) return
    const said = this.state.notes.get(piece) ?? []
    this.busy(piece, true)
    if (this.state.broken !== undefined) this.#refuse(piece, words.GONE)
    else
      this.#inTurn(async (isStill) => {
        const planned = this.state.isReadOnly ? undefined : plan()
        if (planned) await this.#carryOut(planned, isStill)
        if (!isStill()) return
        this.busy(piece, false)
        if (planned?.runs.length === 0) for (const each of words.sameAgain(said)) this.note(piece, each)
      }, piece)
  }

  async #carryOut({ on, runs }: Plan, isStill: IsStill): Promise<void> {
    const { lesson } = this.state.history
    const [before, asked] = [logOf(on).at(-1), runs.at(-1)?.piece]
    let timeline = on
    for (const planned of runs) {
      this.#going = { piece: planned.piece }
      this.busy(planned.piece, true)
      const { run, mistake } = await readable(planned)
      if (!isStill()) return
      if (mistake) {
        this.#refuse(run.piece, words.wrongIn(run.code as string, mistake), run.code)
        if (asked !== run.piece) this.#refuse(asked as number, words.ABOVE)
        return
      }
      const brought = await this.player.bring({ lesson, ...timeline }, run)
      if (!isStill()) return
      const on = await this.#keeper.compared(this.state.history, timeline, brought)
      this.player.rename(on.name)
      this.#going = { piece: run.piece, begun: { on, run } }
      await this.#keeper.begins(keptWith(this.state.history, { on, run }), on, brought)
      if (!isStill()) return
      const outcome = await this.player.play({ lesson, ...on }, run)
      if (!isStill()) return
      const { history } = this.state
      await this.#keeper.changed(played(history, on, { ...run, outcome }).history)
      if (!isStill()) return
      // What was typed while that was kept stays.
      const after = played(this.state.history, on, { ...run, outcome })
      if (this.state.history !== history) void this.#keeper.changed(after.history)
      this.#going = undefined
      timeline = after.on
      this.set({ history: after.history, seen: knownOf(timeline, before), hasStarted: true })
      if (run.piece !== asked) this.busy(run.piece, false)
    }
  }

  /** @param piece the one that the work is for; without one, it is for the lesson */
  #inTurn(work: (isStill: IsStill) => Promise<void>, piece?: number): void {
    this.#asked.ask(work, (error) => this.#failed(error, piece))
  }

  #failed(error: unknown, piece: number | undefined): void {
    const why = (error as Error | undefined)?.message ?? String(error)
    if (error instanceof Died && error.hadStarted && this.#going !== undefined) this.#beginAgain(words.died(why))
    else if (piece === undefined || error instanceof Died) this.#break(why)
    else this.#refuse(piece, why)
  }

  /** No worker is there: what was asked will not be done. */
  #break(why: string): void {
    const { busy } = this.state
    this.set({ broken: why, busy: new Set() })
    for (const piece of busy) this.#refuse(piece, words.GONE)
  }

  /** @param of the code that it is about, if it is about that alone */
  #refuse(piece: number, why: string, of?: string): void {
    this.#going = undefined
    this.busy(piece, false)
    this.note(piece, { tone: 'problem', text: `This did not run: ${why}`, ...(of !== undefined && { of }) })
  }
}
