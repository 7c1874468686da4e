/**
 * What this process was told of, looked for on a new primary, or in a database that was made anew.
 *
 * A standby that is not synchronous may lack the last transactions when it is promoted. The events that come instead take
 * the same versions, and may take the same positions: whoever went on from what is gone would miss some of them.
 */
import { LogChangedError } from '../../errors'
import type { Notification } from '../../port/recorder'
import type { Ask } from './server'
import { idOut, type Layout, namesIn } from './tables'

export interface Told {
  readonly logId: string
  /** Numbers of writes of this process that were acknowledged. */
  readonly writes: { readonly writer: string; readonly numbers: readonly number[] }
  /** The newest event that was read. */
  readonly event: Notification | undefined
}

/** @throws LogChangedError if something is gone */
export async function mustBeThere(
  ask: Ask,
  server: string,
  layout: Layout,
  { logId, writes, event }: Told,
): Promise<void> {
  const { flushes, events, log } = namesIn(layout)
  const gone = (what: string) =>
    new LogChangedError(
      `${server} has come back without ${what}: a standby was promoted that was not a synchronous one, which synchronous_standby_names prevents, a backup was restored, or the database was dropped and made anew. Open the store again in a new process, and make anew what came of its last events elsewhere`,
    )
  const [[itsId] = []] = await ask(`SELECT log_id FROM ${log}`)
  if (itsId !== logId) throw gone('this log, and with another one')
  const { writer, numbers } = writes
  const [[many] = []] = await ask(`SELECT count(*) FROM ${flushes} WHERE writer = $1 AND flush = ANY ($2)`, [
    writer,
    numbers,
  ])
  if (Number(many) < numbers.length) throw gone('events whose recording was acknowledged here')
  if (!event) return
  const { id, aggregateId, version, topic, state } = event
  const sql = `SELECT ${idOut(layout.idType)}, originator_version, topic, encode(state, 'hex') FROM ${events} WHERE notification_id = $1`
  const [found] = await ask(sql, [id])
  const wanted = [aggregateId, String(version), topic, Buffer.from(state as string).toString('hex')]
  if (found?.join() !== wanted.join())
    throw gone(`the event at position ${id} (version ${version} of ${aggregateId}), which was read here`)
}
