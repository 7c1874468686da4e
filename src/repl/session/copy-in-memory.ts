/** Copies a store into memory, at the same positions. */
import type { MovedRow } from '../../port/moving'
import type { Notification } from '../../port/recorder'
import type { PostgresRecorder } from '../../recorders/postgres'
import type { SqliteRecorder } from '../../recorders/sqlite'

/** How many events are read at a time. */
const portion = 5_000

/** Copies a server to a store that is empty: what can be made again, views and snapshots, is left out. */
export async function copyServer(from: PostgresRecorder, to: SqliteRecorder, upTo: number): Promise<void> {
  for (let start = 1; ; ) {
    const events = await from.notifications({ start, stop: upTo, limit: portion, tagged: true, as: 'bytes' })
    const last = events.at(-1)
    if (!last) break
    await insert(to, 'stored_events (rowid, originator_id, originator_version, topic, state)', events.map(rowOf))
    await insert(to, 'dog_school_tags (tag, topic, position)', events.flatMap(tagsOf))
    start = last.id + 1
  }
  // Process applications do not react to the same events again.
  const source = await from.moving('from')
  for (let after: MovedRow | undefined; ; ) {
    const rows = await source.page('tracking', after)
    after = rows.at(-1)
    if (!after) return
    const tracked = rows.map(([name, position]) => `(${text(String(name))},${position})`)
    await insert(to, 'tracking (application_name, notification_id)', tracked)
  }
}

async function insert(store: SqliteRecorder, columns: string, rows: readonly string[]): Promise<void> {
  if (rows.length > 0) await store.query(`INSERT INTO ${columns} VALUES ${rows.join(',')}`, { write: true })
}

const rowOf = ({ id, aggregateId, version, topic, state }: Notification): string =>
  `(${id},${text(aggregateId)},${version},${text(topic)},x'${Buffer.from(state as Uint8Array).toString('hex')}')`
const tagsOf = ({ id, topic, tags = [] }: Notification): string[] =>
  tags.map((tag) => `(${text(tag)},${text(topic)},${id})`)
const text = (value: string): string => `'${value.replaceAll("'", "''")}'`
