/**
 * Several machines. Each test has servers of its own.
 */
import t, { type Test } from 'tap'
import { type PostgresOptions, type PostgresRecorder, postgres } from '../../src/recorders/postgres'
import { row } from '../../src/testing/contract/rows'
import { Cluster, skipCluster } from './postgres-cluster'

const isLong = process.env.DOG_SCHOOL_LONG === '1'
const skip = skipCluster || (isLong ? false : 'it starts many servers: npm run test:long')

if (isLong) t.setTimeout(900_000)

/** A primary, and a standby that has what the primary acknowledges. */
async function pair(t: Test): Promise<[primary: Cluster, standby: Cluster]> {
  const primary = await Cluster.start(t)
  const standby = await primary.standby(t, 'standby')
  await waitsFor(primary, 'standby')
  return [primary, standby]
}

/** From now on, the primary acknowledges only what this standby has; with no name, it does so at once. */
async function waitsFor(primary: Cluster, standby: string): Promise<void> {
  await primary.set({ synchronous_standby_names: standby })
  await primary.reload()
  const want = standby === '' ? 0 : 1
  await until(primary, `SELECT (SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync') = ${want} AS it`)
}

/** Asks until `it` is true. */
async function until(cluster: Cluster, question: string): Promise<void> {
  while (!(await cluster.sql(question))[0]!.it) await new Promise((resolve) => setTimeout(resolve, 5))
}

function store(t: Test, addresses: readonly Cluster[], options: PostgresOptions = {}): PostgresRecorder {
  const recorder = postgres(
    addresses.map((each) => each.url()),
    { poll: 50, ...options },
  )
  t.teardown(() => recorder.close())
  return recorder
}

t.test('a replica that followers read', { skip }, async (t) => {
  const [primary, replica] = await pair(t)
  const writer = store(t, [primary])
  await writer.append([row('fido', 1)])
  const reader = store(t, [primary], { replica: replica.url() })
  const hurried = store(t, [primary], { replica: replica.url(), patience: 50 })
  await hurried.notifications()

  await replica.sql('SELECT pg_wal_replay_pause()')
  await until(replica, "SELECT pg_get_wal_replay_pause_state() = 'paused' AS it")
  await writer.append([row('fido', 2)])
  const late = { code: 'DATABASE_UNAVAILABLE', message: /behind .*pg_stat_replication/ }
  await t.rejects(hurried.notifications(), late, 'is not waited for without an end when it is behind')
  t.equal((await hurried.select('fido')).length, 2, 'does not hold up commands')
  const waits = reader.notifications()
  await replica.sql('SELECT pg_wal_replay_resume()')
  t.equal((await waits).length, 2, 'is read when it has come as far')

  // What is replayed there takes the table away from those who read it.
  await replica.set({ max_standby_streaming_delay: 0 })
  await replica.reload()
  await writer.append(Array.from({ length: 5000 }, (_, at) => row('rex', at + 1)))
  let isOver = false
  const locking = (async () => {
    while (!isOver) await primary.sql('BEGIN', 'LOCK TABLE stored_events IN ACCESS EXCLUSIVE MODE', 'COMMIT')
  })()
  const conflicts = "SELECT confl_lock > 0 AS it FROM pg_stat_database_conflicts WHERE datname = 'postgres'"
  const sizes = new Set<number>()
  do for (let times = 0; times < 10; times++) sizes.add((await reader.notifications()).length)
  while (!(await replica.sql(conflicts))[0]!.it)
  isOver = true
  await locking
  t.strictSame([...sizes], [5002], 'is read again after a conflict with what it replays')

  await replica.set({ hot_standby: 'off' })
  await replica.stop()
  const away = (message: RegExp) => ({ code: 'DATABASE_UNAVAILABLE', message })
  await t.rejects(hurried.notifications(), away(/ECONNREFUSED/), 'is waited for when it is away')
  replica.start().catch(() => {})
  while (!/consistent recovery state reached/.test(replica.said)) await new Promise((resolve) => setTimeout(resolve, 5))
  await t.rejects(hurried.notifications(), away(/Hot standby mode is disabled/), 'has to let readers in')

  await replica.set({ hot_standby: 'on' })
  await replica.restart('kill')
  await replica.promote()
  await t.rejects(hurried.notifications(), away(/does not follow/), 'is not read when it does not follow any more')
})

t.test('a replica of another primary', { skip }, async (t) => {
  const [old, young] = await pair(t)
  await store(t, [old]).append([row('fido', 1)])
  const replica = await old.standby(t, 'replica')
  await young.promote()
  await waitsFor(old, '')
  await store(t, [old]).append([row('rex', 1), row('rex', 2), row('rex', 3)])
  await store(t, [young]).append([row('fido', 2)])
  const reader = store(t, [young], { replica: replica.url(), patience: 50 })
  await t.rejects(reader.notifications(), { message: /does not follow/ }, 'is not read, although it is as far')
})
