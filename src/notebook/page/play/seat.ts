/** A worker that plays runs, after the runs before them. Calls are made one after the other. It can be ended at any time. */
import type { Played, Timeline } from '../../history'
import type { NotebookPage, StorePlace } from '../../protocol'
import type { Outcome, Run } from '../../run'
import type { Sights } from '../../sights'
import { alike } from './alike'
import { compiledParts } from './compiled'
import { type KeptLog, keptSights } from './kept-sights'
import { type Link, start } from './link'

/** The worker was ended by `stop`. */
export class Stopped extends Error {}
/** The worker could not start, or it ended by itself. */
export class Died extends Error {
  /** Whether it had started: another one can. */
  readonly hadStarted: boolean
  constructor(why: string, hadStarted: boolean) {
    super(why)
    this.hadStarted = hadStarted
  }
}

const OTHERWISE =
  'Played again, this cell did something else than before: it asks more than the clock and chance. What is shown is from the first time.'

/** Hears of what comes of no run, and while one goes. */
export interface Listener extends Pick<NotebookPage, 'said' | 'saved'> {
  /** A session begins, in which nothing has been played. */
  begins(): void
}

/** Where runs are played. */
export type Line = Timeline & { readonly lesson: number }
/** Where the events of a timeline are to go. */
export type PlaceOf = (timeline: Timeline) => StorePlace | undefined

/** What a worker has played of a timeline. */
export interface Brought {
  /** As they came out now. */
  readonly runs: readonly Played[]
  /** Of its store, which is in memory if `why` says so. */
  readonly folder: string | undefined
  readonly why: string | undefined
}

type Seated = Pick<Line, 'lesson' | 'name'> & Brought

/** A worker, and what it has played. */
export class Seat {
  readonly #link: Link
  readonly #over: Promise<never>
  #stop: (reason: Stopped) => void = () => {}
  readonly #placeOf: PlaceOf
  #at: Seated | undefined
  #hasStarted = false
  #before: Promise<unknown> = Promise.resolve()

  /** Hears this worker while it is the one that the page shows. */
  listener: Listener | undefined

  constructor(placeOf: PlaceOf) {
    this.#placeOf = placeOf
    this.#link = start({
      said: (piece, shown) => this.listener?.said(piece, shown),
      saved: (piece, count) => this.listener?.saved(piece, count),
    })
    const died = this.#link.broken.catch((error: Error) => {
      throw new Died(error.message, this.#hasStarted)
    })
    const stopped = new Promise<never>((_, reject) => {
      this.#stop = reject
    })
    this.#over = Promise.race([died, stopped])
    this.#over.catch(() => {})
  }

  /** Plays what is missing of these runs, on a new store if what it has played is not what they begin with. */
  bring(line: Line, next?: Run): Promise<Brought> {
    return this.#inTurn(() => this.#bring(line, next))
  }

  /** What it has played belongs to a timeline of this name. */
  rename(name: string): void {
    if (this.#at) this.#at = { ...this.#at, name }
  }

  /** @param begins is called when the runs before it have been played */
  play(line: Line, run: Run, begins: () => void): Promise<Outcome> {
    return this.#inTurn(async () => {
      await this.#bring(line, run)
      await this.#unlessOver(compiledParts(run))
      begins()
      return this.#play(run)
    })
  }

  /** Asks for what can be seen; undefined if it has not played just these runs. While it has played none, what was kept of them answers. */
  async look<T>(
    { lesson, name, runs }: Line,
    call: (calls: Sights) => Promise<T>,
    kept?: KeptLog,
  ): Promise<T | undefined> {
    const has = this.#at
    if (kept && has?.runs.length === 0) return this.#call(({ calls }) => call(keptSights(calls, kept)))
    const isThere = has?.lesson === lesson && has.name === name && has.runs.length === runs.length
    if (!isThere || !runs.every((run, at) => isSame(run, has.runs[at]))) return undefined
    return this.#call(({ calls }) => call(calls))
  }

  end(): void {
    this.#link.end()
    this.#stop(new Stopped())
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#before.then(work)
    this.#before = done.catch(() => undefined)
    return done
  }

  /** What it has played of a run whose question waits, it does not play again. */
  async #bring({ lesson, ...timeline }: Line, next?: Run): Promise<Brought> {
    const { name, runs } = timeline
    const has = this.#at
    const played = has?.runs.filter(({ seed }) => seed !== next?.seed) ?? []
    const goesOn = has?.lesson === lesson && has.name === name && played.every((run, at) => isSame(run, runs[at]))
    if (!goesOn) {
      this.#at = undefined
      const place = this.#placeOf(timeline)
      const why = await this.#call(({ calls }) => calls.open(lesson, name, place))
      this.#at = { lesson, name, runs: [], folder: place?.folder, why }
      this.listener?.begins()
    }
    for (const run of runs.slice(goesOn ? played.length : 0)) {
      const outcome = await this.#play(run)
      if (run.outcome && !alike(outcome, run.outcome))
        this.listener?.said(run.piece, { tone: 'plain', text: OTHERWISE })
    }
    return this.#at as Seated
  }

  async #play({ outcome: _, ...run }: Played): Promise<Outcome> {
    const cells = await this.#unlessOver(compiledParts(run))
    const outcome = await this.#call(({ calls }) => calls.play(run, cells))
    const at = this.#at as Seated
    this.#at = { ...at, runs: [...at.runs.filter((each) => each.seed !== run.seed), { ...run, outcome }] }
    return outcome
  }

  /** Asks for something while nothing is played. */
  ask<T>(call: (calls: Link['calls']) => Promise<T>): Promise<T> {
    return this.#inTurn(() => this.#call(({ calls }) => call(calls)))
  }

  async #call<T>(call: (link: Link) => Promise<T>): Promise<T> {
    const result = await this.#unlessOver(call(this.#link))
    this.#hasStarted = true
    return result
  }

  #unlessOver<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.#over])
  }
}

const isSame = (one: Run, other: Run | undefined): boolean =>
  one.seed === other?.seed && one.piece === other.piece && one.guess === other.guess
