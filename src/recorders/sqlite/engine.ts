/**
 * sql.js, the SQLite that runs inside this process and holds its whole database in memory.
 *
 * It is loaded when the first database is opened. Statements are prepared once and kept. In many versions of
 * sql.js, `export()` closes the database and opens it again, and statements and pragmas are gone after it: they
 * are made anew, and nobody but this file knows.
 */

import type { Database, SqlJsStatic, Statement } from 'sql.js'
import { NotADatabaseError, ReadOnlyError } from '../../errors'
import { sqlite3 } from './disk-errors'

/** Ours, so that whoever uses the package needs no types of sql.js. */
export type SqlValue = number | string | Uint8Array | null

/** What a statement answers with. */
export interface Answer {
  readonly columns: string[]
  readonly rows: SqlValue[][]
}

const tuning =
  'PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -65536'
const refusal = 'attempt to write a readonly database'

let sqlJs: SqlJsStatic | undefined

export class Engine {
  #database: Database
  readonly #statements = new Map<string, Statement>()

  readonly #name: string

  private constructor(database: Database, name: string) {
    this.#database = database
    this.#name = name
    this.#tune()
  }

  /** Makes sql.js ready: once in a process, before the first database. */
  static async load(): Promise<void> {
    if (sqlJs) return
    // Not `import()`: that would load Node's other module system for it, which takes as long as sql.js itself.
    const init = require('sql.js') as typeof import('sql.js')
    sqlJs = await init()
  }

  /** A database with these bytes in it (they are copied), or an empty one; messages call it by this name. */
  static open(name: string, bytes?: Uint8Array): Engine {
    return new Engine(databaseOf(bytes), name)
  }

  /** Runs one statement that answers nothing. */
  run(sql: string, values?: SqlValue[]): void {
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
  once(sql: string): Answer {
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
      throw new TypeError(`SQLite cannot run ${sql.trim()}: ${(cause as Error).message}`, { cause })
    }
  }

  /**
   * The same for a statement that only asks.
   *
   * @throws ReadOnlyError if it would change something
   */
  ask(sql: string): Answer {
    this.run('BEGIN')
    this.run('PRAGMA query_only = ON')
    try {
      return this.once(sql)
    } catch (cause) {
      if (!(cause as Error).message.endsWith(refusal)) throw cause
      throw new ReadOnlyError(`${sql.trim()} would change the database: to let it, use query(sql, { write: true })`, {
        cause,
      })
    } finally {
      this.#database.run('PRAGMA query_only = OFF')
      this.#rollback()
    }
  }

  /** The whole database as the bytes of a SQLite file. */
  bytes(): Uint8Array {
    this.#forget()
    const bytes = this.#database.export()
    this.#tune()
    return bytes
  }

  /** Goes on with another database in the place of this one. */
  replace(bytes: Uint8Array): void {
    this.close()
    this.#database = databaseOf(bytes)
    this.#tune()
  }

  close(): void {
    this.#forget()
    this.#database.close()
  }

  /** There may be none any more: SQLite ends a transaction by itself after some errors. */
  #rollback(): void {
    try {
      this.#database.run('ROLLBACK')
    } catch {
      // What led here is thrown.
    }
  }

  /** Damage is said in words; the rest is for whoever asked. */
  #explained(error: unknown): unknown {
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

function databaseOf(bytes?: Uint8Array): Database {
  if (!sqlJs) throw new Error('Engine.load() comes before Engine.open()')
  return new sqlJs.Database(bytes)
}
