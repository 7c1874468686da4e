/**
 * Followers that read from a replica, so that the primary has less to do. How far the log is final is asked of the
 * primary, because nobody writes on a replica; it is read there when the replica has come as far.
 */
import { DatabaseUnavailableError, NotADatabaseError } from '../../errors'
import type { Server } from './server'
import type { Names } from './tables'

/**
 * Waits until the replica has what the primary has now, up to a position. A server that follows another one, or none any
 * more, may be as far, but not with the same events: so the last one is compared.
 *
 * @throws DatabaseUnavailableError if that takes too long
 */
export async function arrived(
  primary: Server,
  replica: Server,
  names: Names,
  position: number,
  patience: number,
): Promise<void> {
  const last = `(SELECT ROW(notification_id, originator_id, originator_version, topic, sha256(state))::text FROM ${names.events} WHERE notification_id <= $1 ORDER BY notification_id DESC LIMIT 1)`
  const there = `SELECT pg_current_wal_lsn(), pg_postmaster_start_time(), ${last}`
  const here = `SELECT pg_is_in_recovery(), pg_last_wal_replay_lsn() >= $2::pg_lsn, pg_postmaster_start_time(), ${last}`
  const until = performance.now() + patience
  let target = await primary.ask(there, [position])
  for (let pause = 1; ; pause = Math.min(pause * 2, 100)) {
    const [[lsn, started, wanted] = []] = target
    const [[follows, isHere, since, found] = []] = await replica.ask(here, [position, lsn]).catch((error) => {
      // Tables that were made just now may not be there yet.
      if (!(error instanceof NotADatabaseError) || performance.now() > until) throw error
      return []
    })
    // It may be the primary itself, after a failover.
    if (follows === 'f' && since === started) return
    if (follows === 't' && isHere === 't' && found === wanted) return
    if (performance.now() > until) throw late(primary, replica, patience, follows === 'f' || isHere === 't')
    await new Promise((resolve) => setTimeout(resolve, pause))
    // Somebody may have changed the event, and another server may be the primary now.
    if (follows === 'f' || isHere === 't') target = await primary.ask(there, [position])
  }
}

function late(primary: Server, replica: Server, patience: number, isOther: boolean): Error {
  return new DatabaseUnavailableError(
    isOther
      ? `${replica.name} does not follow ${primary.name}: make it a standby of that one (pg_rewind), or leave out the option replica`
      : `${replica.name} is more than ${Math.round(patience / 1000)} s behind ${primary.name}: look at pg_stat_replication there, or leave out the option replica`,
  )
}
