/**
 * Connections to a PostgreSQL server: queries that wait for it when it is away for a moment, and errors that say what to do.
 *
 * No session has a state of its own, so that a pooler in transaction mode may stand between.
 */
import { Client, type ClientConfig, Pool, type PoolClient, type PoolConfig } from 'pg'
import { mustBeAddress, nameOf } from './address'
import { configOf, type ServerOptions } from './config'
import { isAtWork, whoHolds } from './holders'
import { asked, isAnswer, type QueryResult } from './query'
import { isCrossed, isCut, isFromWaiting, isFull, sqlState, told, toldConnecting } from './told'

/** A row of an answer: text in the form of PostgreSQL, or null. */
export type Values = readonly (string | null)[]
/** What a query is given: numbers become text, bytes become `bytea`. */
export type Given = string | number | boolean | Uint8Array | null | undefined | readonly Given[]

/** What the recorder asks of a server. */
export interface Server {
  /** How it is called in errors, without a password. */
  readonly name: string
  /**
   * Asks again if the connection is cut: for what may happen twice.
   *
   * @throws DatabaseUnavailableError if the server stays away
   */
  ask(sql: string, given?: readonly Given[]): Promise<Values[]>
  /**
   * Asks once.
   *
   * @param patience for how long a server is waited for that is away, if not for as long as the options say
   * @throws CutError if the connection is cut, so that nobody knows whether it happened
   * @throws DatabaseUnavailableError if there is no server, so that it did not happen
   */
  tell(sql: string, given?: readonly Given[], patience?: number): Promise<Values[]>
  /** Runs statements in one transaction. */
  script(statements: readonly string[]): Promise<void>
  /** Runs one statement of a person, on a connection of its own. @throws as `asked` */
  query(sql: string, write: boolean): Promise<QueryResult>
  /** Calls `heard` with what each notification on this channel says, and `lost` when that ends; returns what ends it. */
  listen(channel: string, heard: (said: string) => void, lost: () => void): Promise<() => Promise<void>>
  close(): Promise<void>
}

/** The connection was cut while a statement was under way. */
export class CutError extends Error {}

/**
 * @param urls one server; or several, of which the one that takes writes is used
 * @throws TypeError if one of them is none
 */
export function connectTo(urls: readonly string[], options: ServerOptions = {}): Server {
  urls.forEach(mustBeAddress)
  return new PgServer(urls, options)
}

const raw = { getTypeParser: () => (text: string) => text }

/** So often a statement is tried again that others were in the way of. */
const TRIES = 20
/** How soon a server is tried again that is away: more and more slowly. */
const [FIRST_PAUSE, LONGEST_PAUSE] = [5, 500]

/** Of several servers, one that takes no writes. */
class StandbyError extends Error {}

class PgServer implements Server {
  readonly #urls: readonly string[]
  readonly #options: ServerOptions
  #at = 0
  #pool: Pool | undefined
  #isClosed = false

  constructor(urls: readonly string[], options: ServerOptions) {
    this.#urls = urls
    this.#options = options
  }

  get name(): string {
    return nameOf(this.#urls[this.#at]!)
  }

  get #patience(): number {
    return this.#options.patience ?? 30_000
  }

