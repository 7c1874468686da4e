/**
 * Plays runs in a worker, after the runs before them. The worker can be ended at any time, whatever it is doing: another one
 * plays the runs before again. Calls are made one after the other.
 */
import type { Timeline } from '../history'
import type { NotebookPage } from '../protocol'
import type { Outcome, Run } from '../run'
import type { Sights } from '../sights'
import { compiled } from './compiled'
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

/** When a run has taken as long, in milliseconds, another worker begins to play the runs before it. */
const LONG = 300

const OTHERWISE =
  'Played again, this cell did something else than before: it asks more than the clock and chance. What is shown is from the first time.'

/** Hears of what comes of no run. */
export interface Listener extends Pick<NotebookPage, 'said'> {
  /** A session begins, in which nothing has been played. */
  begins(): void
}

/** Where runs are played. */
type Place = Pick<Timeline, 'name' | 'runs'> & { readonly lesson: number }

/** A worker, and what it has played. */
class Seat {
  readonly #link: Link
  readonly #over: Promise<never>
  #stop: (reason: Stopped) => void = () => {}
  #at: Place | undefined
  #hasStarted = false
  #before: Promise<unknown> = Promise.resolve()

  /** Hears this worker while it is the one that the page shows. */
  listener: Listener | undefined

  constructor() {
    this.#link = start({ said: (piece, shown) => this.listener?.said(piece, shown) })
    const died = this.#link.broken.catch((error: Error) => {
      throw new Died(error.message, this.#hasStarted)
    })
    const stopped = new Promise<never>((_, reject) => {
      this.#stop = reject
    })
    this.#over = Promise.race([died, stopped])
    this.#over.catch(() => {})
  }

  /** Plays what is missing of these runs, on an empty store if what it has played is not what they begin with. */
  bring(place: Place): Promise<void> {
    return this.#inTurn(() => this.#bring(place))
  }

  /** @param begins is called when the runs before it have been played */
  play(place: Place, run: Run, begins: () => void): Promise<Outcome> {
    return this.#inTurn(async () => {
      await this.#bring(place, run)
      if (run.code !== undefined) await this.#unlessOver(compiled(run.code))
      begins()
      return this.#play(run)
    })
  }

  /** Asks for what can be seen; undefined if it has not played just these runs. */
  async look<T>({ lesson, name, runs }: Place, call: (calls: Sights) => Promise<T>): Promise<T | undefined> {
    const has = this.#at
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
  async #bring({ lesson, name, runs }: Place, next?: Run): Promise<void> {
    const has = this.#at
    const played = has?.runs.filter(({ seed }) => seed !== next?.seed) ?? []
    const goesOn = has?.lesson === lesson && has.name === name && played.every((run, at) => isSame(run, runs[at]))
    if (!goesOn) {
      this.#at = undefined
      await this.#call(({ calls }) => calls.open(lesson, name))
      this.#at = { lesson, name, runs: [] }
      this.listener?.begins()
    }
    for (const run of runs.slice(goesOn ? played.length : 0)) {
      const outcome = await this.#play(run)
      if (run.outcome && JSON.stringify(outcome) !== JSON.stringify(run.outcome))
        this.listener?.said(run.piece, { tone: 'plain', text: OTHERWISE })
    }
  }

  async #play({ piece, code, guess, seed, time }: Run): Promise<Outcome> {
    const run: Run = { piece, seed, time, ...(code !== undefined && { code }), ...(guess !== undefined && { guess }) }
    const cell = code === undefined ? undefined : await this.#unlessOver(compiled(code))
    const outcome = await this.#call(({ calls }) => calls.play(run, cell))
    const { runs, ...place } = this.#at as Place
    this.#at = { ...place, runs: [...runs.filter((each) => each.seed !== seed), run] }
    return outcome
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

export class Player {
  readonly #listener: Listener
  #seat: Seat | undefined
  /** It plays what was before the run that takes long. */
  #spare: Seat | undefined

  constructor(listener: Listener) {
    this.#listener = listener
  }

  /** Brings a worker to where these runs lead: the next run is quicker then. */
  async ready(place: Place): Promise<void> {
    await this.#playing((seat) => seat.bring(place))
  }

  /**
   * Plays a run after those.
   *
   * @throws Stopped, Died
   */
  async play(place: Place, run: Run): Promise<Outcome> {
    return this.#playing(async (seat) => {
      let timer: ReturnType<typeof setTimeout> | undefined
      const begins = () => {
        timer = setTimeout(() => this.#prepare(place), LONG)
      }
      try {
        return await seat.play(place, run, begins)
      } finally {
        clearTimeout(timer)
      }
    })
  }

  /** Asks for what can be seen where these runs lead; undefined if nobody has played them here. */
  async look<T>(place: Place, call: (calls: Sights) => Promise<T>): Promise<T | undefined> {
    return this.#playing((seat) => seat.look(place, call))
  }

  /** Ends the worker; what it was asked, rejects with Stopped. The next run finds another one. */
  stop(): void {
    const seat = this.#seat
    this.#seat = this.#spare
    this.#spare = undefined
    if (seat) seat.listener = undefined
    this.#listener.begins()
    seat?.end()
  }

  /** Stops, and keeps nothing. */
  leave(): void {
    this.stop()
    this.stop()
  }

  async #playing<T>(work: (seat: Seat) => Promise<T>): Promise<T> {
    this.#seat ??= new Seat()
    const seat = this.#seat
    seat.listener = this.#listener
    try {
      return await work(seat)
    } catch (error) {
      if (error instanceof Died && seat === this.#seat) this.stop()
      throw error
    }
  }

  #prepare(place: Place): void {
    this.#spare ??= new Seat()
    const spare = this.#spare
    spare.bring(place).catch(() => {
      spare.end()
      if (this.#spare === spare) this.#spare = undefined
    })
  }
}
