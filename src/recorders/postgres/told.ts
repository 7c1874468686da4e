/**
 * What a PostgreSQL server says, in our words: what is wrong, and what to do next.
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
  readonly table?: string
}

const said = (error: unknown): Said => error as Said

/** The connection was lost, or the server is going down: what was under way may have happened or not. */
export function isCut(error: unknown): boolean {
  const { code = '', message } = said(error)
  if (/^(08...|57P0[1235])$/.test(code)) return true
  if (/^(ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)/.test(code)) return true
  // Those of `pg` have no code.
  return /Connection terminated|not queryable|ended unexpectedly|Client was closed/i.test(message)
}

/** Another server may do: this one takes no writes. */
export const isElsewhere = (error: unknown): boolean => said(error).code === '25006' || error instanceof ReadOnlyError

/** Nothing was recorded, and it is worth trying again at once. */
export const isWorthAgain = (error: unknown): boolean => /^(40001|40P01|23505)$/.test(said(error).code ?? '')

/** Waiting for a lock took too long. */
export const isLocked = (error: unknown): boolean => error instanceof DatabaseLockedError

type Make = new (message: string, options?: ErrorOptions) => EventSourcingError

/** By the first characters of the code: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const remedies: readonly (readonly [code: string, error: Make, remedy: string])[] = [
  [
    '28',
    DatabaseUnavailableError,
    'Correct the user or the password in its address, or let this machine in (pg_hba.conf)',
  ],
  ['3D000', DatabaseUnavailableError, 'Make the database (createdb), or correct its name in the address'],
  [
    '53300',
    DatabaseUnavailableError,
    'Raise max_connections, lower the option connections, or put a pooler in between',
  ],
  ['53100', StorageError, 'Make room on the disk of the server. Nothing was recorded'],
  ['53', StorageError, 'Give the server more of it. Nothing was recorded'],
  ['25006', ReadOnlyError, 'It is a standby, or open for reading only: give the address of the primary'],
  [
    '42501',
    ReadOnlyError,
    'Ask the owner of the tables for the right: GRANT SELECT to read; INSERT, UPDATE, DELETE and USAGE of the sequence to record',
  ],
  [
    '55P03',
    DatabaseLockedError,
    'Another program holds a lock on the tables: end its transaction (pg_stat_activity and pg_blocking_pids() show which). Nothing was recorded',
  ],
  [
    '57014',
    DatabaseLockedError,
    'It was cancelled: raise statement_timeout for this user, or find out what it waits for in pg_stat_activity. Nothing was recorded',
  ],
  ['3F000', NotADatabaseError, 'Make the schema (CREATE SCHEMA), or correct the option schema'],
  ['42P01', NotADatabaseError, 'A table is missing: open the store again as a user who may make tables'],
  ['42703', NotADatabaseError, 'A table of this name has other columns: choose another schema or prefix'],
  ['42804', NotADatabaseError, 'A table of this name has columns of other types: choose another schema or prefix'],
  [
    '22P02',
    NotADatabaseError,
    'The ids in these tables are UUIDs: use ids of 32 hexadecimal digits, or another prefix',
  ],
]

/** The error to throw in place of what the server said; an error without a code stays as it is. */
export function told(error: unknown, server: string, connections: number): unknown {
  const { code, message, detail } = said(error)
  if (/timeout exceeded when trying to connect/.test(message))
    return new DatabaseUnavailableError(
      `${server}: no connection became free: all ${connections} are in use. Raise the option connections, or ask for less at a time`,
      { cause: error },
    )
  if (code === undefined || isWorthAgain(error)) return error
  const found = remedies.find(([start]) => code.startsWith(start))
  if (!found) return error
  const [, Make, remedy] = found
  return new Make(`${server}: ${message}${detail ? ` (${detail})` : ''}. ${remedy}`, { cause: error })
}
