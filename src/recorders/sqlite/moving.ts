/**
 * Moves a database from a file, or to one: see port/moving.ts.
 *
 * What is put goes into the engine and from there into the file, past the journal, in which positions have no gaps. The
 * file is written again when it has grown by half, so a move that is killed has that much to do again.
 */
import { MoveError } from '../../errors'
import { fitting, logOf, type MovedRow, type MovingStore, markOf, type Part } from '../../port/moving'
import { tagSet } from '../../port/query'
import { isReadOnly } from '../../refusals'
import type { Engine, SqlValue } from './engine'
import { openStore, type SqliteOptions } from './open'
import { databaseId } from './schema'
import type { Store } from './store'
import { insertEvents, maxPosition, type Row, toBytes } from './tables'
import { insertTags } from './tags'

/** In bytes: if the file grows by less than this, it is not written again. */
const SMALL = 32 * 1024 * 1024

/** How the rows of a part are read and put. */
interface Shape {
  readonly from: string
  readonly key: readonly string[]
  readonly columns: string
  readonly size: string
  /** Values that `from` has. */
  readonly given?: readonly SqlValue[]
  readonly made?: (row: SqlValue[]) => MovedRow
  readonly put: (engine: Engine, rows: readonly MovedRow[]) => void
}

const insertion = (sql: string) => (engine: Engine, rows: readonly MovedRow[]) => {
  for (const row of rows) engine.run(sql, row as SqlValue[])
}

const shapes: Readonly<Record<Exclude<Part, object>, Shape>> = {
  events: {
    from: 'stored_events WHERE TRUE',
    key: ['rowid'],
    columns: 'rowid, originator_id, originator_version, topic, state',
    size: 'length(state)',
    // Its tags are read apart.
    made: ([position, id, version, topic, state]) => [position!, id!, version!, topic!, bytesOf(state!)],
    put: (engine, rows) => {
      insertEvents(engine, rows as unknown as Row[])
      insertTags(engine, rows as unknown as Row[])
    },
  },
  snapshots: {
    from: 'dog_school_snapshots WHERE TRUE',
    key: ['originator_id', 'originator_version'],
    columns: 'originator_id, originator_version, topic, state',
    size: 'length(state)',
    made: ([id, version, topic, state]) => [id!, version!, topic!, bytesOf(state!)],
    put: insertion('INSERT OR IGNORE INTO dog_school_snapshots VALUES (?,?,?,?)'),
  },
  tracking: {
    // Of several rows of an application the last one counts.
    from: '(SELECT application_name, max(notification_id) AS notification_id FROM tracking GROUP BY application_name) WHERE TRUE',
    key: ['application_name', 'notification_id'],
    columns: 'application_name, notification_id',
    size: '0',
    put: insertion('INSERT OR IGNORE INTO tracking VALUES (?,?)'),
  },
  views: {
    from: 'dog_school_views WHERE TRUE',
    key: ['name'],
    columns: 'name, position, log_id, form, build',
    size: '0',
    put: insertion('INSERT OR IGNORE INTO dog_school_views (name, position, log_id, form, build) VALUES (?,?,?,?,?)'),
  },
}

/** A state is bytes, whatever a program has put there. */
const bytesOf = (state: SqlValue): Uint8Array | null =>
  state === null || state instanceof Uint8Array ? state : toBytes(String(state))

function shapeOf(engine: Engine, part: Part): Shape {
  if (typeof part === 'string') return shapes[part]
  const id = engine.number('SELECT id FROM dog_school_views WHERE name = ?', [part.rowsOf])
  return {
    from: `dog_school_view_rows WHERE view = ?`,
    key: ['key'],
    columns: 'key, value',
    size: 'length(value)',
    given: [id],
    put: (engine, rows) =>
      insertion('INSERT OR IGNORE INTO dog_school_view_rows VALUES (?,?,?)')(
        engine,
        rows.map((row) => [id, ...row]),
      ),
  }
}

