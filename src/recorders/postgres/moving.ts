/**
 * Moves a store from a PostgreSQL server, or to one: see port/moving.ts.
 *
 * What is put may be put again, so a connection that is cut does no harm. Each statement first looks whether the mark in
 * the log's row is still that of its own move, and holds the row: of two moves to one store, the later one goes on.
 */
import { DatabaseLockedError, MoveError } from '../../errors'
import { fitting, logOf, type MovedRow, type MovingStore, markOf, nameOf, type Part } from '../../port/moving'
import { tagSet } from '../../port/query'
import { Final } from './final'
import { mustFit } from './limits'
import { type Shape, shapesOf } from './moving-rows'
import { prepare } from './prepare'
import type { Given, Server } from './server'
import { type Layout, type Names, namesIn } from './tables'

/** `its`, of the table $1: what gives positions. */
const SEQUENCE = "SELECT pg_get_serial_sequence($1, 'notification_id')::regclass AS its"

/** @throws MoveError if there are no tables to be moved from */
export async function openMoving(
  server: Server,
  { schema = 'public', prefix = 'stored' }: { readonly schema?: string; readonly prefix?: string },
  direction: 'from' | 'to',
): Promise<MovingStore> {
  const { events } = namesIn({ schema, prefix })
  const [[found] = []] = await server.ask('SELECT to_regclass($1)', [events])
  if (direction === 'from' && found === null)
    throw new MoveError(
      `${server.name} has no table ${schema}.${prefix}_events: correct the address, the schema or the prefix`,
    )
  const { layout } = await prepare(server, schema, prefix, true)
  return new PostgresMoving(server, layout)
}

class PostgresMoving implements MovingStore {
  readonly name: string
  readonly #server: Server
  readonly #names: Names
  readonly #final: Final
  readonly #shapes: (part: Part) => Shape
  readonly #isUuid: boolean
  /** The mark of this move. */
  #mark = ''

  constructor(server: Server, layout: Layout) {
    const { schema, prefix, idType } = layout
    const isUsual = schema === 'public' && prefix === 'stored'
    this.name = isUsual ? server.name : `${server.name} (${schema}.${prefix}_events)`
    this.#server = server
    this.#names = namesIn(layout)
    this.#final = new Final(server, this.#names)
    this.#shapes = shapesOf(layout)
    this.#isUuid = idType === 'uuid'
  }

  async log() {
    const [[id] = []] = await this.#server.ask(`SELECT log_id FROM ${this.#names.log}`)
    return logOf(id!)
  }

  last(): Promise<number> {
    return this.#final.look()
  }

  /** Only who may read the sequence can know of those that are deleted. */
  async given(): Promise<number> {
    const [[given] = []] = await this.#server.ask(
      `SELECT CASE WHEN has_sequence_privilege(its, 'USAGE, SELECT') THEN pg_sequence_last_value(its) END FROM (${SEQUENCE}) AS of_events`,
      [this.#names.events],
    )
    return Number(given ?? 0)
  }

  async newest(): Promise<number> {
    const [[newest] = []] = await this.#server.ask(`SELECT max(notification_id) FROM ${this.#names.events}`)
    return Number(newest ?? 0)
  }

