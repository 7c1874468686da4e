/**
 * The tables: those of the Python library `eventsourcing`, to the letter, and two of our own beside them.
 *
 * The rowid of `stored_events` is the position of an event. Our snapshots have a table of their own, because
 * those of Python hold the names of Python's attributes. The other one tells which version of this library
 * wrote the file, and gives the database an id, by which a journal knows where it belongs.
 */
import { randomUUID } from 'node:crypto'
import { NewerSchemaError, NotADatabaseError } from '../../errors'
import type { Engine } from './engine'

/** What this version of the library reads and writes. */
export const schemaVersion = 1

const rows =
  '(originator_id TEXT, originator_version INTEGER, topic TEXT, state BLOB, PRIMARY KEY (originator_id, originator_version))'
const tables = {
  stored_events: rows,
  stored_snapshots: `${rows} WITHOUT ROWID`,
  tracking:
    '(application_name TEXT, notification_id INTEGER, PRIMARY KEY (application_name, notification_id)) WITHOUT ROWID',
  dog_school_snapshots: `${rows} WITHOUT ROWID`,
  dog_school_schema: '(version INTEGER, database_id TEXT)',
}

/** What is asked of a table that is there already. */
const needed = {
  stored_events: 'rowid, originator_id, originator_version, topic, state',
  tracking: 'application_name, notification_id',
  dog_school_snapshots: 'originator_id, originator_version, topic, state',
  dog_school_schema: 'version, database_id',
}

/**
 * Makes sure that every table is there, and gives the database its id if it has none.
 *
 * @returns the id, and whether something had to be made that the file does not have
 * @throws NotADatabaseError if one of the tables is there with other columns
 * @throws NewerSchemaError if a newer version of this library has written the file
 */
export function prepareSchema(engine: Engine, file: string): { id: string; isNew: boolean } {
  const [[encoding] = []] = engine.rows('PRAGMA encoding')
  if (encoding !== 'UTF-8')
    throw new NotADatabaseError(`${file} keeps its texts as ${encoding}: only databases in UTF-8 can be opened`)
  const present = new Set(engine.rows<[string]>("SELECT name FROM sqlite_master WHERE type = 'table'").map(([n]) => n))
  mustFit(engine, file, (table) => present.has(table))
  const [[version, id] = []] = present.has('dog_school_schema')
    ? engine.rows('SELECT version, database_id FROM dog_school_schema')
    : []
  if (Number(version ?? 0) > schemaVersion)
    throw new NewerSchemaError(
      `${file} was written by a newer version of dog-school (schema ${version}, this one knows ${schemaVersion}): update dog-school to open it`,
    )
  const missing = Object.entries(tables).filter(([table]) => !present.has(table))
  for (const [table, definition] of missing) engine.run(`CREATE TABLE ${table} ${definition}`)
  if (typeof id === 'string') return { id, isNew: missing.length > 0 }
  const given = randomUUID().replaceAll('-', '')
  engine.run('INSERT INTO dog_school_schema VALUES (?,?)', [schemaVersion, given])
  return { id: given, isNew: true }
}

/** @throws NotADatabaseError if one of these tables is not as it is needed here */
export function mustFit(engine: Engine, file: string, tables: (name: string) => boolean = () => true): void {
  for (const [table, columns] of Object.entries(needed).filter(([name]) => tables(name)))
    try {
      engine.once(`SELECT ${columns} FROM ${table} LIMIT 0`)
    } catch (cause) {
      throw new NotADatabaseError(
        `${file} must have a table ${table} with ${columns}: ${(cause as Error).message}. Name another file`,
        { cause },
      )
    }
}
