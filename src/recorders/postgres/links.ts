/** The connections to one server, which can be cut all at once, with what is under way or waits on them. */
import { Client, type ClientConfig, Pool, type PoolClient, type PoolConfig, type QueryArrayConfig } from 'pg'
import { end, within } from './ending'
import { isAtWork } from './holders'
import { CutError, isCut, sqlState } from './told'
import type { Given, Values } from './values'

const raw = { getTypeParser: () => (text: string) => text }

/** In the form of `pg`: answers are arrays of text. */
export function question(text: string, given: readonly Given[]): QueryArrayConfig {
  const values = given.map((each) => (each instanceof Uint8Array ? Buffer.from(each) : each))
  return { text, values, rowMode: 'array', types: raw } as QueryArrayConfig
}

/** Without this, a connection that is cut while nothing is asked on it would end the process. */
const survive = (client: Client): void => void client.on('error', () => {})

/** What a timer can wait for, in milliseconds. */
const LONGEST = 2 ** 31 - 1

/** What somebody waits for. */
interface Waiting {
  looks: number
  readonly reject: (error: Error) => void
}

export class Links {
  readonly #pool: Pool
  readonly #config: ClientConfig
  readonly #waiting = new Set<Waiting>()
  readonly #listeners = new Set<Client>()
  readonly #patience: number
  #cut: Error | undefined

  /**
   * @param max how many connections may be open at a time, besides those that listen
   * @param check is asked about each new connection; it is not used if this rejects
   */
  constructor(config: ClientConfig, max: number, check: (client: PoolClient) => Promise<void>) {
    this.#config = config
    this.#patience = config.connectionTimeoutMillis || LONGEST
    this.#pool = new Pool({
      ...config,
      max,
      allowExitOnIdle: true,
      onConnect: (client: PoolClient & Client) => {
        survive(client)
        return within(this.#patience, client, () => check(client))
      },
    } as object as PoolConfig)
    this.#pool.on('error', () => {})
  }

  /** A connection, to be released. */
  connect(): Promise<PoolClient> {
    const connecting = this.#pool.connect().then((client) => {
      if (!this.#cut) return client
      client.release(true)
      throw this.#cut
    })
    return this.#orCut(connecting)
  }

  /**
   * @param patience for how many milliseconds nothing has to be heard before it is asked what the server does
   * @throws CutError if the server knows nothing of this query any more
   */
  async ask(client: PoolClient, query: QueryArrayConfig, patience: number): Promise<Values[]> {
    let watch: NodeJS.Timeout | undefined
    let isLooking = false
    const silence = new Promise<never>((_, reject) => {
      watch = setInterval(async () => {
        if (isLooking) return
        isLooking = true
        if (!(await this.#isAtWork(client, patience))) reject(new CutError(`it said nothing for ${patience} ms`))
        isLooking = false
      }, patience)
    })
    try {
      const { rows } = await Promise.race([this.#orCut(client.query<(string | null)[]>(query)), silence])
      return rows
    } finally {
      clearInterval(watch)
    }
  }

  /** Asked on a connection of its own: that of the query may be cut without anybody having heard of it. */
  async #isAtWork({ processID }: PoolClient & { processID?: number }, patience: number): Promise<boolean> {
    const timeouts = { connectionTimeoutMillis: patience, query_timeout: patience }
    const client = new Client({ ...this.#config, ...timeouts })
    survive(client)
    try {
      await client.connect()
      return await isAtWork(client, processID!)
    } catch (error) {
      // What the server refuses, it refuses because it is there.
      return sqlState(error) !== '' && !isCut(error)
    } finally {
      void end(client)
    }
  }

  /** Waits for an answer, at most until `cut`. */
  #orCut<T>(answer: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const waiting = { looks: 0, reject }
      this.#waiting.add(waiting)
      answer.then(resolve, reject).finally(() => this.#waiting.delete(waiting))
    })
  }

  /** Did somebody wait at the last look who waits still? */
  look(): boolean {
    let isStuck = false
    for (const waiting of this.#waiting) isStuck = waiting.looks++ > 0 || isStuck
    return isStuck
  }

  /** Calls `heard` with what each notification on this channel says, and `lost` when that ends. */
  async listen(channel: string, heard: (said: string) => void, lost: () => void): Promise<() => Promise<void>> {
    const client = new Client(this.#config)
    survive(client)
    this.#listeners.add(client)
    client.on('notification', ({ payload }) => heard(payload ?? ''))
    client.once('end', () => this.#listeners.delete(client))
    try {
      await client.connect()
      await within(this.#patience, client, () => client.query(`LISTEN "${channel}"`))
    } catch (error) {
      void end(client)
      throw error
    }
    // One that never listened has nothing to lose: its end may come when another one listens already.
    client.once('end', lost)
    return () => end(client)
  }

  /** Ends everything now: whoever waits gets this error. */
  cut(error: Error): void {
    this.#cut = error
    void this.end().catch(() => {})
    for (const { reject } of this.#waiting) reject(error)
  }

  /** Ends those that listen, and waits for queries that are under way. */
  async end(): Promise<void> {
    for (const client of this.#listeners) void end(client)
    if (!this.#pool.ending) await this.#pool.end()
  }
}
