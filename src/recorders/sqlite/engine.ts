/**
 * A database in sql.js, the SQLite that runs inside this process and holds all of it in memory.
 *
 * Statements are prepared once and kept. Between transactions the bytes that it works on are those of a SQLite
 * file, and can be read where they are.
 */
import type { Database, Statement } from 'sql.js'
import { NotADatabaseError, ReadOnlyError, StorageError } from '../../errors'
import { inMegabytes, sqlite3 } from './disk'
import { Pages, type Snapshot, snapshotOf } from './pages'
import { openDatabase } from './sql-js'

/** Ours, so that whoever uses the package needs no types of sql.js. */
export type SqlValue = number | string | Uint8Array | null

/** What a statement answers with. */
export interface QueryResult {
  readonly columns: string[]
  readonly rows: SqlValue[][]
}

const tuning =
  'PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -65536'

export class Engine {
  #database: Database
  /** What the database works on; nothing before it was first asked for, of a database that is new. */
  #pages: Pages | undefined
  #pageSize = 0
  /** Something may have been written since that was last looked at. */
  #isTouched = true
  readonly #statements = new Map<string, Statement>()
  readonly #name: string
  readonly #maxBytes: number

  /**
   * The database in these pages, or an empty one.
   *
   * @param name what messages call it
   * @param maxBytes what it may not grow beyond; it may be larger already
   */
  constructor(name: string, maxBytes: number, pages?: Pages) {
    this.#database = openDatabase(pages?.given)
    this.#pages = pages
    this.#name = name
    this.#maxBytes = maxBytes
    this.#tune()
  }

  /** In bytes: how long its file is, or will be. */
  get size(): number {
    return this.number('PRAGMA page_count') * this.#pageSize
  }

  /** Runs one statement that answers nothing. */
  run(sql: string, values?: SqlValue[]): void {
    this.#isTouched = true
    try {
      this.#prepared(sql).run(values)
    } catch (error) {
      throw this.#explained(error)
    }
  }

  /** Every row that a statement answers with. */
  rows<R extends SqlValue[]>(sql: string, values?: SqlValue[]): R[] {
    return this.map<R, R>(sql, values, (row) => row)
  }

  /** The same, with each row made into something else. */
  map<R extends SqlValue[], T>(sql: string, values: SqlValue[] = [], made: (row: R) => T): T[] {
    const rows: T[] = []
    let statement: Statement | undefined
    try {
      statement = this.#prepared(sql)
      statement.bind(values)
      while (statement.step()) rows.push(made(statement.get() as R))
      return rows
    } catch (error) {
      throw this.#explained(error)
    } finally {
      statement?.reset()
    }
  }

  /** The one number that a statement answers with; 0 for none. */
  number(sql: string, values?: SqlValue[]): number {
    return Number(this.rows(sql, values)[0]?.[0] ?? 0)
  }

  /** Does all of the work, or nothing of it if it throws. */
  transaction<T>(work: () => T): T {
    this.run('BEGIN')
    try {
      const result = work()
      this.run('COMMIT')
      return result
    } catch (error) {
      this.#rollback()
      throw error
    }
  }

  /**
   * Runs one statement that is used this once.
   *
   * @throws TypeError if SQLite does not understand it, or if it is more than one
   */
  once(sql: string): QueryResult {
    const statements = this.#database.iterateStatements(sql)
    try {
      const { value: statement, done } = statements.next()
      if (done) throw new TypeError('there is no statement in it')
      const columns = statement.getColumnNames()
      const rows: SqlValue[][] = []
      while (statement.step()) rows.push(statement.get())
      const second = statements.next()
      if (second.done) return { columns, rows }
      second.value.free()
      throw new TypeError('it is more than one statement')
    } catch (cause) {
      if (isFull(cause)) throw this.#explained(cause)
      throw new TypeError(`SQLite cannot run ${sql.trim()}: ${(cause as Error).message}`, { cause })
    }
  }

