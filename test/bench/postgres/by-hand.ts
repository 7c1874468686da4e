/** The least that anybody could do on a PostgreSQL server: one connection, one table, statements that it has prepared. */
import type { StoredEvent } from 'dog-school'
import { Client } from 'pg'

export class ByHand {
  readonly #client: Client
  /** `($1, $2, $3, $4), ($5, …)`, for a hundred rows. */
  readonly #places = Array.from({ length: 100 }, (_, row) => `(${[1, 2, 3, 4].map((at) => `$${row * 4 + at}`)})`)

  private constructor(client: Client) {
    this.#client = client
  }

  static async connect(url: string): Promise<ByHand> {
    const client = new Client({ connectionString: url })
    await client.connect()
    await client.query(`CREATE TABLE IF NOT EXISTS by_hand (id text COLLATE "C", version bigint, topic text, state bytea,
      position bigserial UNIQUE, PRIMARY KEY (id, version))`)
    return new ByHand(client)
  }

  insert(event: StoredEvent) {
    return this.#insert('one', '($1, $2, $3, $4)', [event])
  }

  /** @param events a hundred */
  insertAll(events: readonly StoredEvent[]) {
    return this.#insert('hundred', this.#places.join(', '), events)
  }

  async transaction(event: StoredEvent): Promise<void> {
    await this.#client.query('BEGIN')
    await this.insert(event)
    await this.#client.query('COMMIT')
  }

  /** The states of a stream. */
  async stream(id: string): Promise<string[]> {
    const { rows } = await this.#client.query({
      name: 'stream',
      text: "SELECT version, topic, convert_from(state, 'UTF8') FROM by_hand WHERE id = $1 ORDER BY version",
      values: [id],
      rowMode: 'array',
    })
    return rows.map(([, , state]) => state)
  }

  /** A page of what the recorder has recorded. */
  async page(table: string, after: number, limit: number): Promise<[id: string, state: string][]> {
    const { rows } = await this.#client.query({
      name: `page of ${table}`,
      text: `SELECT notification_id, originator_id, originator_version, topic, convert_from(state, 'UTF8')
        FROM ${table} WHERE notification_id > $1 ORDER BY notification_id LIMIT $2`,
      values: [after, limit],
      rowMode: 'array',
    })
    return rows.map(([id, , , , state]) => [id, state])
  }

  close(): Promise<void> {
    return this.#client.end()
  }

  #insert(name: string, places: string, events: readonly StoredEvent[]) {
    const values = events.flatMap(({ aggregateId, version, topic, state }) => [
      aggregateId,
      version,
      topic,
      Buffer.from(state as string),
    ])
    const text = `INSERT INTO by_hand (id, version, topic, state) VALUES ${places} RETURNING position`
    return this.#client.query({ name, text, values })
  }
}
