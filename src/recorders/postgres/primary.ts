/**
 * Which of several servers takes writes, and whether it still should.
 *
 * A primary that was replaced by a standby may come back, and take writes as if nothing had happened. Each promotion
 * begins a new timeline, with a higher number: of several primaries the one on the highest is used, and one on a lower
 * timeline than was seen before is not used any more.
 */
import { Client, type ClientBase, type ClientConfig } from 'pg'
import { end } from './ending'
import { isCut } from './told'

/** A server that is there, but is not to be used. */
export class UnfitError extends Error {}

/** What a server is. */
interface Standing {
  readonly takesWrites: boolean
  /** The same for a primary and its standbys, as long as the database is not made anew. */
  readonly cluster: string
  /** That of a primary; 0 if it is not known, and for standbys, which may be about to change it. */
  readonly timeline: number
}

/** A server that may be used. */
export interface Candidate {
  readonly name: string
  readonly config: ClientConfig
}

interface Found {
  readonly at: number
  readonly standing: Standing
}

export class Primary {
  /** Before anything else is asked of another primary than before, this is. */
  onFailover: (client: ClientBase) => Promise<void> = async () => {}
  readonly #candidates: readonly Candidate[]
  /** The last one that was used. */
  #known: Standing | undefined

  constructor(candidates: readonly Candidate[]) {
    this.#candidates = candidates
  }

  /** The index of the server to use; the error of the one that is used now if there is none. */
  async choose(now: number): Promise<number | Error> {
    const answers = await this.#ask()
    const best = this.#best(answers)
    if (best) return best.at
    const reasons = answers.map((answer) => (answer instanceof Error ? answer : this.#unfit(answer)) as Error)
    if (reasons.length === 1 || !reasons.some(mayCome)) return reasons[now]!
    return new UnfitError(reasons.map((reason, at) => `${this.#candidates[at]!.name} ${wordsOf(reason)}`).join('; '))
  }

  /** The index of the server that has replaced the one that is used, if one has. */
  async successor(): Promise<number | undefined> {
    // The one that was replaced may not answer: it is not waited for.
    const found = this.#candidates.map(async ({ config }, at) => {
      const standing = await ask(config)
      if (standing instanceof Error || !isReplaced(this.#known, standing)) throw standing
      return at
    })
    return Promise.any(found).catch(() => undefined)
  }

  /**
   * Asked about each new connection: what answers at an address may be another server than before.
   *
   * @throws UnfitError if it is not to be used
   */
  async check(client: ClientBase): Promise<void> {
    const standing = await standingOf(client)
    const unfit = this.#unfit(standing)
    if (unfit) throw unfit
    const known = this.#known
    if (standing.timeline === 0 || (known?.cluster === standing.cluster && known.timeline === standing.timeline)) return
    if (known) await this.onFailover(client)
    this.#known = standing
  }

  #ask(): Promise<(Standing | Error)[]> {
    return Promise.all(this.#candidates.map(({ config }) => ask(config)))
  }

  #best(answers: readonly (Standing | Error)[]): Found | undefined {
    let best: Found | undefined
    for (const [at, standing] of answers.entries())
      if (!(standing instanceof Error) && !this.#unfit(standing))
        if (!best || standing.timeline > best.standing.timeline) best = { at, standing }
    return best
  }

  #unfit(standing: Standing): UnfitError | undefined {
    if (isReplaced(standing, this.#known))
      return new UnfitError('was replaced by another primary: make it a standby of that one (pg_rewind)')
    if (this.#candidates.length > 1 && !standing.takesWrites) return new UnfitError('is a standby, or for reading only')
    return undefined
  }
}

/** Was the first one replaced by the other? */
const isReplaced = (one: Standing | undefined, other: Standing | undefined): boolean =>
  one?.cluster === other?.cluster && one!.timeline > 0 && one!.timeline < other!.timeline

const mayCome = (reason: Error) => isCut(reason) || reason instanceof UnfitError

/** What a server is, or why it cannot be asked: of several attempts to connect, Node does not say what happened. */
const wordsOf = (error: Error & { code?: string }): string =>
  error instanceof UnfitError ? error.message : `says nothing (${error.message || error.code})`

/** What this session asked for itself does not count. */
const writable = `NOT pg_is_in_recovery() AND NOT EXISTS (
  SELECT FROM pg_settings WHERE name = 'default_transaction_read_only' AND setting = 'on' AND source <> 'client')`
const timeline = `CASE WHEN pg_is_in_recovery() THEN '0' ELSE substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8) END`

async function standingOf(client: ClientBase): Promise<Standing> {
  const ask = async (text: string) => (await client.query({ text, rowMode: 'array' })).rows[0] as unknown[]
  try {
    const [takesWrites, cluster, number] = await ask(
      `SELECT ${writable}, system_identifier || ' ' || its.oid, ${timeline} FROM pg_control_system(), pg_database AS its WHERE datname = current_database()`,
    )
    return {
      takesWrites: takesWrites as boolean,
      cluster: cluster as string,
      timeline: Number.parseInt(number as string, 16),
    }
  } catch (error) {
    if (isCut(error)) throw error
    // Some that speak PostgreSQL have no timelines.
    const [takesWrites] = await ask(`SELECT ${writable}`)
    return { takesWrites: takesWrites as boolean, cluster: '', timeline: 0 }
  }
}

/** One that does not answer is not waited for longer, in milliseconds. */
const ANSWERS_IN = 2000

/** Asks a server, on a connection of its own, what it is; the error if it does not say. */
async function ask(config: ClientConfig): Promise<Standing | Error> {
  const client = new Client({ ...config, connectionTimeoutMillis: ANSWERS_IN, query_timeout: ANSWERS_IN })
  client.on('error', () => {})
  try {
    await client.connect()
    return await standingOf(client)
  } catch (error) {
    return error as Error
  } finally {
    void end(client)
  }
}
