/**
 * The tables. They are exactly those of the Python library `eventsourcing`, and some of our own.
 *
 * The rowid of `stored_events` is the position of an event. States are stored as bytes. Our snapshots have their own
 * table, because Python's contain the names of Python attributes. `dog_school_schema` holds the schema version, an id of
 * the database, which its journal refers to, the last position that was used, which is needed if the newest events
 * are deleted, and the number of the last change of a view (see views.ts).
 *
 * Tags have a table of ours too. Its key finds events by tag and topic, in the order of their positions; its index finds
 * the tags of an event. The triggers keep it right when any program deletes events, or renames their topics.
 */
import { NewerSchemaError, NotADatabaseError } from '../../errors'
import { mustBeMoved } from '../../port/moving'
import type { Engine } from './engine'
import { viewColumns, viewTables } from './views'

/** The schema that this version of the library reads and writes. */
export const schemaVersion = 1

const rows =
  '(originator_id TEXT, originator_version INTEGER, topic TEXT, state BLOB, PRIMARY KEY (originator_id, originator_version))'
const tables = {
  stored_events: rows,
  stored_snapshots: `${rows} WITHOUT ROWID`,
  tracking:
    '(application_name TEXT, notification_id INTEGER, PRIMARY KEY (application_name, notification_id)) WITHOUT ROWID',
  dog_school_snapshots: `${rows} WITHOUT ROWID`,
  dog_school_tags: '(tag TEXT, topic TEXT, position INTEGER, PRIMARY KEY (tag, topic, position)) WITHOUT ROWID',
  dog_school_schema: '(version INTEGER, database_id TEXT, last_position INTEGER, view_changes INTEGER)',
  ...viewTables,
}
/** What a table has besides. */
const additions: Readonly<Record<string, readonly string[]>> = {
  dog_school_tags: [
    'CREATE INDEX dog_school_tags_of_event ON dog_school_tags (position)',
    `CREATE TRIGGER dog_school_tags_deleted AFTER DELETE ON stored_events
     BEGIN DELETE FROM dog_school_tags WHERE position = OLD.rowid; END`,
    `CREATE TRIGGER dog_school_tags_renamed AFTER UPDATE OF topic ON stored_events
     BEGIN UPDATE dog_school_tags SET topic = NEW.topic WHERE position = OLD.rowid; END`,
  ],
}

/** The columns that an existing table must have. */
const needed = {
  stored_events: 'rowid, originator_id, originator_version, topic, state',
  tracking: 'application_name, notification_id',
  dog_school_snapshots: 'originator_id, originator_version, topic, state',
  dog_school_tags: 'tag, topic, position',
  dog_school_schema: 'version, database_id, last_position, view_changes',
  ...viewColumns,
}

export interface Schema {
  /** The id of the database. */
  readonly id: string
  /** Something was created that the file does not have yet. */
  readonly isNew: boolean
  /** The last position that had been used when the file was written. */
  readonly position: number
}

/**
 * Creates the missing tables, and the id of the database if it has none.
 *
 * @throws NotADatabaseError if a table exists without the columns it needs
 * @throws NewerSchemaError if a newer version of this library wrote the file
 * @throws MoveError if it is being moved to, and this is not the move
 */
export function prepareSchema(engine: Engine, file: string, isMoving = false): Schema {
  const [[encoding] = []] = engine.rows('PRAGMA encoding')
  if (encoding !== 'UTF-8')
    throw new NotADatabaseError(`${file} is a database in ${encoding}: convert it to UTF-8, or name another file`)
  const present = new Set(engine.rows<[string]>("SELECT name FROM sqlite_master WHERE type = 'table'").map(([n]) => n))
  if (present.has('dog_school_schema')) completeSchema(engine)
  mustFit(engine, file, (table) => present.has(table))
  const [[version, id, position] = []] = present.has('dog_school_schema')
    ? engine.rows('SELECT version, database_id, CAST(last_position AS INTEGER) FROM dog_school_schema')
    : []
  if (Number(version ?? 0) > schemaVersion)
    throw new NewerSchemaError(
      `${file} was written by a newer version of dog-school (schema ${version}, this one knows ${schemaVersion}): update dog-school to open it`,
    )
  if (!isMoving && typeof id === 'string') mustBeMoved(file, id)
  const missing = Object.entries(tables).filter(([table]) => !present.has(table))
  for (const [table, definition] of missing)
    for (const sql of [`CREATE TABLE ${table} ${definition}`, ...(additions[table] ?? [])]) engine.run(sql)
  if (typeof id === 'string') return { id, isNew: missing.length > 0, position: Number(position ?? 0) }
  const given = crypto.randomUUID().replaceAll('-', '')
  engine.run('INSERT INTO dog_school_schema (version, database_id, last_position) VALUES (?,?,?)', [
    schemaVersion,
    given,
    0,
  ])
  return { id: given, isNew: true, position: 0 }
}

/** The first versions of this library did not store the last position and had no views. */
function completeSchema(engine: Engine): void {
  const columns = engine.rows<[string]>("SELECT name FROM pragma_table_info('dog_school_schema')").flat()
  for (const added of ['last_position', 'view_changes'])
    if (!columns.includes(added)) engine.run(`ALTER TABLE dog_school_schema ADD COLUMN ${added} INTEGER`)
}

/** Stores the last position, for a copy that is about to be made of the database. */
export function rememberPosition(engine: Engine, position: number): void {
  const known = engine.number('SELECT last_position FROM dog_school_schema')
  if (known !== position) engine.run('UPDATE dog_school_schema SET last_position = ?', [position])
}

/** @throws NotADatabaseError if one of these tables does not have the columns it needs */
export function mustFit(engine: Engine, file: string, tables: (name: string) => boolean = () => true): void {
  for (const [table, columns] of Object.entries(needed).filter(([name]) => tables(name)))
    try {
      engine.once(`SELECT ${columns} FROM ${table} LIMIT 0`)
    } catch (cause) {
      throw new NotADatabaseError(
        `${file} needs a table ${table} with ${columns}: ${(cause as Error).message}. Name another file`,
        { cause },
      )
    }
}

/** The id that the database got when it was made. */
export const databaseId = (engine: Engine): string =>
  String(engine.rows('SELECT database_id FROM dog_school_schema')[0]?.[0])
