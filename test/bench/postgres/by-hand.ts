/** The least that anybody could do on a PostgreSQL server: one connection, one table, statements that it has prepared. */
import type { StoredEvent } from 'dog-school'
import { Client, type ClientBase } from 'pg'

/** `($1, $2, $3, $4), ($5, …)`, for a hundred rows. */
const places = Array.from({ length: 100 }, (_, row) => `(${[1, 2, 3, 4].map((at) => `$${row * 4 + at}`)})`)

export class ByHand {
  readonly #client: ClientBase

  private constructor(client: ClientBase) {
    this.#client = client
  }

  static async connect(url: string): Promise<ByHand> {
    const client = new Client({ connectionString: url })
    await client.connect()
    const hand = new ByHand(client)
    await hand.makeTables()
    return hand
  }

  /** On a connection of somebody else, who ends it. */
  static on(client: ClientBase): ByHand {
    return new ByHand(client)
  }

  async makeTables(): Promise<void> {
    await this.#client.query(`CREATE TABLE IF NOT EXISTS by_hand (id text COLLATE "C", version bigint, topic text, state bytea,
      position bigserial UNIQUE, PRIMARY KEY (id, version));
      CREATE TABLE IF NOT EXISTS by_hand_tags (tag text COLLATE "C", position bigint, PRIMARY KEY (tag, position))`)
  }

  insert(event: StoredEvent) {
    return this.#insert('one', '($1, $2, $3, $4)', [event])
  }

  /** @param events a hundred */
  insertAll(events: readonly StoredEvent[]) {
    return this.#insert('hundred', places.join(', '), events)
  }

  async transaction(event: StoredEvent): Promise<void> {
    await this.#client.query('BEGIN')
    await this.insert(event)
    await this.#client.query('COMMIT')
  }

  /** Records the event if none with its tag came later; says whether it did. Who has the same tag waits. */
  async transactionIf(event: StoredEvent, tag: string, after: number): Promise<boolean> {
    await this.#client.query('BEGIN')
    await this.#ask('lock', 'SELECT pg_advisory_xact_lock(hashtext($1))', [tag])
    const found = await this.#ask('tagged', 'SELECT 1 FROM by_hand_tags WHERE tag = $1 AND position > $2 LIMIT 1', [
      tag,
      after,
    ])
    if (found.length === 0) {
      const { rows } = await this.insert(event)
      await this.#ask('tag', 'INSERT INTO by_hand_tags VALUES ($1, $2)', [tag, rows[0].position])
    }
    await this.#client.query('COMMIT')
    return found.length === 0
  }

  /** The states of a stream. */
  async stream(id: string): Promise<string[]> {
    const text = "SELECT version, topic, convert_from(state, 'UTF8') FROM by_hand WHERE id = $1 ORDER BY version"
    return (await this.#ask('stream', text, [id])).map(([, , state]) => state)
  }

  /** The last event of a stream. */
  async newest(id: string): Promise<[version: number, state: string]> {
    const text = "SELECT version, convert_from(state, 'UTF8') FROM by_hand WHERE id = $1 ORDER BY version DESC LIMIT 1"
    const [[version, state] = []] = await this.#ask('newest', text, [id])
    return [Number(version), state]
  }

  /** The last position. */
  async position(): Promise<number> {
    const [[position] = []] = await this.#ask('position', 'SELECT max(position) FROM by_hand', [])
    return Number(position)
  }

  /** A page of what was inserted here. */
  async log(after: number, limit: number): Promise<[position: number, state: string][]> {
    const text = `SELECT position, id, version, topic, convert_from(state, 'UTF8')
      FROM by_hand WHERE position > $1 ORDER BY position LIMIT $2`
    return (await this.#ask('log', text, [after, limit])).map(([position, , , , state]) => [Number(position), state])
  }

  /** A page of what the recorder has recorded. */
  async page(table: string, after: number, limit: number): Promise<[id: string, state: string][]> {
    const text = `SELECT notification_id, originator_id, originator_version, topic, convert_from(state, 'UTF8')
        FROM ${table} WHERE notification_id > $1 ORDER BY notification_id LIMIT $2`
    return (await this.#ask(`page of ${table}`, text, [after, limit])).map(([id, , , , state]) => [id, state])
  }

  close(): Promise<void> {
    return (this.#client as Client).end()
  }

  /** A prepared statement. */
  async #ask(name: string, text: string, values: unknown[]) {
    return (await this.#client.query({ name, text, values, rowMode: 'array' })).rows
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
