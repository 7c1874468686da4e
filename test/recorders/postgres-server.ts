/**
 * A database of their own for the tests of a file, on the server that `POSTGRES_URL` names; it is dropped at the end.
 *
 * CI must have a server, on 127.0.0.1 if nothing else is said. Elsewhere, the tests that need one are skipped, and
 * PGlite stands in for what one connection can show: see one-connection.ts.
 */
import { Client } from 'pg'
import type { Test } from 'tap'
import { type PostgresOptions, PostgresRecorder, postgres } from '../../src/recorders/postgres'
import { connectTo, type Server } from '../../src/recorders/postgres/server'

const local = 'postgres://postgres@127.0.0.1:5432/postgres'
const named = process.env.POSTGRES_URL ?? (process.env.CI === 'true' ? local : undefined)

/** Why tests are skipped: for the option of that name. */
export const skip = named ? false : 'it needs a server: set POSTGRES_URL=postgres://user@host:5432/database'

/** The server as somebody who may do everything there. */
export const serverUrl = named ?? local

/** Statements on a connection of their own. */
export async function sql(url: string, ...statements: readonly string[]): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    let rows: Record<string, unknown>[] = []
    for (const statement of statements) ({ rows } = await client.query(statement))
    return rows
  } finally {
    await client.end()
  }
}

/**
 * What a store with little patience is to do all the same. On a busy machine it may take a server for one that is away: then it
 * is done again.
 */
export async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (;;)
    try {
      return await work()
    } catch (error) {
      if (!isAway(error)) throw error
    }
}
export const isAway = (error: unknown): boolean =>
  ['OUTCOME_UNKNOWN', 'DATABASE_UNAVAILABLE'].includes((error as { code?: string }).code ?? '')

export interface Database {
  readonly url: string
  /** An empty store in it; the same tables for all tests that give no options, because making them takes longer than most. */
  empty(options?: PostgresOptions): Promise<PostgresRecorder>
}

let made = 0

/** A new database for this test. */
export async function database(t: Test): Promise<Database> {
  const name = `dog_school_${process.pid}_${++made}`
  // Nobody stops the server in these tests: what it acknowledges need not be on its disk.
  await sql(serverUrl, `CREATE DATABASE ${name}`, `ALTER DATABASE ${name} SET synchronous_commit = off`)
  t.teardown(() => sql(serverUrl, `DROP DATABASE ${name} WITH (FORCE)`))
  const at = new URL(serverUrl)
  at.pathname = name
  const url = at.href
  const server = connectTo([url])
  t.teardown(() => server.close())
  let isMade = false
  return {
    url,
    async empty(options) {
      if (options) return postgres(url, options)
      const recorder = new PostgresRecorder(lasting(server))
      if (isMade) await server.script([emptying])
      isMade = true
      await recorder.open()
      return recorder
    },
  }
}

/** The same server, which a recorder does not close: to connect takes longer than most tests. */
export const lasting = (server: Server): Server =>
  new Proxy(server, {
    get(_, key) {
      if (key === 'close') return async () => {}
      const its = Reflect.get(server, key)
      return typeof its === 'function' ? its.bind(server) : its
    },
  })

/** Faster than TRUNCATE, which makes new files. */
export const emptying = `${['events', 'tracking', 'states', 'tags', 'views', 'view_rows', 'flushes']
  .map((table) => `DELETE FROM stored_${table};`)
  .join(' ')} ALTER SEQUENCE stored_events_notification_id_seq RESTART`
