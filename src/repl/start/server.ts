/** Stores on a PostgreSQL server, for the prompt. The library for it, and `pg`, are loaded when one is asked for. */
import { randomBytes } from 'node:crypto'
import { sqlite } from 'dog-school/sqlite'
import type { PostgresOptions, PostgresRecorder } from '../../recorders/postgres'
import { Refusal } from '../session/refusal'
import type { Scratch, Transaction } from '../session/scratch'
import type { School } from './current-school'

/** For how many milliseconds somebody who waits at a prompt waits for a server. */
const patience = 5000

/** Only the recorder knows it, and it does not tell. */
const urls = new WeakMap<PostgresRecorder, string>()

/** @throws TypeError if this is no address; Refusal if `pg` is not installed */
export function openServer(url: string, options: PostgresOptions): PostgresRecorder {
  const recorder = library().postgres(url, { patience, ...options })
  urls.set(recorder, url)
  return recorder
}

function library(): typeof import('dog-school/postgres') {
  try {
    return require('dog-school/postgres')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code !== 'MODULE_NOT_FOUND' || !message.includes("'pg'")) throw error
    throw new Refusal(
      'A PostgreSQL server is reached through the package pg, which is not installed.',
      'npm install pg',
    )
  }
}

/** With views, snapshots and tracking. */
export async function saveToFile(store: PostgresRecorder, file: string): Promise<void> {
  const { move } = require('dog-school/moving') as typeof import('dog-school/moving')
  const copy = sqlite(file)
  try {
    await move(store, copy)
  } finally {
    await copy.close()
  }
}

/** Does some work in a schema of its own, which is dropped at the end. */
export async function inScratch<T>(
  store: PostgresRecorder,
  school: School,
  work: (scratch: Scratch) => Promise<T>,
): Promise<T> {
  const url = urls.get(store) as string
  const schema = `dog_school_${randomBytes(4).toString('hex')}`
  await store.query(`CREATE SCHEMA "${schema}"`, { write: true }).catch((error) => {
    if (error.cause?.code !== '42501') throw error
    throw new Refusal(
      `This needs a schema of its own on ${store.name}, for a moment, and the user in its address may not make one.`,
      'Let the owner of the database GRANT CREATE ON DATABASE to this user, or use a database of your own (createdb).',
    )
  })
  const own = library().postgres(url, { patience, schema })
  const ends: (() => unknown)[] = []
  try {
    await own.open()
    return await work({
      store: own,
      async begin() {
        const { transaction, end } = await begun(url, schema)
        ends.push(end)
        return transaction
      },
      async rival() {
        const { startRival } = require('./rivals') as typeof import('./rivals')
        const rival = await startRival(url, schema, school)
        ends.push(rival.end)
        return rival
      },
    })
  } finally {
    for (const end of ends) await end()
    await own.close()
    await store.query(`DROP SCHEMA "${schema}" CASCADE`, { write: true })
  }
}

async function begun(url: string, schema: string): Promise<{ transaction: Transaction; end(): Promise<void> }> {
  const { Client } = require('pg') as typeof import('pg')
  const client = new Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  await client.query('BEGIN')
  return {
    transaction: {
      async register(name) {
        const id = randomBytes(16).toString('hex')
        const { rows } = await client.query(
          `INSERT INTO "${schema}".stored_events (originator_id, originator_version, topic, state)
           VALUES ($1, 1, 'dogschool:Dog.Registered', $2) RETURNING notification_id`,
          [id, Buffer.from(JSON.stringify({ name }))],
        )
        return Number(rows[0].notification_id)
      },
      async commit() {
        await client.query('COMMIT')
      },
    },
    end: () => client.end(),
  }
}