  get #most(): number {
    return this.#options.connections ?? 10
  }

  async ask(sql: string, given: readonly Given[] = []): Promise<Values[]> {
    const until = performance.now() + this.#patience
    for (let tries = 1; ; tries++)
      try {
        return await this.tell(sql, given)
      } catch (error) {
        if (!(error instanceof CutError)) throw error
        if (performance.now() > until && tries > 1) throw toldConnecting(error, this.name, this.#most)
      }
  }

  async script(statements: readonly string[]): Promise<void> {
    // Without arguments, several statements go together, and are one transaction.
    await this.tell(statements.join(';\n'))
  }

  async tell(sql: string, given: readonly Given[] = [], patience = this.#patience): Promise<Values[]> {
    const values = given.map((each) => (each instanceof Uint8Array ? Buffer.from(each) : each))
    for (let tries = 1; ; tries++)
      try {
        return await this.#tell({ text: sql, values, rowMode: 'array', types: raw } as never, patience)
      } catch (error) {
        if (!isCrossed(error) || tries === TRIES) throw error
        // Whoever was in the way is still at it.
        await new Promise((resolve) => setTimeout(resolve, Math.random() * tries))
      }
  }

  async #tell(query: never, patience: number): Promise<Values[]> {
    const client = await this.#connected(patience)
    let isBroken = false
    try {
      return await this.#answer(client, query)
    } catch (error) {
      isBroken = isCut(error) || error instanceof CutError
      if (isBroken) throw new CutError((error as Error).message, { cause: error })
      throw told(error, this.name, isFromWaiting(error) ? await whoHolds(client).catch(() => '') : '')
    } finally {
      client.release(isBroken)
    }
  }

  /** @throws CutError if nothing is heard of the server, and it knows nothing of this query any more */
  async #answer(client: PoolClient, query: never): Promise<Values[]> {
    let watch: NodeJS.Timeout | undefined
    const silence = new Promise<never>((_, reject) => {
      watch = setInterval(async () => {
        if (!(await this.#isAtWork(client))) reject(new CutError(`it said nothing for ${this.#patience} ms`))
      }, this.#patience)
    })
    try {
      const { rows } = await Promise.race([client.query(query), silence])
      return rows as Values[]
    } finally {
      clearInterval(watch)
    }
  }

  /** Asked on a connection of its own: that of the query may be cut without anybody having heard of it. */
  async #isAtWork({ processID }: PoolClient & { processID?: number }): Promise<boolean> {
    const timeouts = { connectionTimeoutMillis: this.#patience, query_timeout: this.#patience }
    const client = new Client({ ...this.#config(), ...timeouts })
    client.on('error', () => {})
    try {
      await client.connect()
      return await isAtWork(client, processID!)
    } catch (error) {
      // What the server refuses, it refuses because it is there.
      return sqlState(error) !== '' && !isCut(error)
    } finally {
      client.end().catch(() => {})
    }
  }

  /** A connection; of several servers, to the one that takes writes. */
  async #connected(patience: number): Promise<PoolClient> {
    const until = performance.now() + patience
    for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
      const pool = this.#connections()
      try {
        return await pool.connect()
      } catch (error) {
        const mayCome = isCut(error) || isFull(error) || error instanceof StandbyError
        if (!mayCome || performance.now() > until || this.#isClosed) throw this.#away(error)
        if (this.#pool === pool) this.#moveOn()
      }
      await new Promise((resolve) => setTimeout(resolve, pause))
    }
  }

  async query(sql: string, write: boolean): Promise<QueryResult> {
    return asked({ ...this.#config(), connectionTimeoutMillis: this.#patience }, sql, write).catch((error) => {
      throw isAnswer(error) ? error : this.#away(error)
    })
  }

  #away(error: unknown): unknown {
    return toldConnecting(error, isCut(error) ? this.#urls.map(nameOf).join(' and ') : this.name, this.#most)
  }

  #moveOn(): void {
    if (this.#urls.length === 1) return
    this.#at = (this.#at + 1) % this.#urls.length
    void this.#pool?.end().catch(() => {})
    this.#pool = undefined
  }

  async listen(channel: string, heard: (said: string) => void, lost: () => void): Promise<() => Promise<void>> {
    const client = new Client({ ...this.#config(), connectionTimeoutMillis: this.#patience })
    // Without this, a connection that is cut would end the process.
    client.on('error', () => {})
    client.once('end', lost)
    client.on('notification', ({ payload }) => heard(payload ?? ''))
    try {
      await client.connect()
      await client.query(`LISTEN "${channel}"`)
    } catch (error) {
      await client.end().catch(() => {})
      throw error
    }
    return () => client.end()
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.#pool?.end()
  }

  #connections(): Pool {
    if (this.#pool) return this.#pool
    const pool = new Pool({
      ...this.#config(),
      max: this.#most,
      allowExitOnIdle: true,
      connectionTimeoutMillis: this.#patience,
      onConnect: (client) => this.#onConnect(client as PoolClient),
    } as PoolConfig)
    pool.on('error', () => {})
    this.#pool = pool
    return pool
  }

  async #onConnect(client: PoolClient): Promise<void> {
    // Without this, a connection that is cut while it is in use would end the process.
    client.on('error', () => {})
    if (this.#urls.length === 1) return
    const { rows } = await client.query('SELECT pg_is_in_recovery() AS follows')
    if (rows[0].follows) throw new StandbyError(`${this.name} is a standby`)
  }

  #config(): ClientConfig {
    return configOf(this.#urls[this.#at]!, this.#options)
  }
}