  async page(part: Part, after?: MovedRow, limit?: number): Promise<MovedRow[]> {
    const { from, key, columns, size, given = [], made } = this.#shapes(part)
    const values = [...given, ...((after?.slice(0, key.length) ?? []) as Given[])]
    const places = key.map(({ type }, at) => `$${given.length + at + 1}::${type}`)
    const where = after ? `AND (${key.map(({ name }) => name)}) > (${places})` : ''
    const rest = `FROM ${from} ${where} ORDER BY ${key.map(({ name }) => name)} LIMIT $${values.length + 1}`
    const many = await fitting(limit, async (most) => {
      const sizes = await this.#server.ask(`SELECT ${size} ${rest}`, [...values, most])
      return sizes.map(([its]) => Number(its))
    })
    const rows = (await this.#server.ask(`SELECT ${columns} ${rest}`, [...values, many])).map(made)
    return part === 'events' ? this.#tagged(rows) : rows
  }

  /** Of a stretch, and not event by event: a server that has not looked at new tables yet would expect too many. */
  async #tagged(events: readonly MovedRow[]): Promise<MovedRow[]> {
    const tags = await this.#server.ask(
      `SELECT position, json_agg(tag) FROM ${this.#names.tags} WHERE position >= $1 AND position <= $2 GROUP BY position`,
      [events[0]?.[0] as Given, events.at(-1)?.[0] as Given],
    )
    const found = new Map(tags.map(([position, its]) => [Number(position), tagSet(JSON.parse(its!) as string[])]))
    return events.map((event) => [...event, found.get(event[0] as number) ?? []])
  }

  async begin(logId: string): Promise<void> {
    // It becomes the name of a channel.
    if (!/^[\w-]{1,50}$/.test(logId))
      throw new MoveError(
        `The id of the log is '${logId}', which PostgreSQL cannot take: only letters, digits and - may be in it`,
      )
    this.#mark = markOf(logId, crypto.randomUUID())
    await this.#server.ask(`UPDATE ${this.#names.log} SET log_id = $1`, [this.#mark])
  }

  async put(part: Part, rows: readonly MovedRow[]): Promise<void> {
    for (const row of rows) this.#mustFit(part, row)
    const { put, arrays } = this.#shapes(part)
    await this.#mustOwn(put, arrays(rows))
  }

  async clear(): Promise<void> {
    const { states, tracking, views, viewRows } = this.#names
    const steps = [states, viewRows, views].map((table) => `DELETE FROM ${table} USING mine`)
    steps.push(`DELETE FROM ${tracking} USING mine WHERE application_name <> '__migration__'`)
    await this.#mustOwn(steps, [])
  }

  async finish(last: number): Promise<void> {
    const { id } = await this.log()
    await this.#server.ask(
      `SELECT setval(its, greatest($2::bigint, pg_sequence_last_value(its)))
       FROM (${SEQUENCE}) AS of_events WHERE $2::bigint > 0`,
      [this.#names.events, last],
    )
    const { events, tags, states, tracking, views, viewRows } = this.#names
    // Until it has looked at new tables, a server guesses how to find what is in them.
    await this.#server.ask(`ANALYZE ${[events, tags, states, tracking, views, viewRows]}`)
    const whole = `UPDATE ${this.#names.log} SET log_id = $2 FROM mine`
    // If it was cut off, and is asked again, it may be whole already.
    if (!(await this.#own([whole], [id])) && (await this.log()).isHalf) throw this.#isTaken()
  }

  /** The recorder that it was made by closes its connections. */
  async close(): Promise<void> {}

  async #mustOwn(steps: readonly string[], given: readonly Given[]): Promise<void> {
    if (!(await this.#own(steps, given))) throw this.#isTaken()
  }

  /** Runs statements, in which `mine` has one row if this move goes on, and none if another one has begun; returns whether it goes on. */
  async #own(steps: readonly string[], given: readonly Given[]): Promise<boolean> {
    const mine = `SELECT 1 AS it FROM ${this.#names.log} WHERE log_id = $1 FOR UPDATE`
    const parts = [`mine AS MATERIALIZED (${mine})`, ...steps.map((sql, at) => `step_${at} AS (${sql})`)]
    const sql = `WITH ${parts.join(', ')} SELECT count(*) FROM mine`
    const [[isMine] = []] = await this.#server.ask(sql, [this.#mark, ...given])
    return isMine === '1'
  }

  #isTaken(): Error {
    return new DatabaseLockedError(
      `Another move to ${this.name} has begun: let that one come to its end, or end it and run this one again`,
    )
  }

  #mustFit(part: Part, row: MovedRow): void {
    for (const text of row.flat())
      if (typeof text === 'string' && text.includes('\0'))
        throw new MoveError(
          `'${text.slice(0, 40)}' has a null character in it, for which PostgreSQL has no place (${nameOf(part)} ${row[0]}): it cannot be moved to ${this.name}`,
        )
    const [first, second, , topic, , tags] = row
    const id = part === 'events' ? second : part === 'snapshots' ? first : undefined
    mustFit(...(part === 'events' ? [String(second), String(topic), ...(tags as string[])] : [String(first)]))
    if (this.#isUuid && id !== undefined && !/^[0-9a-f]{32}$/.test(String(id)))
      throw new MoveError(
        `'${id}' is no UUID, and the tables of ${this.name}, which Python has made, take no other ids: choose another prefix`,
      )
  }
}
