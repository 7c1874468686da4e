/** How large a database is, and how it is. */
import { schemaVersion } from './schema'
import type { Store } from './store'

export interface SqliteStatus {
  readonly file: string
  /** The size of the file in bytes; 0 if there is none. */
  readonly bytes: number
  /** The number of recorded events; 0 if the database is damaged. */
  readonly events: number
  /** The size of the journal in bytes: it holds what was recorded since the last checkpoint. */
  readonly journalBytes: number
  readonly schema: number
  readonly readOnly: boolean
  /** `ok`, the message of the last checkpoint's error, or that the file was removed. */
  readonly checkpoint: string
  /** The result of SQLite's integrity check: `ok`, or what is wrong. */
  readonly integrity: string
}

export function statusOf({ engine, files, trouble }: Store, file: string, readOnly = false): SqliteStatus {
  const integrity = String(engine.rows('PRAGMA quick_check')[0]?.[0])
  return {
    file,
    bytes: files?.file.size ?? 0,
    events: integrity === 'ok' ? engine.number('SELECT count(*) FROM stored_events') : 0,
    journalBytes: files?.journal.length ?? 0,
    schema: schemaVersion,
    readOnly,
    checkpoint: trouble ?? (files?.file.isGone ? 'the file was removed: checkpoint() writes it again' : 'ok'),
    integrity,
  }
}