  /**
   * The same for a statement that only asks.
   *
   * @throws ReadOnlyError if it would change something
   */
  ask(sql: string): QueryResult {
    this.#database.run('BEGIN; PRAGMA query_only = ON')
    try {
      return this.once(sql)
    } catch (cause) {
      if (!(cause as Error).message.endsWith('attempt to write a readonly database')) throw cause
      throw new ReadOnlyError(`${sql.trim()} would change the database: to let it, use query(sql, { write: true })`, {
        cause,
      })
    } finally {
      this.#database.run('PRAGMA query_only = OFF')
      this.#rollback()
    }
  }

  /** The whole database as it is now, as the bytes of a SQLite file. */
  snapshot(): Snapshot {
    if (!this.#isInPlace()) this.#replace(Pages.of(this.#database.export()))
    return this.#pages?.isShared ? this.#pages.snapshot(this.size) : snapshotOf(this.#database.export())
  }

  /** Goes on with the database as it was then. */
  restore(snapshot: Snapshot): void {
    const pages = new Pages(snapshot.size)
    snapshot.copy(pages.bytes, 0)
    this.#replace(pages)
  }

  close(): void {
    this.#forget()
    this.#database.close()
  }

  /**
   * Does sql.js still work on our pages? It takes others when a database shrinks, or outgrows them. So it is made
   * to write one: with the number in it that is there.
   */
  #isInPlace(): boolean {
    if (this.#pages && !this.#isTouched) return true
    const before = this.#pages?.writes
    const version = this.number('PRAGMA user_version')
    this.transaction(() => this.run(`PRAGMA user_version = ${version}`))
    this.#isTouched = false
    // One that was never taken as it is meant never will be.
    return before !== this.#pages?.writes || this.#pages?.isShared === false
  }

  #replace(pages: Pages): void {
    this.close()
    this.#database = openDatabase(pages?.given)
    this.#pages = pages
    this.#tune()
  }

  /** There may be none any more: SQLite ends a transaction by itself after some errors. */
  #rollback(): void {
    try {
      this.#database.run('ROLLBACK')
    } catch {
      // What led here is thrown.
    }
  }

  /** Damage and want of room are said in words; the rest is for whoever asked. */
  #explained(error: unknown): unknown {
    if (isFull(error))
      return new StorageError(
        `${this.#name} would grow beyond ${inMegabytes(this.#maxBytes)}, which is the most that it may: nothing was recorded. ` +
          'Take out what is not needed any more with query(sql, { write: true }), or keep these events in a database of another kind',
        { cause: error },
      )
    const { message } = error as Error
    if (!/malformed|not a database|corrupt/.test(message)) return error
    return new NotADatabaseError(
      `${this.#name} is damaged (SQLite says: ${message}): restore it from a backup, or save what can be read with: ${sqlite3(this.#name, '.recover')}`,
      { cause: error },
    )
  }

  /**
   * Nothing here is a disk, and nobody else is here: what SQLite does for a disk, and looks up because of
   * others, is left out. A rollback stays possible.
   */
  #tune(): void {
    try {
      this.#database.run(tuning)
      this.#pageSize = this.number('PRAGMA page_size')
      // SQLite keeps to what is there, if that is more.
      this.#database.run(`PRAGMA max_page_count = ${Math.floor(this.#maxBytes / this.#pageSize)}`)
    } catch (error) {
      throw this.#explained(error)
    }
  }

  #forget(): void {
    for (const statement of this.#statements.values()) statement.free()
    this.#statements.clear()
  }

  #prepared(sql: string): Statement {
    let statement = this.#statements.get(sql)
    if (!statement) {
      statement = this.#database.prepare(sql)
      this.#statements.set(sql, statement)
    }
    return statement
  }
}

const isFull = (error: unknown): boolean => (error as Error).message === 'database or disk is full'
