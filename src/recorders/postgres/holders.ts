/**
 * What a server is doing while nothing is heard of it, and who holds the locks that others wait for.
 */
import type { ClientBase } from 'pg'

/** Sessions of this database that hold locks on tables, or advisory ones, the longest transaction first. */
const HOLDERS = `SELECT its.pid, its.usename, its.application_name, its.state,
    round(extract(epoch FROM now() - its.xact_start)) AS seconds,
    string_agg(DISTINCT coalesce(c.relname, 'an advisory lock'), ', ') AS what
  FROM pg_locks AS l JOIN pg_stat_activity AS its ON its.pid = l.pid LEFT JOIN pg_class AS c ON l.locktype = 'relation' AND c.oid = l.relation
  WHERE l.granted AND its.pid <> pg_backend_pid() AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND (l.locktype = 'advisory' OR l.locktype = 'relation' AND c.relkind IN ('r', 'p') AND c.oid >= 16384)
    AND l.mode NOT IN ('AccessShareLock', 'RowShareLock')
    AND NOT EXISTS (SELECT FROM pg_locks AS waits WHERE waits.pid = l.pid AND NOT waits.granted)
  GROUP BY 1, 2, 3, 4, its.xact_start ORDER BY its.xact_start NULLS LAST LIMIT 1`

/** Says who holds a lock that others may be waiting for; '' if nobody does, or nobody may know. */
export async function whoHolds(client: Pick<ClientBase, 'query'>): Promise<string> {
  const { rows } = await client.query(HOLDERS)
  if (rows.length === 0) return ''
  const { pid, usename, application_name: program, state, seconds, what } = rows[0]
  const who = `${usename ?? 'somebody'}${program ? ` (${program})` : ''}`
  const since = state ? `, ${state}${seconds === null ? '' : ` for ${seconds} s`}` : ''
  return `Process ${pid} of ${who} holds ${what}${since}`
}

/** Does a statement of this session still run? One that waits for a lock is cancelled. One that waits for us does not run. */
export async function isAtWork(client: Pick<ClientBase, 'query'>, pid: number): Promise<boolean> {
  const { rows } = await client.query(
    `SELECT CASE WHEN cardinality(pg_blocking_pids(pid)) > 0 THEN pg_cancel_backend(pid) END FROM pg_stat_activity WHERE pid = $1 AND state = 'active' AND wait_event_type IS DISTINCT FROM 'Client'`,
    [pid],
  )
  return rows.length > 0
}
