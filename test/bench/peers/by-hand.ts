/** What one would write by hand: prepared statements on connections of a pool, and in a file of better-sqlite3. */
import type { StoredEvent } from 'dog-school'
import type { ByHand } from '../postgres/by-hand'
import { install } from './install'
import { PAGE, type Peer, paged } from './peer'

/** As many as append at the same time, within what a server has by default for all. */
const CONNECTIONS = 32

const next = (id: string, version: number, trick: string): StoredEvent => ({
  aggregateId: id,
  version,
  topic: 'kennel:Dog.TrickAdded',
  state: JSON.stringify({ trick }),
})

export const pgByHand: Peer = {
  name: `pg ${require('pg/package.json').version} by hand`,
  group: 'durable on PostgreSQL',
  packages: [],
  async open(at) {
    const { ByHand } = require('../postgres/by-hand') as typeof import('../postgres/by-hand')
    const { Pool } = require('pg') as typeof import('pg')
    const pool = new Pool({ connectionString: at, max: CONNECTIONS, idleTimeoutMillis: 0 })
    const use = async <T>(work: (hand: ByHand) => Promise<T>): Promise<T> => {
      const client = await pool.connect()
      try {
        return await work(ByHand.on(client))
      } finally {
        client.release()
      }
    }
    await use((hand) => hand.makeTables())
    return {
      append: (events) =>
        use(async (hand) => (events.length === 1 ? hand.transaction(events[0]!) : hand.insertAll(events))),
      read: (id) => use(async (hand) => (await hand.stream(id)).map((state) => JSON.parse(state))),
      // The least: its newest event.
      command: (id) =>
        use(async (hand) => {
          const [version, state] = await hand.newest(id)
          await hand.transaction(next(id, version + 1, `after ${JSON.parse(state).trick}`))
        }),
      follow: (count) =>
        use((hand) =>
          paged<number>(count, async (after = 0) => {
            const rows = await hand.log(after, PAGE)
            for (const [, state] of rows) JSON.parse(state)
            return [rows.length, rows.at(-1)?.[0] ?? after]
          }),
        ),
      condition: async () => {
        const after = await use((hand) => hand.position())
        return (event, tag) => use((hand) => hand.transactionIf(event, tag, after))
      },
      close: () => pool.end(),
    }
  },
}

/** Newer ones crash on Node.js 20. */
export const sqliteByHand: Peer = {
  name: 'better-sqlite3 12.11.1',
  group: 'durable in a file',
  packages: ['better-sqlite3@12.11.1'],
  async open(at) {
    const load = await install(this.packages)
    const database = new (load('better-sqlite3'))(at)
    database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
      CREATE TABLE IF NOT EXISTS events (position INTEGER PRIMARY KEY, id TEXT, version INTEGER, topic TEXT, state TEXT, UNIQUE (id, version));
      CREATE TABLE IF NOT EXISTS tags (tag TEXT, position INTEGER, PRIMARY KEY (tag, position)) WITHOUT ROWID`)
    const statement = (sql: string) => database.prepare(sql).raw()
    const insert = database.prepare('INSERT INTO events (id, version, topic, state) VALUES (?, ?, ?, ?)')
    const tagged = database.prepare('INSERT INTO tags VALUES (?, ?)')
    const stream = statement('SELECT version, topic, state FROM events WHERE id = ? ORDER BY version')
    const newest = statement('SELECT version, state FROM events WHERE id = ? ORDER BY version DESC LIMIT 1')
    const page = statement('SELECT position, id, version, topic, state FROM events WHERE position > ? LIMIT ?')
    const matching = statement('SELECT 1 FROM tags WHERE tag = ? AND position > ? LIMIT 1')
    const add = ({ aggregateId, version, topic, state }: StoredEvent) => insert.run(aggregateId, version, topic, state)
    const addAll = database.transaction((events: readonly StoredEvent[]) => events.forEach(add))
    const addIf = database.transaction((event: StoredEvent, tag: string, after: number) => {
      if (matching.get(tag, after)) return false
      tagged.run(tag, add(event).lastInsertRowid)
      return true
    })
    return {
      append: async (events) => addAll(events),
      read: async (id) => stream.all(id).map(([, , state]: string[]) => JSON.parse(state!)),
      async command(id) {
        const [version, state] = newest.get(id)
        addAll([next(id, version + 1, `after ${JSON.parse(state).trick}`)])
      },
      follow: (count) =>
        paged<number>(count, async (after = 0) => {
          const rows = page.all(after, PAGE)
          for (const [, , , , state] of rows) JSON.parse(state)
          return [rows.length, rows.at(-1)?.[0] ?? after]
        }),
      async condition() {
        const [after] = statement('SELECT coalesce(max(position), 0) FROM events').get()
        return async (event, tag) => addIf.immediate(event, tag, after)
      },
      close: async () => database.close(),
    }
  },
}