/** @throws MoveError if there is nothing to be moved from, or to: a database in memory is gone when this ends */
export async function openMoving(path: string, options: SqliteOptions, direction: 'from' | 'to'): Promise<MovingStore> {
  if (path === ':memory:' || options.bytes)
    throw new MoveError('A database in memory cannot be moved: name a file, which backup() writes')
  // A move holds the lock, so that nothing is recorded meanwhile.
  if (options.readOnly) throw isReadOnly(path)
  const store = await openStore(path, options, true)
  try {
    if (direction === 'from') mustBeThere(path, store)
    return new SqliteMoving(path, store)
  } catch (error) {
    await store.close()
    throw error
  }
}

function mustBeThere(path: string, store: Store): void {
  if (!store.files?.file.state && !store.files?.journal.length)
    throw new MoveError(`There is no database ${path} to be moved: correct the path`)
  // If the move is ended, it must find the same log when it goes on.
  store.complete()
}

class SqliteMoving implements MovingStore {
  readonly name: string
  readonly #store: Store
  readonly #engine: Engine
  /** The size of the file when it was written; undefined if nothing has been put since. */
  #size: number
  #isSaved = true

  constructor(name: string, store: Store) {
    this.name = name
    this.#store = store
    this.#engine = store.engine
    this.#size = store.engine.size
  }

  async log() {
    return logOf(databaseId(this.#engine))
  }

  async last(): Promise<number> {
    return this.#store.position
  }

  given(): Promise<number> {
    return this.last()
  }

  async newest(): Promise<number> {
    return maxPosition(this.#engine)
  }

  async page(part: Part, after?: MovedRow, limit?: number): Promise<MovedRow[]> {
    const { from, key, columns, size, given = [], made = (row) => row as MovedRow } = shapeOf(this.#engine, part)
    const keys = key.join(', ')
    const where = after ? `${from} AND (${keys}) > (${key.map(() => '?').join(', ')})` : from
    const values = [...given, ...((after?.slice(0, key.length) ?? []) as SqlValue[])]
    const rest = `FROM ${where} ORDER BY ${keys} LIMIT ?`
    const many = await fitting(limit, async (most) =>
      this.#engine.map<[number | null], number>(`SELECT ${size} ${rest}`, [...values, most], ([its]) => its ?? 0),
    )
    const rows = this.#engine.map<SqlValue[], MovedRow>(`SELECT ${columns} ${rest}`, [...values, many], made)
    return part === 'events' ? this.#tagged(rows) : rows
  }

  #tagged(events: readonly MovedRow[]): MovedRow[] {
    const found = new Map<number, string[]>()
    for (const [position, tag] of this.#engine.rows<[number, string]>(
      'SELECT position, tag FROM dog_school_tags WHERE position >= ? AND position <= ?',
      [(events[0]?.[0] ?? 0) as number, (events.at(-1)?.[0] ?? 0) as number],
    ))
      found.set(position, [...(found.get(position) ?? []), tag])
    return events.map((event) => [...event, tagSet(found.get(event[0] as number)) ?? []])
  }

  async begin(logId: string): Promise<void> {
    const mark = markOf(logId)
    if (databaseId(this.#engine) === mark) return
    this.#name(mark)
    this.#save(0)
  }

  async put(part: Part, rows: readonly MovedRow[]): Promise<void> {
    this.#isSaved = false
    this.#engine.transaction(() => shapeOf(this.#engine, part).put(this.#engine, rows))
    const { size } = this.#engine
    if (size - this.#size > Math.max(SMALL, this.#size / 2)) this.#save(0)
  }

  async clear(): Promise<void> {
    this.#isSaved = false
    this.#engine.transaction(() => {
      for (const table of ['dog_school_snapshots', 'tracking', 'dog_school_view_rows', 'dog_school_views'])
        this.#engine.run(`DELETE FROM ${table}`)
    })
  }

  async finish(last: number): Promise<void> {
    this.#name((await this.log()).id)
    this.#save(last)
  }

  async close(): Promise<void> {
    try {
      if (!this.#isSaved) this.#save(0)
    } finally {
      await this.#store.close()
    }
  }

  #name(id: string): void {
    this.#engine.run('UPDATE dog_school_schema SET database_id = ?', [id])
  }

  #save(last: number): void {
    this.#store.save(last)
    this.#isSaved = true
    this.#size = this.#engine.size
  }
}
