/**
 * What tables must look like to be those of a store. Looked at before anything is made, so that nothing is left in
 * somebody else's schema, and at each opening, so that what was dropped since is not found out by a user.
 */
import { NotADatabaseError } from '../../errors'
import type { Server } from './server'
import type { IdType } from './tables'

const words = ['text', 'character varying']
const whole = ['bigint', 'integer']
const row = { originator_id: [...words, 'uuid'], originator_version: whole, topic: words, state: ['bytea'] }

/** Each table's columns, with the types they may have: those of the Python library may be older than ours. */
const shapes: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  events: { ...row, notification_id: whole },
  tracking: { application_name: words, notification_id: whole },
  states: row,
  tags: { tag: ['text'], position: ['bigint'], topic: ['text'] },
  views: { id: ['bigint'], name: ['text'], position: ['bigint'], log_id: ['text'], form: ['text'], build: ['text'] },
  view_rows: { view: ['bigint'], key: ['text'], words: ['text'], bytes: ['bytea'] },
  flushes: { writer: ['uuid'], flush: ['bigint'], result: ['text'], at: ['timestamp with time zone'] },
  log: { version: ['integer'], log_id: ['text'] },
}

/** What is known of the tables that are there. */
export interface Found {
  /** What their names end with. */
  readonly tables: readonly string[]
  readonly idType: IdType
}

interface Table {
  readonly kind: string
  /** The key (originator_id, originator_version), or another one, is unique. */
  readonly keys: readonly string[]
  readonly columns: readonly { name: string; type: string; isDue: boolean; isAlways: boolean }[]
}

const kinds: Readonly<Record<string, string>> = {
  v: 'a view',
  m: 'a materialized view',
  S: 'a sequence',
  f: 'a foreign table',
  p: 'a partitioned table',
  i: 'an index',
  c: 'a type',
}

/** @throws NotADatabaseError if there is something of such a name that is not a table of a store */
export async function shapeOf(server: Server, schema: string, prefix: string): Promise<Found> {
  const names = Object.keys(shapes).map((name) => `${prefix}_${name}`)
  const found = await server.ask(LOOK, [schema, names])
  const tables = new Map(found.map(([name, said]) => [name!.slice(prefix.length + 1), JSON.parse(said!) as Table]))
  for (const [name, table] of tables) {
    const wrong = wrongWith(table, name)
    if (wrong)
      throw new NotADatabaseError(
        `${schema}.${prefix}_${name} of ${server.name} is not a table of a store: ${wrong}. Choose another schema or prefix`,
      )
  }
  const id = tables.get('events')?.columns.find(({ name }) => name === 'originator_id')
  return { tables: [...tables.keys()], idType: id?.type === 'uuid' ? 'uuid' : 'text' }
}

/** The tables of a store that are not there. */
export const missing = ({ tables }: Found): readonly string[] =>
  Object.keys(shapes).filter((name) => !tables.includes(name))

function wrongWith({ kind, keys, columns }: Table, name: string): string | undefined {
  if (kind !== 'r') return `it is ${kinds[kind] ?? 'something else'}`
  const shape = shapes[name]!
  const lacking = Object.keys(shape).filter((each) => !columns.some((column) => column.name === each))
  if (lacking.length > 0) return `it has no ${lacking.length > 1 ? 'columns' : 'column'} ${lacking.join(', ')}`
  for (const { name: column, type, isDue, isAlways } of columns) {
    const types = shape[column]
    if (types && !types.includes(type)) return `its column ${column} is ${type}, not ${types.join(' or ')}`
    if (!types && isDue) return `its column ${column} must be given, and the library does not know it`
    if (isAlways) return `its column ${column} is GENERATED ALWAYS, not BY DEFAULT`
  }
  if (name === 'events' && !keys.includes('originator_id,originator_version'))
    return 'it has no PRIMARY KEY (originator_id, originator_version)'
  return undefined
}

const LOOK = `SELECT c.relname, json_build_object(
    'kind', c.relkind,
    'keys', (SELECT coalesce(json_agg(its.columns), '[]') FROM (
      SELECT string_agg(a.attname, ',' ORDER BY a.attname) AS columns FROM pg_index AS i JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey[0:i.indnkeyatts - 1])
      WHERE i.indrelid = c.oid AND i.indisunique AND i.indisvalid AND i.indpred IS NULL GROUP BY i.indexrelid) AS its),
    'columns', (SELECT coalesce(json_agg(json_build_object('name', a.attname, 'type', replace(format_type(a.atttypid, NULL), '"', ''),
        'isDue', a.attnotnull AND NOT a.atthasdef AND a.attidentity = '', 'isAlways', a.attidentity = 'a' OR a.attgenerated <> '')), '[]')
      FROM pg_attribute AS a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped))
  FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = ANY ($2)`
