/**
 * How far the log is final: no event will appear at this position or an earlier one that is not there now.
 *
 * A position is taken when an event is inserted, and seen when its transaction commits, so that 7 may be seen before 6.
 * Writers hold the log's lock, shared, until they commit; a reader takes it alone for a moment, so that nobody is under
 * way, and notes the last position: that is the read barrier. Writers never wait for one another, and no open
 * transaction of anybody who does not insert events holds a reader up.
 *
 * Where somebody has inserted events and does not commit, the barrier is not waited for longer than a moment, because
 * writers would wait behind it. Then positions are final up to those that were there when the first of those who are
 * under way began, which they say in the key of another lock: whatever holes there are, and whoever asks.
 */
import type { Range } from '../../port/query'
import type { Notification } from '../../port/recorder'
import type { Server } from './server'
import type { Names } from './tables'
import { isLocked } from './told'

/** For how many milliseconds writers are left alone after a barrier that took too long. */
const PAUSE = 2000

export class Final {
  readonly #server: Server
  readonly #names: Names
  readonly #arrived: (position: number) => Promise<void>
  #known = 0
  /** How often what was known was forgotten. */
  #age = 0
  #last: Notification | undefined
  /** Before this, nobody tries the barrier again. */
  #again = 0
  #next: Promise<number> | undefined
  #now: Promise<number> | undefined

  /** @param arrived resolves when those who read have what is recorded up to a position: on a replica, that takes time */
  constructor(server: Server, names: Names, arrived: (position: number) => Promise<void> = async () => {}) {
    this.#server = server
    this.#names = names
    this.#arrived = arrived
  }

  /**
   * Reads a part of the log that is final. As long as what is known to be final fills the limit, as it does for a follower
   * that catches up, nobody needs to look.
   */
  async read(range: Range, read: (range: Range) => Promise<Notification[]>): Promise<Notification[]> {
    for (;;) {
      const age = this.#age
      const found = await this.#read(range, read)
      if (age !== this.#age) continue
      for (const end of [found[0], found.at(-1)]) if (end && end.id > (this.#last?.id ?? 0)) this.#last = end
      return found
    }
  }

  /** The newest event that was read. */
  get last(): Notification | undefined {
    return this.#last
  }

  /** Another server is the primary now: what was final on the old one may be open here. */
  forget(): void {
    this.#age++
    this.#known = 0
  }

  async #read(range: Range, read: (range: Range) => Promise<Notification[]>): Promise<Notification[]> {
    const { after, upTo, limit, descending } = range
    if (upTo <= this.#known) return read(range)
    if (!descending && limit < Infinity && after < this.#known) {
      const found = await read({ ...range, upTo: this.#known })
      if (found.length >= limit) return found
    }
    return read({ ...range, upTo: Math.min(upTo, await this.look()) })
  }

  /** The last final position: each event that was recorded when this was called is at it or before it. */
  look(): Promise<number> {
    // One that is under way may have looked too early. Those that come meanwhile share the next one.
    this.#next ??= (this.#now ?? Promise.resolve(0)).then(
      () => this.#start(),
      () => this.#start(),
    )
    return this.#next
  }

  #start(): Promise<number> {
    this.#now = this.#next
    this.#next = undefined
    return this.#look()
  }

  async #look(): Promise<number> {
    for (;;) {
      const age = this.#age
      const found = performance.now() < this.#again ? await this.#beforeOthers() : await this.#mark()
      await this.#arrived(found)
      if (age !== this.#age) continue
      this.#known = Math.max(this.#known, found)
      return this.#known
    }
  }

  async #mark(): Promise<number> {
    try {
      const [[mark] = []] = await this.#server.ask(`SELECT ${this.#names.final}()`)
      return Number(mark)
    } catch (error) {
      if (!isLocked(error)) throw error
      this.#again = performance.now() + PAUSE
      return this.#beforeOthers()
    }
  }

  async #beforeOthers(): Promise<number> {
    const [[last] = []] = await this.#server.ask(`SELECT ${this.#names.beforeOthers}()`)
    return Number(last)
  }
}
