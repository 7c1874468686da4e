/**
 * What one connection to PostgreSQL can show: on the server, on PGlite where there is none, and on both in the long form.
 */
import type { Test } from 'tap'
import { type PostgresOptions, PostgresRecorder } from '../../src/recorders/postgres'
import { connectTo, type Server, type Values } from '../../src/recorders/postgres/server'
import { database, emptying, lasting, skip } from './postgres-server'

export interface OneConnection {
  /** An empty store, in the same tables each time. */
  empty(): Promise<PostgresRecorder>
  /** Another recorder for the same store, or for other tables. */
  another(options?: PostgresOptions): PostgresRecorder
  run(...statements: readonly string[]): Promise<Values[]>
}

const isLong = process.env.DOG_SCHOOL_LONG === '1'

/** By what they are called: what opens a database there, for the time of a test. */
export const places: Readonly<Record<string, (t: Test) => Promise<OneConnection>>> = {
  ...(!skip && { 'a server': async (t) => opened(t, connectTo([(await database(t)).url])) }),
  ...((skip || isLong) && { PGlite: async (t) => opened(t, pglite()) }),
}

function opened(t: Test, server: Server): OneConnection {
  t.teardown(() => server.close())
  const another = (options?: PostgresOptions) => new PostgresRecorder(lasting(server), options)
  let isMade = false
  return {
    another,
    async empty() {
      if (isMade) await server.script([emptying])
      isMade = true
      const recorder = another()
      await recorder.open()
      return recorder
    },
    async run(...statements) {
      let rows: Values[] = []
      for (const statement of statements) rows = await server.tell(statement)
      return rows
    },
  }
}

/** Loaded only where it is needed: that takes a while. */
function pglite(): Server {
  const { PgliteServer } = require('./pglite') as typeof import('./pglite')
  return new PgliteServer()
}
