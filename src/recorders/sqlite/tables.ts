/**
 * What is written into the tables and read from them: see schema.ts for their form.
 */

import { tagSet } from '../../port/query'
import {
  copyOf,
  type Notification,
  type NotificationQuery,
  type ReadOptions,
  type StateForm,
  type StoredEvent,
  type StreamQuery,
  stateIn,
  type Tracking,
} from '../../port/recorder'
import { mustBeWhole } from '../../refusals'
import type { Engine, SqlValue } from './engine'

/** An event with its position, in the order of the columns. */
export type Stored = [position: number, aggregateId: string, version: number, topic: string, state: string | Uint8Array]

/** The same, with its tags if it has some: they are in a table of their own. */
export type Row = [...Stored, tags?: readonly string[]]

const columns = 'rowid, originator_id, originator_version, topic, state'
/** Statements that insert so many consecutive events of one aggregate: the fewer values are bound, the faster. */
const inserts = [100, 10, 1].map((count) => ({
  count,
  sql: `INSERT INTO stored_events (${columns}) VALUES ${Array.from(
    { length: count },
    (_, at) => `(?1 + ${at}, ?2, ?3 + ${at}, ?${4 + 2 * at}, ?${5 + 2 * at})`,
  )}`,
}))

const encoder = new TextEncoder()
/** States are encoded here, because SQLite copies bound values at once. */
const scratch = new Uint8Array(1024 * 1024)

export const toBytes = (state: string | Uint8Array): Uint8Array =>
  typeof state === 'string' ? encoder.encode(state) : state

/** A copy, because the caller may change the event afterwards. */
export function rowOf({ aggregateId, version, topic, state, tags }: StoredEvent): Row {
  const kept = tagSet(tags)
  return kept ? [0, aggregateId, version, topic, copyOf(state), kept] : [0, aggregateId, version, topic, copyOf(state)]
}

export function insertEvents(engine: Engine, rows: readonly Row[]): void {
  for (let start = 0; start < rows.length; ) {
    const length = runAt(rows, start)
    const { count, sql } = inserts.find((each) => each.count <= length)!
    engine.run(sql, values(rows, start, count))
    start += count
  }
}

/** How many rows from here on are consecutive events of one aggregate, up to what can be inserted at once. */
function runAt(rows: readonly Row[], start: number): number {
  const [position, aggregateId, version] = rows[start]!
  const most = Math.min(rows.length - start, inserts[0]!.count)
  for (let length = 1; length < most; length++) {
    const row = rows[start + length]!
    if (row[1] !== aggregateId || row[0] !== position + length || row[2] !== version + length) return length
  }
  return most
}

function values(rows: readonly Row[], start: number, count: number): SqlValue[] {
  const [position, id, version] = rows[start]!
  const bound: SqlValue[] = [position, id, version]
  let used = 0
  for (let at = start; at < start + count; at++) {
    const [, , , topic, state] = rows[at]!
    if (typeof state !== 'string' || state.length * 3 > scratch.length - used) bound.push(topic, toBytes(state))
    else {
      const { written } = encoder.encodeInto(state, scratch.subarray(used))
      bound.push(topic, scratch.subarray(used, used + written))
      used += written
    }
  }
  return bound
}

export function selectEvents(engine: Engine, aggregateId: string, query: StreamQuery): StoredEvent[] {
  const { after = 0, upTo = Infinity, limit = Infinity, descending = false, as = 'text' } = query
  mustBeWhole({ after, upTo, limit })
  return engine.map<[number, string, SqlValue], StoredEvent>(
    `SELECT originator_version, topic, ${stateAs(as)} FROM stored_events
     WHERE originator_id = ? AND originator_version > ? AND originator_version <= ?
     ORDER BY originator_version ${descending ? 'DESC' : 'ASC'} LIMIT ?`,
    [aggregateId, after, upTo, limitOf(limit)],
    ([version, topic, state]) => {
      return { aggregateId, version, topic, state: given(engine, state, as, aggregateId, version) }
    },
  )
}

export function selectNotifications(engine: Engine, query: NotificationQuery): Notification[] {
  const { start = 1, stop = Infinity, limit = Infinity, topics } = query
  mustBeWhole({ start, stop, limit })
  if (topics?.length === 0) return []
  const which = topics ? 'AND topic IN (SELECT value FROM json_each(?))' : ''
  return listed(
    engine,
    `rowid >= ? AND rowid <= ? ${which} ORDER BY rowid LIMIT ?`,
    topics ? [start, stop, JSON.stringify(topics), limitOf(limit)] : [start, stop, limitOf(limit)],
    query,
  )
}

