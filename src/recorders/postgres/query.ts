/** Questions in SQL, as a person asks them: one statement, on a connection of its own, so that nothing that it sets stays. */
import { Client, type QueryArrayConfig, types } from 'pg'
import { ReadOnlyError } from '../../errors'
import type { Config } from './config'
import { end } from './ending'

/** What is no number, boolean or bytes is text in the form of PostgreSQL. */
type Value = string | number | boolean | Uint8Array | null

/** The answer to a query. */
export interface QueryResult {
  readonly columns: string[]
  readonly rows: Value[][]
}

/** For how long a person waits for an answer. */
const PATIENCE = '30s'

const { BOOL, BYTEA, INT2, INT4, INT8, OID, FLOAT4, FLOAT8 } = types.builtins
const numbers: readonly number[] = [INT2, INT4, INT8, OID, FLOAT4, FLOAT8]
const readable = {
  getTypeParser: (type: number) => (text: string) => {
    if (type === BOOL) return text === 't'
    if (type === BYTEA) return new Uint8Array(types.getTypeParser(BYTEA)(text))
    const isExact = type !== INT8 || Number.isSafeInteger(Number(text))
    return numbers.includes(type) && isExact ? Number(text) : text
  },
}

/** The statement is wrong; with any other code, the server is: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const isMistake = (code: string): boolean => /^(0A|2[0-7]|3[4-9BF]|4[024]|57014|P0)/.test(code) && code !== '25006'

/** Whether this is about the statement, and not about the server. */
export const isAnswer = (error: unknown): boolean => error instanceof TypeError || error instanceof ReadOnlyError

/** @throws TypeError if something else is asked for: values for parameters would be left out in silence. */
export function mayWrite(sql: unknown, options: { readonly write?: boolean }): boolean {
  if (typeof sql === 'string' && Object.keys(options).every((option) => option === 'write'))
    return options.write === true
  throw new TypeError(
    'query() takes one statement as a string, and { write: true } if it may change something. It has no parameters: write the values into the statement',
  )
}

/**
 * Runs one statement.
 *
 * @throws TypeError if PostgreSQL refuses it; ReadOnlyError if it would change something without `write`
 */
export async function asked(config: Config, sql: string, write: boolean): Promise<QueryResult> {
  const client = new Client(config)
  client.on('error', () => {})
  try {
    await client.connect()
    // For this transaction: what a session is told stays with it in a pooler. What may write may be no transaction at all.
    if (!write) await client.query(`BEGIN READ ONLY; SET LOCAL statement_timeout = '${PATIENCE}'`)
    return await answerOf(client, sql, write)
  } finally {
    await end(client)
  }
}

async function answerOf(client: Client, sql: string, write: boolean): Promise<QueryResult> {
  // In the extended protocol, a query is one statement: none can end the transaction, and write after it.
  const query = { text: sql, queryMode: 'extended', rowMode: 'array', types: readable }
  try {
    const { fields, rows } = await client.query<Value[]>(query as unknown as QueryArrayConfig)
    return { columns: fields.map(({ name }) => name), rows }
  } catch (cause) {
    const { code = '', message, hint } = cause as { code?: string; message: string; hint?: string }
    if (code === '25006' && !write)
      throw new ReadOnlyError(`${sql.trim()} would change the database: use query(sql, { write: true })`, { cause })
    // Only of parameters does the server say one of these to a statement that has a $1: poolers say the first of others, too.
    if (/^(08P01|42P18)$/.test(code) && /\$\d/.test(sql))
      throw new TypeError(`query() has no parameters: write the values into ${sql.trim()}`, { cause })
    if (!isMistake(code)) throw cause
    throw new TypeError(`PostgreSQL cannot run ${sql.trim()}: ${message}${hint ? `. ${hint}` : ''}`, { cause })
  }
}
