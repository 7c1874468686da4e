/**
 * Connections to a PostgreSQL server: queries that wait for it when it is away for a moment, and errors that say what to do.
 *
 * No session has a state of its own, so that a pooler in transaction mode may stand between.
 */
import { Client, type ClientConfig, Pool, type PoolConfig } from 'pg'
import { DatabaseUnavailableError } from '../../errors'
import { isCut, isElsewhere, told } from './told'

/** A row of an answer: text in the form of PostgreSQL, or null. */
export type Values = readonly (string | null)[]
/** What a query is given: numbers become text, bytes become `bytea`. */
export type Given = string | number | boolean | Uint8Array | null | undefined | readonly Given[]

/** What the recorder asks of a server. */
export interface Server {
  /** How it is called in errors, without a password. */
  readonly name: string
  /** Asks again if the connection is cut: for what may happen twice. */
  ask(sql: string, given?: readonly Given[]): Promise<Values[]>
  /** Asks once. @throws CutError if the connection is cut, so that nobody knows whether it happened */
  tell(sql: string, given?: readonly Given[]): Promise<Values[]>
  /** Runs statements in one transaction. */
  script(statements: readonly string[]): Promise<void>
  /** Waits for the server after a cut. @throws DatabaseUnavailableError if it stays away */
  comeBack(): Promise<void>
  /** Calls `heard` with what each notification on this channel says, and `lost` when that ends; returns what ends it. */
  listen(channel: string, heard: (said: string) => void, lost: () => void): Promise<() => Promise<void>>
  close(): Promise<void>
}

export interface ServerOptions {
  /** How many connections may be open at a time; 10 by default. One more listens. */
  readonly connections?: number
  /** For how many milliseconds a server that is away is waited for; 30,000 by default. */
  readonly patience?: number
  /** TLS, as in `pg`: true, or what `node:tls` takes. */
  readonly ssl?: PoolConfig['ssl']
}

/** The connection was cut while a statement was under way. */
export class CutError extends Error {}

/** @param urls one server; or several, of which the one that takes writes is used */
export function connectTo(urls: readonly string[], options: ServerOptions = {}): Server {
  return new PgServer(urls, options)
}

const raw = { getTypeParser: () => (text: string) => text }

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
    for (;;)
      try {
        return await this.tell(sql, given)
      } catch (error) {
        if (!(error instanceof CutError)) throw error
        if (performance.now() > until) throw this.#away(error)
        await this.comeBack()
      }
  }

  async script(statements: readonly string[]): Promise<void> {
    // Without arguments, several statements go together, and are one transaction.
    await this.tell(statements.join(';\n'))
  }

  async tell(sql: string, given: readonly Given[] = []): Promise<Values[]> {
    try {
      const values = given.map((each) => (each instanceof Uint8Array ? Buffer.from(each) : each))
      const { rows } = await this.#connections().query({ text: sql, values, rowMode: 'array', types: raw } as never)
      return rows as unknown as Values[]
    } catch (error) {
      if (isCut(error)) throw new CutError((error as Error).message, { cause: error })
      throw told(error, this.name, this.#most)
    }
  }

  async comeBack(): Promise<void> {
    const until = performance.now() + this.#patience
    for (let pause = 5; ; pause = Math.min(pause * 2, 500)) {
      const found = await this.#tryNext()
      if (found === undefined) return
      if (performance.now() > until || this.#isClosed) throw this.#away(found)
      await new Promise((resolve) => setTimeout(resolve, pause))
    }
  }

  #away(cause: Error): Error {
    const names = this.#urls.map(nameOf).join(' and ')
    return new DatabaseUnavailableError(
      `${names} cannot be reached: ${cause.message}. Start the server, or correct its address`,
      { cause },
    )
  }

  /** Is the server there now, or, of several, the one that takes writes? Returns why not. */
  async #tryNext(): Promise<Error | undefined> {
    let found: Error | undefined
    for (let tried = 0; tried < this.#urls.length; tried++) {
      try {
        const { rows } = await this.#connections().query('SELECT pg_is_in_recovery() AS follows')
        if (this.#urls.length === 1 || !rows[0].follows) return undefined
        found = new Error(`${this.name} is a standby`)
      } catch (error) {
        if (!isCut(error) && !isElsewhere(error)) throw told(error, this.name, this.#most)
        found = error as Error
      }
      this.#moveOn()
    }
    return found
  }

  #moveOn(): void {
    if (this.#urls.length === 1) return
    this.#at = (this.#at + 1) % this.#urls.length
    void this.#pool?.end().catch(() => {})
    this.#pool = undefined
  }

  async listen(channel: string, heard: (said: string) => void, lost: () => void): Promise<() => Promise<void>> {
    const client = new Client({ ...this.#config(), keepAlive: true })
    // Without this, a connection that is cut would end the process.
    client.on('error', () => {})
    client.once('end', lost)
    client.on('notification', ({ payload }) => heard(payload ?? ''))
    await client.connect()
    await client.query(`LISTEN "${channel}"`)
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
    })
    pool.on('error', () => {})
    this.#pool = pool
    return pool
  }

  #config(): ClientConfig {
    const { ssl } = this.#options
    return { connectionString: this.#urls[this.#at], ...(ssl !== undefined && { ssl }) }
  }
}

/** A server's address without user, password and options. */
export function nameOf(url: string): string {
  try {
    const { hostname, port, pathname } = new URL(url)
    return `postgres://${hostname}:${port || 5432}${pathname}`
  } catch {
    return 'the PostgreSQL server'
  }
}
