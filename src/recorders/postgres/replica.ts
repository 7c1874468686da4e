/**
 * Followers that read from a replica, so that the primary has less to do. How far the log is final is asked of the
 * primary, because nobody writes on a replica; it is read there when the replica has come as far.
 */
import { DatabaseUnavailableError } from '../../errors'
import type { Server } from './server'

/** Waits until the replica has what the primary has now. @throws DatabaseUnavailableError if that takes too long */
export async function arrived(primary: Server, replica: Server, patience: number): Promise<void> {
  const [[there] = []] = await primary.ask('SELECT pg_current_wal_lsn()')
  const until = performance.now() + patience
  for (let pause = 1; ; pause = Math.min(pause * 2, 100)) {
    const [[isHere] = []] = await replica.ask('SELECT coalesce(pg_last_wal_replay_lsn() >= $1::pg_lsn, true)', [there])
    if (isHere === 't') return
    if (performance.now() > until)
      throw new DatabaseUnavailableError(
        `${replica.name} is more than ${Math.round(patience / 1000)} s behind ${primary.name}: look at pg_stat_replication there, or leave out the option replica`,
      )
    await new Promise((resolve) => setTimeout(resolve, pause))
  }
}