/** The events at these positions, which rise, or fall if `descending`. */
export function selectAt(engine: Engine, positions: readonly number[], form: ReadOptions): Notification[] {
  if (positions.length === 0) return []
  const order = form.descending ? 'DESC' : 'ASC'
  const where = `rowid IN (SELECT value FROM json_each(?)) ORDER BY rowid ${order}`
  return listed(engine, where, [JSON.stringify(positions)], form)
}

const tagsOf = '(SELECT json_group_array(tag) FROM dog_school_tags WHERE position = stored_events.rowid)'

function listed(engine: Engine, where: string, values: SqlValue[], { as = 'text', tagged }: ReadOptions) {
  return engine.map<[number, string, number, string, SqlValue, SqlValue], Notification>(
    `SELECT rowid, originator_id, originator_version, topic, ${stateAs(as)} ${tagged ? `, ${tagsOf}` : ''}
     FROM stored_events WHERE ${where}`,
    values,
    ([id, aggregateId, version, topic, kept, json]) => {
      const state = given(engine, kept, as, aggregateId, version)
      const tags = tagged ? tagSet(JSON.parse(String(json)) as string[]) : undefined
      return { id, aggregateId, version, topic, state, ...(tags && { tags }) }
    },
  )
}

/** Fetching a state as text costs half as much. */
const stateAs = (form: StateForm): string => (form === 'text' ? 'CAST(state AS TEXT)' : 'state')

function given(engine: Engine, state: SqlValue, form: StateForm, aggregateId: string, version: number) {
  if (form === 'bytes') return toBytes(state as string | Uint8Array)
  // SQLite replaces invalid UTF-8 by U+FFFD, so a state that does not look like plain JSON is fetched again as bytes.
  if (typeof state === 'string' && state.startsWith('{') && !state.includes('\ufffd')) return state
  const [[kept] = []] = engine.rows<[string | Uint8Array]>(
    'SELECT state FROM stored_events WHERE originator_id = ? AND originator_version = ?',
    [aggregateId, version],
  )
  return stateIn(form, { aggregateId, version, topic: '', state: kept! })
}

/** In SQLite, a negative limit is no limit. */
const limitOf = (limit: number): number => (limit === Infinity ? -1 : Math.max(0, limit))

/** The event at a position. */
export function eventAt(engine: Engine, position: number): Stored | undefined {
  return engine.rows<Stored>(`SELECT ${columns} FROM stored_events WHERE rowid = ?`, [position])[0]
}

export const maxPosition = (engine: Engine): number => engine.number('SELECT max(rowid) FROM stored_events')

export const maxVersion = (engine: Engine, aggregateId: string): number =>
  engine.number('SELECT max(originator_version) FROM stored_events WHERE originator_id = ?', [aggregateId])

export const maxTracked = (engine: Engine, applicationName: string): number =>
  engine.number('SELECT max(notification_id) FROM tracking WHERE application_name = ?', [applicationName])

export function insertTracking(engine: Engine, { applicationName, notificationId }: Tracking): void {
  engine.run('INSERT OR IGNORE INTO tracking VALUES (?,?)', [applicationName, notificationId])
}

export function insertSnapshot(engine: Engine, { aggregateId, version, topic, state }: StoredEvent): void {
  const row = [aggregateId, version, topic, toBytes(state)]
  engine.run('INSERT OR REPLACE INTO dog_school_snapshots VALUES (?,?,?,?)', row)
}

export function selectSnapshot(
  engine: Engine,
  aggregateId: string,
  upTo: number,
  as: StateForm,
): StoredEvent | undefined {
  mustBeWhole({ upTo })
  const [row] = engine.rows<[number, string, string | Uint8Array]>(
    `SELECT originator_version, topic, state FROM dog_school_snapshots
     WHERE originator_id = ? AND originator_version <= ? ORDER BY originator_version DESC LIMIT 1`,
    [aggregateId, upTo],
  )
  if (!row) return undefined
  const [version, topic, state] = row
  return { aggregateId, version, topic, state: stateIn(as, { aggregateId, version, topic, state }) }
}
