/** Programs beside a PostgreSQL recorder: followers, and transactions that are not its own. */
import { Client } from 'pg'
import type { Recorder } from '../../src/port/recorder'

/** What a follower asks of a store. */
export type Log = Pick<Recorder, 'notifications'>

/** A follower that remembers the last position, and what it has seen. */
export class Follower {
  readonly seen: string[] = []
  #position = 0
  #log: Log

  constructor(log: Log) {
    this.#log = log
  }

  /** Goes on in another store, where it was. */
  moveTo(log: Log): void {
    this.#log = log
  }

  async look(): Promise<readonly string[]> {
    for (const { id, aggregateId, version } of await this.#log.notifications({ start: this.#position + 1 })) {
      this.seen.push(`${aggregateId} ${version}`)
      this.#position = id
    }
    return this.seen
  }
}

/** Somebody else's transaction. */
export class Transaction {
  readonly #client: Client
  constructor(url: string) {
    this.#client = new Client({ connectionString: url })
    this.#client.on('error', () => {})
  }
  async begin(): Promise<this> {
    await this.#client.connect()
    await this.#client.query('BEGIN')
    return this
  }
  async insert(id: string, version = 1): Promise<void> {
    await this.#client.query(
      `INSERT INTO stored_events (originator_id, originator_version, topic, state) VALUES ($1, $2, 'kennel:Dog.Registered', '{}')`,
      [id, version],
    )
  }
  async run(statement: string): Promise<unknown> {
    return (await this.#client.query(statement)).rows[0]
  }
  async end(how: 'COMMIT' | 'ROLLBACK'): Promise<void> {
    await this.#client.query(how)
    await this.#client.end()
  }
}
