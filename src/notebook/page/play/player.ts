/**
 * Plays runs in a worker, after the runs before them. The worker can be ended at any time, whatever it is doing: another one
 * plays the runs before again.
 */
import type { Outcome, Run } from '../../run'
import type { Sights } from '../../sights'
import type { KeptLog } from './kept-sights'
import type { Link } from './link'
import { type Brought, Died, type Line, type Listener, type PlaceOf, Seat } from './seat'

/** When a run has taken as long, in milliseconds, another worker begins to play the runs before it. */
const LONG = 300

export class Player {
  readonly #listener: Listener
  readonly #placeOf: PlaceOf
  #seat: Seat | undefined
  /** It plays what was before the run that takes long. */
  #spare: Seat | undefined

  constructor(listener: Listener, placeOf: PlaceOf) {
    this.#listener = listener
    this.#placeOf = placeOf
  }

  /**
   * Brings a worker to where these runs lead.
   *
   * @param next is to be played then: what has been played of it, as its question waits, counts not
   * @throws Stopped, Died
   */
  async bring(line: Line, next?: Run): Promise<Brought> {
    return this.#playing((seat) => seat.bring(line, next))
  }

  /** What has been played belongs to a timeline of this name. */
  rename(name: string): void {
    this.#seat?.rename(name)
  }

  /** Asks a worker for what has to do with no run. */
  async ask<T>(call: (calls: Link['calls']) => Promise<T>): Promise<T> {
    return this.#playing((seat) => seat.ask(call))
  }

  /**
   * Plays a run after those.
   *
   * @throws Stopped, Died
   */
  async play(line: Line, run: Run): Promise<Outcome> {
    return this.#playing(async (seat) => {
      let timer: ReturnType<typeof setTimeout> | undefined
      const begins = () => {
        timer = setTimeout(() => this.#prepare(line), LONG)
      }
      try {
        return await seat.play(line, run, begins)
      } finally {
        clearTimeout(timer)
      }
    })
  }

  /** Asks for what can be seen where these runs lead; undefined if nobody has played them here, and nothing of them was kept. */
  async look<T>(line: Line, call: (calls: Sights) => Promise<T>, kept?: KeptLog): Promise<T | undefined> {
    // Nobody is started for it: where there is only something to be read, nothing runs.
    return this.#seat && this.#playing((seat) => seat.look(line, call, kept))
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
    this.#seat ??= new Seat(this.#placeOf)
    const seat = this.#seat
    seat.listener = this.#listener
    try {
      return await work(seat)
    } catch (error) {
      if (error instanceof Died && seat === this.#seat) this.stop()
      throw error
    }
  }

  #prepare(line: Line): void {
    this.#spare ??= new Seat(this.#placeOf)
    const spare = this.#spare
    spare.bring(line).catch(() => {
      spare.end()
      if (this.#spare === spare) this.#spare = undefined
    })
  }
}
