/**
 * What a PostgreSQL server says, in our words: what is wrong, and what to do next. Nothing that `pg` throws reaches a user.
 */
import {
  DatabaseLockedError,
  DatabaseUnavailableError,
  type EventSourcingError,
  NotADatabaseError,
  ReadOnlyError,
  StorageError,
} from '../../errors'

interface Said {
  readonly code?: string
  readonly message: string
  readonly detail?: string
}

const said = (error: unknown): Said => error as Said

/** PostgreSQL's code for what went wrong, also if it is told in our words; '' if it did not come from the server. */
export function sqlState(error: unknown): string {
  const { code = '' } = said(error)
  if (/^[0-9A-Z]{5}$/.test(code) && code !== 'EPIPE') return code
  const { cause } = error as Error
  return cause ? sqlState(cause) : ''
}

/** The connection was cut while a statement was under way. */
export class CutError extends Error {}

/** The connection was lost, or the server is going down: what was under way may have happened or not. */
export function isCut(error: unknown): boolean {
  const { code = '', message } = said(error)
  if (/^(08...|57P0[1235])$/.test(code)) return true
  if (/^(ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|ENOENT)/.test(code)) return true
  // Those of `pg` have no code.
  return /Connection terminated|not queryable|ended unexpectedly|Client was closed|timeout expired|read timeout/i.test(
    message,
  )
}

/** The server has no room for one more connection now. */
export const isFull = (error: unknown): boolean => sqlState(error) === '53300'

/** The server, or the user's session, takes no writes. */
export const isReadOnly = (error: unknown): boolean => sqlState(error) === '25006'

/** Nothing was recorded because of what others did in the same moment, and it is worth trying again at once. */
export const isCrossed = (error: unknown): boolean => /^(40001|40P01)$/.test(sqlState(error))

/** Nothing was recorded because a row of this key is there now. */
export const isTaken = (error: unknown): boolean => sqlState(error) === '23505'

/** Waiting for a lock took too long. */
export const isLocked = (error: unknown): boolean => error instanceof DatabaseLockedError

/** Is it worth looking who holds a lock? */
export const isFromWaiting = (error: unknown): boolean => /^(55P03|57014|25P0[34])$/.test(sqlState(error))

/** Is it worth looking whether the server is still there? What its disk refuses in a commit ends it, recorded or not. */
export const isFromDisk = (error: unknown): boolean => /^(53|58|XX)/.test(sqlState(error))

type Make = new (message: string, options?: ErrorOptions) => EventSourcingError

