/**
 * Opens the tables of a store: makes them at the first use, and refuses what is none of ours.
 */
import { NewerSchemaError, NotADatabaseError, ReadOnlyError } from '../../errors'
import { mustBeMoved } from '../../port/moving'
import { functions } from './functions'
import type { Server } from './server'
import { type Found, missing, shapeOf } from './shape'
import { type Layout, namesIn, schemaVersion, tables } from './tables'

/** What a store is, once it is open. */
export interface Store {
  readonly layout: Layout
  readonly logId: string
}

/**
 * @throws NotADatabaseError if there is something of this name that is not a table of a store, or one is missing
 * @throws NewerSchemaError if a newer version of this library made the tables
 * @throws ReadOnlyError if there are none, and this user may not make them
 * @throws MoveError if they are being moved to, and this is not the move
 */
export async function prepare(server: Server, schema: string, prefix: string, isMoving = false): Promise<Store> {
  const found = await shapeOf(server, schema, prefix)
  const opened = await open(server, schema, prefix, found)
  if (opened && !isMoving) mustBeMoved(`${schema}.${prefix}_events of ${server.name}`, opened.logId)
  if (opened) return opened
  await make(server, { schema, prefix, idType: found.idType })
  return (await open(server, schema, prefix, await shapeOf(server, schema, prefix))) as Store
}

/** A store is there when its log has an id, which comes last. */
async function open(server: Server, schema: string, prefix: string, found: Found): Promise<Store | undefined> {
  const { log, append } = namesIn({ schema, prefix })
  if (!found.tables.includes('log')) return undefined
  const [[version, logId, hasFunctions] = []] = await server.ask(`SELECT version, log_id, to_regproc($1) FROM ${log}`, [
    append,
  ])
  if (!logId) return undefined
  if (Number(version) > schemaVersion)
    throw new NewerSchemaError(
      `${schema}.${prefix}_events of ${server.name} was made by a newer version of dog-school (schema ${version}, this one knows ${schemaVersion}): update dog-school to open it`,
    )
  mustBeWhole(server, schema, prefix, found)
  // A dump of the tables alone has left them out.
  if (!hasFunctions) return undefined
  return { layout: { schema, prefix, idType: found.idType }, logId }
}

/** What was recorded there would be missing in silence, if it were made anew. */
function mustBeWhole(server: Server, schema: string, prefix: string, found: Found): void {
  const lost = missing(found).map((name) => `${schema}.${prefix}_${name}`)
  if (lost.length > 0)
    throw new NotADatabaseError(
      `${server.name} has no ${lost.join(', no ')} any more, though it has the other tables of this store: restore it from a backup`,
    )
}

/** One program after the other. */
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
        `${schema}.${layout.prefix}_events of ${server.name} is not a table of a store: notification_id must be a bigserial. Choose another schema or prefix`,
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
