/**
 * Connections to a PostgreSQL server: queries that wait for it when it is away for a moment, and errors that say what to do.
 *
 * No session has a state of its own, so that a pooler in transaction mode may stand between.
 */
import type { ClientBase, PoolClient, QueryArrayConfig } from 'pg'
import { EventSourcingError } from '../../errors'
import { mustBeAddress, nameOf } from './address'
import { type Config, configOf, type ServerOptions } from './config'
import { whoHolds } from './holders'
import { mustBeNumber, mustBeTime } from './limits'
import { Links, question } from './links'
import { Primary, UnfitError } from './primary'
import { asked, isAnswer, type QueryResult } from './query'
import { CutError, isCrossed, isCut, isFromDisk, isFromWaiting, isFull, isReadOnly, told, toldConnecting } from './told'
import type { Given, Values } from './values'

export { CutError, type Given, type Values }

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
  /** Runs statements in one transaction, and again if the connection is cut: for what may happen twice. */
  script(statements: readonly string[]): Promise<void>
  /** Runs one statement of a person, on a connection of its own. @throws as `asked` */
  query(sql: string, write: boolean): Promise<QueryResult>
  /** Calls `heard` with what each notification on this channel says, and `lost` when that ends; returns what ends it. */
  listen(channel: string, heard: (said: string) => void, lost: () => void): Promise<() => Promise<void>>
  /**
   * Before anything is asked of a new primary after a failover, this is; nothing is asked as long as it rejects. One
   * that cannot fail over has no need of it.
   */
  onFailover?(check: (ask: Ask) => Promise<void>): void
  close(): Promise<void>
}

/** Asks once, on one connection. */
export type Ask = (sql: string, given?: readonly Given[]) => Promise<Values[]>

/**
 * @param urls one server; or several, of which the one that takes writes is used
 * @throws TypeError if one of them is none
 */
export function connectTo(urls: readonly string[], options: ServerOptions = {}): Server {
  for (const url of urls) mustBeAddress(url)
  if (urls.length === 0) throw new TypeError('There is no address: give that of at least one server')
  mustBeTime('patience', options.patience)
  mustBeNumber('connections', options.connections)
  return new PgServer(urls, options)
}

/** So often a statement is tried again that others were in the way of. */
const TRIES = 20
/** How soon a server is tried again that is away: more and more slowly. */
const [FIRST_PAUSE, LONGEST_PAUSE] = [5, 500]
/** How often it is looked whether the one of several servers that is used still answers, in milliseconds. */
const LOOKS = 500

const answers = (client: PoolClient): Promise<boolean> =>
  client.query('SELECT').then(
    () => true,
    () => false,
  )

class PgServer implements Server {
  readonly #urls: readonly string[]
  readonly #options: ServerOptions
  readonly #primary: Primary
  #at = 0
  #links: Links | undefined
  #moving: Promise<Error | undefined> | undefined
  #looks: NodeJS.Timeout | undefined
  #isClosed = false

  constructor(urls: readonly string[], options: ServerOptions) {
    this.#urls = urls
    this.#options = options
    this.#primary = new Primary(urls.map((url, at) => ({ name: nameOf(url), config: this.#config(at) })))
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
    await this.ask(statements.join(';\n'))
  }

  async tell(sql: string, given: readonly Given[] = [], patience = this.#patience): Promise<Values[]> {
    const query = question(sql, given)
    for (let tries = 1; ; tries++)
      try {
        return await this.#tell(query, patience)
      } catch (error) {
        if (!isCrossed(error) || tries === TRIES) throw error
        // Whoever was in the way is still at it.
        await new Promise((resolve) => setTimeout(resolve, Math.random() * tries))
      }
  }

  async #tell(query: QueryArrayConfig, patience: number): Promise<Values[]> {
    const [links, client] = await this.#connected(patience)
    let isBroken = false
    try {
      return await links.ask(client, query, this.#patience)
    } catch (error) {
      isBroken = isCut(error) || error instanceof CutError || (this.#urls.length > 1 && isReadOnly(error))
      if (isFromDisk(error)) isBroken = !(await answers(client))
      if (isBroken) throw new CutError((error as Error).message, { cause: error })
      throw told(error, this.name, isFromWaiting(error) ? await whoHolds(client).catch(() => '') : '')
    } finally {
      client.release(isBroken)
    }
  }

  /** A connection; of several servers, to the one that takes writes. */
  async #connected(patience: number): Promise<[Links, PoolClient]> {
    const until = performance.now() + patience
    let away = this.#links || this.#urls.length === 1 ? undefined : await this.#move()
    for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
      const links = this.#connections()
      try {
        if (!away) return [links, await links.connect()]
      } catch (error) {
        away = error as Error
      }
      const mayCome = isCut(away) || isFull(away) || away instanceof UnfitError || away instanceof CutError
      if (!mayCome || performance.now() > until || this.#isClosed) throw this.#away(away)
      await new Promise((resolve) => setTimeout(resolve, pause))
      away = this.#urls.length === 1 ? undefined : await this.#move()
    }
  }

  async query(sql: string, write: boolean): Promise<QueryResult> {
    const away = this.#urls.length === 1 ? undefined : await this.#move()
    if (away) throw this.#away(away)
    return asked(this.#config(this.#at), sql, write).catch((error) => {
      throw isAnswer(error) ? error : this.#away(error)
    })
  }

  #away(error: unknown): unknown {
    if (error instanceof EventSourcingError) return error
    return toldConnecting(
      error,
      isCut(error) || error instanceof UnfitError ? this.#urls.map(nameOf).join(' and ') : this.name,
      this.#most,
    )
  }

  /** Uses the one of several servers that takes writes now; returns why there is none. Who waits for it waits together. */
  #move(): Promise<Error | undefined> {
    this.#moving ??= this.#primary
      .choose(this.#at)
      .then((found) => (typeof found === 'number' ? this.#use(found) : found))
      .finally(() => (this.#moving = undefined))
    return this.#moving
  }

  #use(at: number): undefined {
    if (at === this.#at && this.#links) return
    this.#links?.cut(new CutError(`${nameOf(this.#urls[at]!)} is the primary now`))
    this.#links = undefined
    this.#at = at
  }

  /** A primary that does not answer, because it was cut off or stands still, may have been replaced. */
  async #lookAround(): Promise<void> {
    if (!this.#links?.look() || this.#moving) return
    const at = await this.#primary.successor()
    if (at !== undefined && !this.#isClosed) this.#use(at)
  }

  onFailover(check: (ask: Ask) => Promise<void>): void {
    const asking =
      (client: ClientBase) =>
      async (sql: string, given: readonly Given[] = []) =>
        (await client.query<(string | null)[]>(question(sql, given))).rows
    this.#primary.onFailover = (client) => check(asking(client))
  }

  async listen(channel: string, heard: (said: string) => void, lost: () => void): Promise<() => Promise<void>> {
    return this.#connections().listen(channel, heard, lost)
  }

  async close(): Promise<void> {
    this.#isClosed = true
    clearInterval(this.#looks)
    await this.#links?.end()
  }

  #connections(): Links {
    if (this.#urls.length > 1) this.#looks ??= setInterval(() => void this.#lookAround(), LOOKS).unref()
    this.#links ??= new Links(this.#config(this.#at), this.#most, (client) => this.#primary.check(client))
    return this.#links
  }

  #config(at: number): Config {
    return { ...configOf(this.#urls[at]!, this.#options), connectionTimeoutMillis: this.#patience }
  }
}