/** By the first characters of the code: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const remedies: readonly (readonly [code: string, error: Make, remedy: string])[] = [
  [
    '28',
    DatabaseUnavailableError,
    'Write the right user and password in its address (postgres://USER:PASSWORD@…), or let this machine in (pg_hba.conf); if it wants encryption, end the address with ?sslmode=verify-full, or set the option ssl',
  ],
  ['3D000', DatabaseUnavailableError, 'Make the database (createdb), or correct its name in the address'],
  [
    '53300',
    DatabaseUnavailableError,
    'Raise max_connections, lower the option connections, or put a pooler in between. Nothing was recorded',
  ],
  ['53100', StorageError, 'Make room on the disk of the server. Nothing was recorded'],
  ['53', StorageError, 'Give the server more of it. Nothing was recorded'],
  ['58', StorageError, 'Look at the disk of the server, and at its log. Nothing was recorded'],
  ['XX', StorageError, 'Look at the log of the server: its files may be damaged. Nothing was recorded'],
  ['57P04', DatabaseUnavailableError, 'The database was dropped: correct its name in the address'],
  ['57P', DatabaseUnavailableError, 'Start the server, and try again'],
  ['08', DatabaseUnavailableError, 'Look at the server, and at what stands in between'],
  ['55000', DatabaseUnavailableError, 'Ask who looks after the server. Nothing was recorded'],
  ['25006', ReadOnlyError, 'It is a standby, or open for reading only: give the address of the primary'],
  [
    '42501',
    ReadOnlyError,
    'Ask the owner of the tables for the rights: GRANT USAGE ON SCHEMA, and SELECT on the tables, to read; INSERT, UPDATE, DELETE and USAGE of the sequences as well to record',
  ],
  [
    '55P03',
    DatabaseLockedError,
    'Another program holds a lock: end its transaction (SELECT pg_terminate_backend(its process)). Nothing was recorded',
  ],
  [
    '57014',
    DatabaseLockedError,
    'Raise statement_timeout of this user, or end the transaction that it waits for. Nothing was recorded',
  ],
  ['25P0', DatabaseLockedError, 'Raise this timeout for this user. Nothing was recorded'],
  [
    '40',
    DatabaseLockedError,
    'Others were faster each time: try again; on a replica, set hot_standby_feedback = on, or raise max_standby_streaming_delay. Nothing was recorded',
  ],
  ['23', NotADatabaseError, 'The table has a rule that is not of this library: drop it. Nothing was recorded'],
  ['3F000', NotADatabaseError, 'Make the schema (CREATE SCHEMA), or correct the option schema'],
  ['42P01', NotADatabaseError, 'A table is missing: restore it from a backup, or choose another schema or prefix'],
  ['42883', NotADatabaseError, 'A function of these tables is missing: open the store again to make it'],
  [
    '22P02',
    NotADatabaseError,
    'Set it back if array_nulls is off: ALTER DATABASE … SET array_nulls = on, or ALTER ROLE. Nothing was recorded',
  ],
  ['22', NotADatabaseError, 'A column of this table has no room for it. Nothing was recorded'],
  ['42', NotADatabaseError, 'The tables are not as this library makes them: choose another schema or prefix'],
  [
    'DS001',
    NotADatabaseError,
    "Set it back: ALTER DATABASE … SET default_transaction_isolation = 'read committed', or ALTER ROLE",
  ],
]

/** The error to throw in place of what a server said to a statement. @param more what else is known */
export function told(error: unknown, server: string, more = ''): unknown {
  const { message, detail = '' } = said(error)
  // That would be an event, with all that it says of people.
  const about = /^Failing row/.test(detail) ? '' : detail.replace(/\.$/, '')
  const code = sqlState(error)
  if (!code) return error
  const [, Make, remedy] = remedies.find(([start]) => code.startsWith(start)) ?? [
    code,
    StorageError,
    `Look it up in the appendix of PostgreSQL's manual, and at the log of the server (${code}). Nothing was recorded`,
  ]
  return new Make(`${server}: ${[`${message}${about && ` (${about})`}`, more, remedy].filter(Boolean).join('. ')}`, {
    cause: error,
  })
}

/** The error to throw when a write was cut again and again, and is known not to be recorded. */
export const toldCut = (error: Error, server: string): Error =>
  new DatabaseUnavailableError(
    `${server} cut the connection each time: ${error.message}. Look at its log, and at what stands in between. Nothing was recorded`,
    { cause: error },
  )

/** What is wrong before there is a connection, if the server has not said it: by what `pg` and Node say. */
const connecting: readonly (readonly [said: RegExp, remedy: string])[] = [
  [/does not support SSL/, 'Leave out the option ssl and sslmode, or turn on TLS there (ssl = on)'],
  [
    /certificate|altnames|self.signed|SSL|TLS/i,
    "Give the certificate of who signed the server's: ?sslmode=verify-full&sslrootcert=FILE at the end of the address, or ssl: { ca }. It must be for the host in the address",
  ],
  [/SASL|password/i, 'Put the right password in its address'],
]

/** The error to throw in place of what was said when a server was connected to. */
export function toldConnecting(error: unknown, server: string, connections: number): unknown {
  const { message } = said(error)
  if (/timeout exceeded when trying to connect/.test(message))
    return new DatabaseUnavailableError(
      `${server}: no connection became free: all ${connections} are in use. Raise the option connections, or ask for less at a time. Nothing was recorded`,
      { cause: error },
    )
  if (sqlState(error)) return told(error, server)
  const remedy =
    connecting.find(([what]) => what.test(message))?.[1] ??
    'Start the server, or correct its address. Nothing was recorded'
  return new DatabaseUnavailableError(`${server} cannot be reached: ${reason(error)}. ${remedy}`, { cause: error })
}

/** Where a host has several addresses, Node's error for all of them says nothing itself. */
function reason(error: unknown): string {
  const { errors = [], message } = error as AggregateError
  if (/client password must be a/.test(message)) return 'it wants a password'
  return [...new Set([message, ...errors.map((each) => (each as Error).message)])].filter(Boolean).join('; ')
}
