/**
 * What somebody does in "Your turn" of a lesson: files that are edited, and what came of checking them. It outlives the
 * drawing of the lesson, so who comes back finds the verdict too.
 */
import type { Line } from '../../../course/report'
import { hintOf, type Place, type Verdict } from '../../../course/verdict'
import { check, hint } from '../../judge/check'
import { type Files, startOf } from '../../judge/files'
import { types, untilLoaded } from '../../types/client'
import { whenKept } from '../common/keep'
import { asideWith, type Edits, editsOf, firstOf, keepEdits, nameOf, replaced, same } from './edits'
import { pass } from './passed'

/** What came of a check. */
export interface Result {
  readonly verdict: Verdict
  readonly lines: readonly Line[]
  /** The levels of the hint that were asked for after the first. */
  readonly hints: readonly (readonly Line[])[]
  /** What was checked. */
  readonly files: Files
}

export interface State extends Edits {
  /** The name of the file that is shown. */
  readonly shown: string
  readonly isChecking: boolean
  /** It waits for TypeScript. */
  readonly isLoading: boolean
  readonly result: Result | undefined
  /** Why there is no result. */
  readonly failed: string | undefined
  /** What was removed last, and where it was. */
  readonly removed: { readonly name: string; readonly before: Files } | undefined
  /** Whether the browser keeps the edits. */
  readonly isKept: boolean
}

const desks = new Map<number, Desk>()

export function deskOf(lesson: number): Desk {
  const desk = desks.get(lesson) ?? new Desk(lesson)
  desks.set(lesson, desk)
  return desk
}

whenKept((name) => {
  for (const desk of desks.values()) if (name === nameOf(desk.lesson)) desk.reread()
})

export class Desk {
  state: State
  readonly #hearers = new Set<(state: State) => void>()
  #running: AbortController | undefined

  constructor(readonly lesson: number) {
    const edits = editsOf(lesson)
    const shown = firstOf(lesson, edits.files)
    this.state = {
      ...edits,
      shown,
      isChecking: false,
      isLoading: false,
      result: undefined,
      failed: undefined,
      removed: undefined,
      isKept: true,
    }
  }

  /** Hears of each change, until what is returned is called. */
  hear(hearer: (state: State) => void): () => void {
    this.#hearers.add(hearer)
    return () => void this.#hearers.delete(hearer)
  }

  show(name: string): void {
    this.#set({ shown: name })
  }

  write(name: string, code: string): void {
    if (this.state.files.get(name) !== code) this.#keep({ files: new Map(this.state.files).set(name, code) })
  }

  add(name: string): void {
    this.#keep({ files: new Map(this.state.files).set(name, '') }, { shown: name })
  }

  /** Its tab stays where it is. */
  rename(from: string, to: string): void {
    const files = new Map([...this.state.files].map(([name, code]) => [name === from ? to : name, code]))
    this.#keep({ files }, { shown: to })
  }

  remove(name: string): void {
    const { files } = this.state
    const names = [...files.keys()]
    const rest = names.filter((each) => each !== name)
    const next = rest[Math.min(names.indexOf(name), rest.length - 1)]
    if (next === undefined) return
    const left = new Map(rest.map((each) => [each, files.get(each) as string]))
    this.#keep({ files: left }, { shown: next, removed: { name, before: files } })
  }

  /** Takes back the last removal; what was written since stays. */
  restore(): void {
    const { removed, files } = this.state
    if (!removed) return
    const { name, before } = removed
    const names = [...new Set([...before.keys(), ...files.keys()])].filter((each) => each === name || files.has(each))
    const all = new Map(names.map((each) => [each, files.get(each) ?? (before.get(each) as string)]))
    this.#keep({ files: all }, { shown: name, removed: undefined })
  }

  /** With other files: those of the start, or some that were put aside. What was there is put aside. */
  take(files: Files): void {
    const { lesson, state } = this
    const shown = files.has(state.shown) ? state.shown : firstOf(lesson, files)
    this.#keep(replaced(state, files, lesson, Date.now()), { shown, removed: undefined })
  }

  /** The learner has seen what an author changed, and goes on with the own files. */
  goOn(): void {
    this.#keep({ from: startOf(this.lesson) })
  }

  /** Takes files that came from elsewhere; where something is written already, that stays, and they are an earlier version. */
  receive(files: Files): void {
    if (same(this.state.files, startOf(this.lesson))) this.take(files)
    else this.#keep(asideWith(this.state, files, Date.now()))
  }

  beginAgain(): void {
    this.take(startOf(this.lesson))
  }

  /** Another page of this browser has changed the files. */
  reread(): void {
    const edits = editsOf(this.lesson)
    const shown = edits.files.has(this.state.shown) ? this.state.shown : firstOf(this.lesson, edits.files)
    this.#set({ ...edits, shown })
  }

  async check(): Promise<void> {
    if (this.#running) return
    const running = new AbortController()
    this.#running = running
    const { lesson } = this
    const { files, result: before } = this.state
    const loading = untilLoaded()
    this.#set({ isChecking: true, isLoading: loading !== undefined, failed: undefined })
    void loading?.then(() => running === this.#running && this.#set({ isLoading: false }))
    let change: Partial<State>
    try {
      const complaints = (lesson: number, files: Files) => types().complaints(lesson, files)
      const { verdict, lines } = await check(lesson, files, { complaints, signal: running.signal })
      // Who has seen more of the same hint need not ask again.
      const hints = before && hintOf(before.verdict) === hintOf(verdict) ? before.hints : []
      change = { result: { verdict, lines, files, hints } }
      if (verdict.outcome === 'passed') pass(lesson, files)
    } catch (error) {
      change = { failed: error instanceof Error ? error.message : String(error) }
    }
    if (running !== this.#running) return
    this.#running = undefined
    this.#set({ ...change, isChecking: false })
  }

  /** Ends a check, if one is running. */
  stop(): void {
    this.#running?.abort()
    this.#running = undefined
    this.#set({ isChecking: false })
  }

  /** Shows another level of the hint. */
  more(): void {
    const { result } = this.state
    const id = result && hintOf(result.verdict)
    if (!result || id === undefined) return
    const lines = hint(this.lesson, id, result.hints.length + 2)
    if (lines.length > 0) this.#set({ result: { ...result, hints: [...result.hints, lines] } })
  }

  #keep(edits: Partial<Edits>, change: Partial<State> = {}): void {
    const state = { ...this.state, ...change, ...edits }
    this.#set({ ...state, isKept: keepEdits(this.lesson, state) })
  }

  #set(change: Partial<State>): void {
    this.state = { ...this.state, ...change }
    for (const hear of this.#hearers) hear(this.state)
  }
}

/** Where in the learner's files a verdict sees the mistake. */
export function placeOf(verdict: Verdict): Place | undefined {
  const told =
    verdict.outcome === 'not yet' ? verdict.slip : verdict.outcome === 'unloadable' ? verdict.trouble : undefined
  return told?.place ?? told?.complaint?.place
}
