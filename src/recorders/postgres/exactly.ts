/**
 * Writes that happen exactly once, although a connection may be cut between a commit and its acknowledgement.
 *
 * Each write has a number, which is recorded with its result in the same transaction. After a cut, the number is
 * recorded without a result: this waits for the transaction that was under way, if it still is, and then either it was
 * there first, and its result is read; or it was not, and cannot be any more, so that the write can be made again.
 */
import { OutcomeUnknownError } from '../../errors'
import { CutError, type Given, type Server } from './server'
import type { Names } from './tables'
import { toldCut } from './told'

/** After so many writes, the numbers of those that nobody can ask for any more are deleted. */
const KEPT = 100
/** A write that is cut so often may be what cuts the connections. */
const TRIES = 10
/** Those of writers that write no more are kept for a day longer than this. */
const DAYS = 6

export class Exactly {
  readonly #server: Server
  readonly #names: Names
  readonly #writer = crypto.randomUUID()
  #last = 0
  /** The numbers of writes that have no answer yet. */
  readonly #underWay = new Set<number>()
  /** When the last ones were acknowledged, by number. */
  readonly #acknowledged = new Map<number, number>()

  constructor(server: Server, names: Names) {
    this.#server = server
    this.#names = names
  }

  /**
   * Calls a function, the first arguments of which are the writer and the number, and which returns its result.
   *
   * @throws DatabaseUnavailableError if there is no server, so that nothing was recorded
   * @throws OutcomeUnknownError if it went away in the middle, and does not come back
   */
  async once(name: string, given: readonly Given[]): Promise<string> {
    const places = given.map((_, at) => `$${at + 3}`).join(', ')
    for (let tries = 1; ; tries++) {
      const number = ++this.#last
      this.#underWay.add(number)
      try {
        const [[result] = []] = await this.#server.tell(`SELECT ${name}($1, $2, ${places})`, [
          this.#writer,
          number,
          ...given,
        ])
        if (number % KEPT === 0) await this.#forget()
        this.#acknowledge(number)
        return result as string
      } catch (error) {
        if (!(error instanceof CutError)) throw error
        const result = await this.#settle(number)
        if (result !== null) {
          this.#acknowledge(number)
          return result
        }
        if (tries === TRIES) throw toldCut(error, this.#server.name)
      } finally {
        this.#underWay.delete(number)
      }
    }
  }

  /** Writes that were acknowledged, and that the server should have. */
  get latest(): { readonly writer: string; readonly numbers: readonly number[] } {
    const since = Date.now() - DAYS * 86_400_000
    return {
      writer: this.#writer,
      numbers: [...this.#acknowledged].flatMap(([number, at]) => (at > since ? [number] : [])),
    }
  }

  #acknowledge(number: number): void {
    this.#acknowledged.set(number, Date.now())
    if (this.#acknowledged.size > 10) this.#acknowledged.delete(this.#acknowledged.keys().next().value as number)
  }

  /** The result of a write whose connection was cut; null if it was not recorded, and never will be. */
  async #settle(number: number): Promise<string | null> {
    try {
      const [[result] = []] = await this.#server.ask(`SELECT ${this.#names.settle}($1, $2)`, [this.#writer, number])
      return result ?? null
    } catch (error) {
      // Whatever is said now, it says nothing of what was under way.
      const { message } = ((error as Error).cause ?? error) as Error
      throw new OutcomeUnknownError(
        `${this.#server.name} went away while something was recorded, and does not say whether it is: ${message}. Load again when it is there, and look`,
        { cause: error },
      )
    }
  }

  async #forget(): Promise<void> {
    const first = Math.min(...this.#underWay)
    for (const each of this.#acknowledged.keys()) if (each < first) this.#acknowledged.delete(each)
    // Without a result, it keeps a write from happening that may still be under way, on a connection that was cut.
    const old = `DELETE FROM ${this.#names.flushes} WHERE writer = $1 AND flush < $2 AND result IS NOT NULL`
    // What is left of those, and of writers that are gone, is small, and goes as well.
    const older = `DELETE FROM ${this.#names.flushes} WHERE at < now() - interval '${DAYS + 1} days'`
    await this.#server
      .ask(old, [this.#writer, first])
      .then(() => this.#server.ask(older))
      .catch(() => {})
  }
}
