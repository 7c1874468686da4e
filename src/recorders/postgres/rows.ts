/**
 * Reads events and snapshots. States are text for the server too, unless bytes are asked for: it decodes them faster.
 */
import { type EventQuery, type Range, tagSet } from '../../port/query'
import { type Notification, type StateForm, type StoredEvent, type StreamQuery, stateIn } from '../../port/recorder'
import { mustBeWhole } from '../../refusals'
import { inColumns, MOST_ROWS } from './columns'
import { isIdOf, isText } from './limits'
import type { Given, Server, Values } from './server'
import { idIn, idOut, type Layout, type Names, namesIn } from './tables'
import { sqlState } from './told'
import { MOST } from './values'

/** What is asked for besides the state: the id of an aggregate is known, and its events are many. */
const STREAM = ['originator_version', 'topic']

/** As PostgreSQL writes them unless a user, or a database, sets `bytea_output`. */
const BYTES = "E'\\\\x' || encode(state, 'hex')"

export const whole = (number: number): string =>
  number >= Number.MAX_SAFE_INTEGER ? MOST : String(Math.max(number, Number.MIN_SAFE_INTEGER))

export class Rows {
  readonly #server: Server
  readonly #layout: Layout
  readonly #names: Names

  constructor(server: Server, layout: Layout) {
    this.#server = server
    this.#layout = layout
    this.#names = namesIn(layout)
  }

  async stream(aggregateId: string, query: StreamQuery): Promise<StoredEvent[]> {
    const { after = 0, upTo = Infinity, limit = Infinity, descending = false, as = 'text' } = query
    mustBeWhole({ after, upTo, limit })
    if (!isIdOf(this.#layout.idType, aggregateId)) return []
    const sql = `FROM ${this.#names.events} WHERE originator_id = ${this.#idIn('$1')} AND originator_version > $2::bigint AND originator_version <= $3::bigint
      ORDER BY originator_version ${descending ? 'DESC' : 'ASC'} LIMIT $4`
    const given = [aggregateId, whole(after), whole(upTo), whole(Math.max(0, limit))]
    return this.#events(STREAM, sql, given, as, eventOf(aggregateId))
  }

  /** @param topics any, if undefined */
  async log(
    { after, upTo, limit, descending }: Range,
    topics: readonly string[] | undefined,
    tagged: boolean,
    as: StateForm,
  ): Promise<Notification[]> {
    const only = topics ? 'AND topic COLLATE "C" = ANY ($4)' : ''
    const sql = `FROM ${this.#names.events} AS its WHERE notification_id > $1::bigint AND notification_id <= $2::bigint ${only}
      ORDER BY notification_id ${descending ? 'DESC' : 'ASC'} LIMIT $3`
    const given = [whole(after), whole(upTo), whole(limit), ...(topics ? [topics] : [])]
    return this.#events(this.#listed(tagged), sql, given, as, notificationOf, isPage({ upTo, after, limit }))
  }

  async matching(
    query: EventQuery,
    { after, upTo, limit, descending }: Range,
    tagged: boolean,
    as: StateForm,
  ): Promise<Notification[]> {
    const { matching, matchingDown, events } = this.#names
    const sql = `FROM ${descending ? matchingDown : matching}($1, $2, $3, $4) AS position JOIN ${events} AS its ON notification_id = position
      ORDER BY notification_id ${descending ? 'DESC' : 'ASC'} LIMIT $4`
    const given = [JSON.stringify(query), whole(after), whole(upTo), whole(limit)]
    return this.#events(this.#listed(tagged), sql, given, as, notificationOf, isPage({ upTo, after, limit }))
  }

  async tracked(applicationName: string): Promise<number> {
    if (!isText(applicationName)) return 0
    const sql = `SELECT max(notification_id) FROM ${this.#names.tracking} WHERE application_name = $1`
    const [[last] = []] = await this.#server.ask(sql, [applicationName])
    return Number(last ?? 0)
  }

  async saveSnapshot({ aggregateId, version, topic, state }: StoredEvent): Promise<void> {
    await this.#server.ask(
      `INSERT INTO ${this.#names.states} (originator_id, originator_version, topic, state) VALUES (${this.#idIn('$1')}, $2, $3, $4)
       ON CONFLICT (originator_id, originator_version) DO UPDATE SET topic = excluded.topic, state = excluded.state`,
      [aggregateId, version, topic, Buffer.from(state as string)],
    )
  }

  async snapshot(aggregateId: string, upTo: number, as: StateForm): Promise<StoredEvent | undefined> {
    mustBeWhole({ upTo })
    if (!isIdOf(this.#layout.idType, aggregateId)) return undefined
    const sql = `FROM ${this.#names.states} WHERE originator_id = ${this.#idIn('$1')} AND originator_version <= $2::bigint ORDER BY originator_version DESC LIMIT 1`
    return (await this.#events(STREAM, sql, [aggregateId, whole(upTo)], as, eventOf(aggregateId)))[0]
  }

  async #events<T extends StoredEvent>(
    columns: readonly string[],
    rest: string,
    given: readonly Given[],
    as: StateForm,
    make: (values: Values, state: StoredEvent['state']) => T,
    isPage = false,
  ): Promise<T[]> {
    const ask = async (form: StateForm) => {
      const all = [form === 'text' ? "convert_from(state, 'UTF8')" : BYTES, ...columns]
      const page = isPage ? await inColumns(this.#server, all, rest, given) : undefined
      const rows = page ?? (await this.#server.ask(`SELECT ${all.join(', ')} ${rest}`, given))
      return rows.map((values) => make(values, stateOf(values[0]!, form)))
    }
    const read = await ask(as).catch(async (error) => {
      // One of them is not text: which one?
      if (as === 'bytes' || sqlState(error) !== '22021') throw error
      return ask('bytes')
    })
    // Another program may have written a row without a state.
    const isRead = ({ state }: T) => as === 'bytes' || typeof state === 'string'
    return read.every(isRead) ? read : read.map((event) => ({ ...event, state: stateIn('text', event) }))
  }

  #listed(tagged: boolean): readonly string[] {
    const tags = `coalesce((SELECT json_agg(tag)::text FROM ${this.#names.tags} WHERE position = its.notification_id), '')`
    return [...STREAM, idOut(this.#layout.idType), 'notification_id', ...(tagged ? [tags] : [])]
  }

  #idIn(given: string): string {
    return idIn(this.#layout.idType, given)
  }
}

/** Are there so few rows that they fit in columns? */
const isPage = ({ after, upTo, limit }: Pick<Range, 'after' | 'upTo' | 'limit'>): boolean =>
  Math.min(limit, upTo - after) <= MOST_ROWS

const eventOf =
  (aggregateId: string) =>
  ([, version, topic]: Values, state: StoredEvent['state']): StoredEvent => ({
    aggregateId,
    version: Number(version),
    topic: topic!,
    state,
  })

function notificationOf([, version, topic, aggregateId, id, tags]: Values, state: StoredEvent['state']): Notification {
  const event = {
    id: Number(id),
    aggregateId: aggregateId!,
    version: Number(version),
    topic: topic!,
    state,
  }
  return tags ? { ...event, tags: tagSet(JSON.parse(tags) as string[]) } : event
}

/** Bytes are in PostgreSQL's hexadecimal form. Null stays what it is: who reads it says which row is damaged. */
const stateOf = (state: string, form: StateForm): string | Uint8Array =>
  form === 'text' || state === null ? state : new Uint8Array(Buffer.from(state.slice(2), 'hex'))
