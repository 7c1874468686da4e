/**
 * A database in sql.js: SQLite, running in this process, with the whole database in memory.
 *
 * Statements are prepared once and kept. Between transactions, the bytes that it works on are those of a SQLite file,
 * and can be read in place.
 */
import type { Database, Statement } from 'sql.js'
import { NotADatabaseError, ReadOnlyError, StorageError } from '../../errors'
import { inMegabytes, sqlite3 } from './disk'
import { Pages, type Snapshot, snapshotOf } from './pages'
import { openDatabase } from './sql-js'

/** Our own type, so that users of the package do not need the types of sql.js. */
export type SqlValue = number | string | Uint8Array | null

/** The result of a statement. */
export interface QueryResult {
  readonly columns: string[]
  readonly rows: SqlValue[][]
}

const tuning =
  'PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -65536'

export class Engine {
  #database: Database
  /** What the database works on; undefined for a new database until its first snapshot. */
  #pages: Pages | undefined
  #pageSize = 0
  /** Something may have been written since `#isInPlace` last checked. */
  #isTouched = true
  readonly #statements = new Map<string, Statement>()
  readonly #name: string
  readonly #maxBytes: number
  readonly #room: number | undefined

  /**
   * The database in these pages, or an empty one.
   *
   * @param name its name in messages
   * @param maxBytes the size that it must not exceed by growing; it may be larger already
   * @param room how many bytes it is expected to grow
   */
  constructor(name: string, maxBytes: number, pages?: Pages, room?: number) {
    this.#database = openDatabase(pages?.given)
    this.#pages = pages
    this.#name = name
    this.#maxBytes = maxBytes
    this.#room = room
    this.#tune()
  }

  /** The size of its file in bytes. */
  get size(): number {
    return this.number('PRAGMA page_count') * this.#pageSize
  }

  /** Runs a statement without a result. */
  run(sql: string, values?: SqlValue[]): void {
    this.#isTouched = true
    try {
      this.#prepared(sql).run(values)
    } catch (error) {
      throw this.#explained(error)
    }
  }

  /** All rows that a statement returns. */
  rows<R extends SqlValue[]>(sql: string, values?: SqlValue[]): R[] {
    return this.map<R, R>(sql, values, (row) => row)
  }

  /** All rows that a statement returns, each converted by `made`. */
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

  /** The single number that a statement returns; 0 if it returns none. */
  number(sql: string, values?: SqlValue[]): number {
    return Number(this.rows(sql, values)[0]?.[0] ?? 0)
  }

  /** Runs work in a transaction, which is rolled back if it throws. */
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
   * Runs one statement without keeping it prepared.
   *
   * @throws TypeError if SQLite refuses it, or if it is not exactly one statement
   */
  once(sql: string): QueryResult {
    const statements = this.#database.iterateStatements(sql)
    try {
      const { value: statement, done } = statements.next()
      if (done) throw new TypeError('it is empty')
      const columns = statement.getColumnNames()
      const rows: SqlValue[][] = []
      while (statement.step()) rows.push(statement.get())
      const second = statements.next()
      if (second.done) return { columns, rows }
      second.value.free()
      throw new TypeError('only one statement at a time')
    } catch (cause) {
      if (isFull(cause)) throw this.#explained(cause)
      throw new TypeError(`SQLite cannot run ${sql.trim()}: ${(cause as Error).message}`, { cause })
    }
  }

  /**
   * Runs one statement that must only read.
   *
   * @throws TypeError as `once`; ReadOnlyError if it would change the database
   */
  ask(sql: string): QueryResult {
    this.#database.run('BEGIN; PRAGMA query_only = ON')
    try {
      return this.once(sql)
    } catch (cause) {
      if (!(cause as Error).message.endsWith('attempt to write a readonly database')) throw cause
      throw new ReadOnlyError(`${sql.trim()} would change the database: use query(sql, { write: true })`, {
        cause,
      })
    } finally {
      this.#database.run('PRAGMA query_only = OFF')
      this.#rollback()
    }
  }

  /** The whole database as it is now, as the bytes of a SQLite file. */
  snapshot(): Snapshot {
    if (!this.#isInPlace()) this.#replace(Pages.of(this.#database.export(), this.#room))
    return this.#pages?.isShared ? this.#pages.snapshot(this.size) : snapshotOf(this.#database.export())
  }

  /** Puts the database back into the state of a snapshot. */
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
   * Does sql.js still work on our pages? It switches to others when a database shrinks or outgrows them. To find out,
   * this writes a number that is already there.
   */
  #isInPlace(): boolean {
    if (this.#pages && !this.#isTouched) return true
    const before = this.#pages?.writes
    const version = this.number('PRAGMA user_version')
    this.transaction(() => this.run(`PRAGMA user_version = ${version}`))
    this.#isTouched = false
    // If sql.js did not use our array from the start, it never will.
    return before !== this.#pages?.writes || this.#pages?.isShared === false
  }

  #replace(pages: Pages): void {
    this.close()
    this.#database = openDatabase(pages?.given)
    this.#pages = pages
    this.#tune()
  }

  /** There may be no transaction: SQLite ends it by itself after some errors. */
  #rollback(): void {
    try {
      this.#database.run('ROLLBACK')
    } catch {
      // The error that led here is thrown.
    }
  }

  /** Explains damage and lack of room; returns other errors unchanged. */
  #explained(error: unknown): unknown {
    if (isFull(error))
      return new StorageError(
        `${this.#name} would grow beyond ${inMegabytes(this.#maxBytes)}, its largest size: nothing was recorded. ` +
          'Delete what is no longer needed with query(sql, { write: true }), or use another kind of database',
        { cause: error },
      )
    const { message } = error as Error
    if (message.endsWith('no transaction is active'))
      return new TypeError('A statement cannot end its own transaction: leave it out, each is committed by itself', {
        cause: error,
      })
    if (!/malformed|not a database|corrupt/.test(message)) return error
    return new NotADatabaseError(
      `${this.#name} is damaged (SQLite says: ${message}): restore it from a backup, or save what can be read with: ${sqlite3(this.#name, '.recover')}`,
      { cause: error },
    )
  }

  /**
   * The database is in memory and not shared: this turns off what SQLite does for a disk and for other processes.
   * Rollback remains possible.
   */
  #tune(): void {
    try {
      this.#database.run(tuning)
      this.#pageSize = this.number('PRAGMA page_size')
      // If the database is larger already, SQLite takes its size as the limit.
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
