/** Node's own SQLite, where this Node has one: the peer for saves that survive a crash. */
import type { Work } from './measure'

interface Native {
  DatabaseSync: new (
    file: string,
  ) => { exec(sql: string): void; prepare(sql: string): { run(...values: unknown[]): unknown }; close(): void }
}

export function nativeInserts(newFile: () => string, count: number): Work | undefined {
  let native: Native
  try {
    native = require('node:sqlite')
  } catch {
    return undefined
  }
  return () => {
    const database = new native.DatabaseSync(newFile())
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
    database.exec('CREATE TABLE events (id TEXT, version INTEGER, topic TEXT, state BLOB, PRIMARY KEY (id, version))')
    const insert = database.prepare('INSERT INTO events VALUES (?, ?, ?, ?)')
    return () => {
      for (let i = 0; i < count; i++) insert.run('fido', i, 'kennel:Dog.TrickAdded', '{"trick":"roll over"}')
      database.close()
    }
  }
}
