/**
 * Opens the tables of a store: makes them at the first use, and refuses what is none of ours.
 *
 * Functions have the names of their tables in them, so a schema that was renamed, or restored under another name, has
 * those of another one. They are compared at each opening, and made anew if they are not what this version makes.
 */
import { createHash } from 'node:crypto'
import { NewerSchemaError, NotADatabaseError, ReadOnlyError } from '../../errors'
import { mustBeMoved } from '../../port/moving'
import { functions } from './functions'
import type { Server } from './server'
import { type Found, missing, shapeOf } from './shape'
import { type Layout, namesIn, schemaVersion, tables } from './tables'
import { isReadOnly } from './told'

/** What a store is, once it is open. */
export interface Store {
  readonly layout: Layout
  readonly logId: string
}

/**
 * @throws NotADatabaseError if there is something of this name that is not a table of a store, or one is missing, or the
 *   database has no room for all characters, or takes NULL for a text
 * @throws NewerSchemaError if a newer version of this library made the tables
 * @throws ReadOnlyError if there are none, and they may not be made
 * @throws MoveError if they are being moved to, and this is not the move
 */
export async function prepare(server: Server, schema: string, prefix: string, isMoving = false): Promise<Store> {
  await mustKeepAll(server)
  const found = await shapeOf(server, schema, prefix)
  const layout = { schema, prefix, idType: found.idType }
  const logId = (await open(server, layout, found)) ?? (await make(server, layout, found))
  if (!isMoving) {
    mustBeMoved(`${schema}.${prefix}_events of ${server.name}`, logId)
    await mustGoOn(server, layout)
  }
  return { layout, logId }
}

/**
 * One caller's character that is not in it would fail all who share a transaction, and nobody could read past it. A row of
 * a view that is deleted would be the text NULL.
 */
async function mustKeepAll(server: Server): Promise<void> {
  const [[encoding, nulls] = []] = await server.ask(
    "SELECT current_setting('server_encoding'), current_setting('array_nulls')",
  )
  if (nulls === 'off')
    throw new NotADatabaseError(
      `${server.name} takes NULL in arrays for a text: set it back with ALTER DATABASE … SET array_nulls = on, or ALTER ROLE`,
    )
  if (encoding !== 'UTF8' && encoding !== 'SQL_ASCII')
    throw new NotADatabaseError(
      `${server.name} keeps texts as ${encoding}, which does not have all characters: make a database with ENCODING 'UTF8'`,
    )
}

/** A store is there when its log has an id, which comes last. @returns that id, if its functions are there, too */
async function open(server: Server, layout: Layout, found: Found): Promise<string | undefined> {
  const { schema, prefix } = layout
  const { log, events } = namesIn(layout)
  if (!found.tables.includes('log')) return undefined
  const [[version, logId, sequence] = []] = await server.ask(`SELECT version, log_id, ${SEQUENCE} FROM ${log}`, [
    events,
  ])
  if (!logId) return undefined
  if (Number(version) > schemaVersion)
    throw new NewerSchemaError(
      `${schema}.${prefix}_events of ${server.name} was made by a newer version of dog-school (schema ${version}, this one knows ${schemaVersion}): update dog-school to open it`,
    )
  mustBeWhole(server, schema, prefix, found)
  return sequence && (await hasFunctions(server, layout, sequence)) ? logId : undefined
}

/** A dump of the tables alone has left them out, and another version has others. */
async function hasFunctions(server: Server, layout: Layout, sequence: string): Promise<boolean> {
  const hashes = functions(layout, sequence).flatMap((made) => {
    const [, body] = made.split('$$')
    return body === undefined ? [] : createHash('sha256').update(body).digest('hex')
  })
  const [[many] = []] = await server.ask(
    `SELECT count(DISTINCT hash) FROM pg_proc, encode(sha256(convert_to(prosrc, 'UTF8')), 'hex') AS hash
     WHERE pronamespace = to_regnamespace($1) AND hash = ANY ($2)`,
    [`"${layout.schema}"`, hashes],
  )
  return Number(many) === new Set(hashes).size
}

/** Logical replication, and a dump of the data alone, leave sequences behind: holes in the log would be filled unseen. */
async function mustGoOn(server: Server, layout: Layout): Promise<void> {
  const { events } = namesIn(layout)
  const [[last, sequence] = []] = await server.ask(
    `SELECT last, its FROM ${SEQUENCE} AS its, (SELECT max(notification_id) AS last FROM ${events}) AS log
     WHERE has_sequence_privilege(its, 'USAGE') AND last > coalesce(pg_sequence_last_value(its::regclass), 0)`,
    [events],
  )
  if (last)
    throw new NotADatabaseError(
      `${server.name} would give positions again: ${sequence} is behind the log, which goes up to ${last}. If nobody records events elsewhere any more: SELECT setval('${sequence}', ${last})`,
    )
}

/** What was recorded there would be missing in silence, if it were made anew. */
function mustBeWhole(server: Server, schema: string, prefix: string, found: Found): void {
  const lost = missing(found).map((name) => `${schema}.${prefix}_${name}`)
  if (lost.length > 0)
    throw new NotADatabaseError(
      `${server.name} has no ${lost.join(', no ')} any more, though it has the other tables of this store: restore it from a backup`,
    )
}

/** One program after the other. @returns the id of the log */
async function make(server: Server, layout: Layout, { tables: were }: Found): Promise<string> {
  const { events, log } = namesIn(layout)
  const { schema } = layout
  const alone = `SELECT pg_advisory_xact_lock(hashtextextended('${log}', 0))`
  try {
    const [[hasSchema] = []] = await server.ask('SELECT to_regnamespace($1)', [`"${schema}"`])
    await server.script([alone, ...(hasSchema ? [] : [`CREATE SCHEMA IF NOT EXISTS "${schema}"`]), ...tables(layout)])
    const [[sequence] = []] = await server.ask(`SELECT ${SEQUENCE}`, [events])
    if (!sequence)
      throw new NotADatabaseError(
        `${schema}.${layout.prefix}_events of ${server.name} is not a table of a store: notification_id must be a bigserial. Choose another schema or prefix`,
      )
    const id = `INSERT INTO ${log} SELECT ${schemaVersion}, replace(gen_random_uuid()::text, '-', '') WHERE NOT EXISTS (SELECT FROM ${log})`
    await server.script([alone, ...functions(layout, sequence), id])
  } catch (error) {
    if (!(error instanceof ReadOnlyError)) throw error
    const [wrong, refused, who] = were.includes('log')
      ? [
          `${schema}.${layout.prefix}_events of ${server.name} has the functions of another version of dog-school, or of other tables`,
          'this user may not replace them',
          'as their owner',
        ]
      : [
          `${server.name} has no tables for events in the schema ${schema}`,
          'this user may not make them',
          'as one who may, and GRANT this one what it needs',
        ]
    const why = isReadOnly(error)
      ? 'it is a standby, or open for reading only: open it once to record, on the primary'
      : `${refused}: open it once ${who}`
    throw new ReadOnlyError(`${wrong}, and ${why}`, { cause: error })
  }
  const [[logId] = []] = await server.ask(`SELECT log_id FROM ${log}`)
  return logId as string
}

/** The sequence that positions are taken from, quoted. */
const SEQUENCE = "pg_get_serial_sequence($1, 'notification_id')"
