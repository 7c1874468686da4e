/**
 * Opens the tables of a store: makes them at the first use, and refuses what is none of ours.
 */
import { NewerSchemaError, NotADatabaseError, ReadOnlyError } from '../../errors'
import { mustBeMoved } from '../../port/moving'
import { functions } from './functions'
import type { Server } from './server'
import { type IdType, type Layout, namesIn, schemaVersion, tables } from './tables'

/** What a store is, once it is open. */
export interface Store {
  readonly layout: Layout
  readonly logId: string
}

/** What an existing table of Python must have. */
const needed = {
  events: ['originator_id', 'originator_version', 'topic', 'state', 'notification_id'],
  tracking: ['application_name', 'notification_id'],
}

/**
 * @throws NotADatabaseError if a table of this name has other columns
 * @throws NewerSchemaError if a newer version of this library made the tables
 * @throws ReadOnlyError if there are none, and this user may not make them
 * @throws MoveError if they are being moved to, and this is not the move
 */
export async function prepare(server: Server, schema: string, prefix: string, isMoving = false): Promise<Store> {
  const found = await open(server, schema, prefix)
  if (found && !isMoving) mustBeMoved(`${schema}.${prefix}_events of ${server.name}`, found.logId)
  if (found) return found
  const idType = await idTypeOf(server, schema, prefix)
  const layout = { schema, prefix, idType }
  await make(server, layout)
  return (await open(server, schema, prefix)) as Store
}

async function open(server: Server, schema: string, prefix: string): Promise<Store | undefined> {
  const { log, events } = namesIn({ schema, prefix })
  const [[isThere] = []] = await server.ask('SELECT to_regclass($1)', [log])
  if (isThere === null) return undefined
  const [[version, logId] = []] = await server.ask(`SELECT version, log_id FROM ${log}`)
  if (!logId) return undefined
  if (Number(version) > schemaVersion)
    throw new NewerSchemaError(
      `${events} of ${server.name} was made by a newer version of dog-school (schema ${version}, this one knows ${schemaVersion}): update dog-school to open it`,
    )
  return { layout: { schema, prefix, idType: await idTypeOf(server, schema, prefix) }, logId: String(logId) }
}

async function idTypeOf(server: Server, schema: string, prefix: string): Promise<IdType> {
  for (const [table, columns] of Object.entries(needed)) {
    const rows = await server.ask(
      `SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = $1 AND table_name = $2`,
      [schema, `${prefix}_${table}`],
    )
    if (rows.length === 0) continue
    const types = new Map(rows as [string, string][])
    const missing = columns.filter((column) => !types.has(column))
    if (missing.length > 0)
      throw new NotADatabaseError(
        `${server.name} has a table ${schema}.${prefix}_${table} without ${missing.join(' and ')}: it is not a table of events. Choose another schema or prefix`,
      )
    if (types.get('originator_id') === 'uuid') return 'uuid'
  }
  return 'text'
}

/** One program after the other. A store is there when its log has an id, which comes last. */
async function make(server: Server, layout: Layout): Promise<void> {
  const { events, log } = namesIn(layout)
  const { schema } = layout
  const alone = `SELECT pg_advisory_xact_lock(hashtextextended('${log}', 0))`
  try {
    const [[hasSchema] = []] = await server.ask('SELECT to_regnamespace($1)', [`"${schema}"`])
    await server.script([alone, ...(hasSchema ? [] : [`CREATE SCHEMA IF NOT EXISTS "${schema}"`]), ...tables(layout)])
    const [[sequence] = []] = await server.ask("SELECT pg_get_serial_sequence($1, 'notification_id')", [events])
    if (!sequence)
      throw new NotADatabaseError(
        `${events} of ${server.name} gives its rows no numbers: notification_id must be a bigserial. Choose another schema or prefix`,
      )
    const id = `INSERT INTO ${log} SELECT ${schemaVersion}, replace(gen_random_uuid()::text, '-', '') WHERE NOT EXISTS (SELECT FROM ${log})`
    await server.script([alone, ...functions(layout, sequence), id])
  } catch (error) {
    if (!(error instanceof ReadOnlyError)) throw error
    throw new ReadOnlyError(
      `${server.name} has no tables for events in the schema ${schema}, and this user may not make them: open it once as one who may, and GRANT this one what it needs`,
      { cause: error },
    )
  }
}
