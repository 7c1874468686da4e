/**
 * Numbers of a PostgreSQL server that begin again, or have another sign, after some years: those of objects, and, in the
 * long form, those of transactions, past which it is taken in three steps.
 */
import { chown, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Client } from 'pg'
import t from 'tap'
import { postgres } from '../../src/recorders/postgres'
import { row, versions } from '../../src/testing/contract/rows'
import { Cluster, skipCluster } from './postgres-cluster'
import { sql } from './postgres-server'

const isLong = process.env.DOG_SCHOOL_LONG === '1'

/** Its next object or transaction has this number. */
async function jump(cluster: Cluster, option: '-o' | '-x', number: number): Promise<void> {
  await cluster.stop('fast')
  await cluster.program('pg_resetwal', '-D', cluster.folder, option, String(number))
  await cluster.start()
}

/** Of a million transactions each, what became of them. */
async function letThereBe(cluster: Cluster, transaction: number): Promise<void> {
  const name = Math.floor(transaction / 2 ** 20)
    .toString(16)
    .toUpperCase()
    .padStart(4, '0')
  const file = join(cluster.folder, 'pg_xact', name)
  await writeFile(file, new Uint8Array(2 ** 18))
  const { uid, gid } = await stat(cluster.folder)
  await chown(file, uid, gid)
}

async function freeze(cluster: Cluster): Promise<void> {
  await cluster.sql('UPDATE pg_database SET datallowconn = true')
  for (const database of ['postgres', 'template1', 'template0'])
    await sql(cluster.url('postgres', database), 'VACUUM (FREEZE)')
}

t.test('numbers of objects that are larger than an integer', { skip: skipCluster }, async (t) => {
  const cluster = await Cluster.start(t)
  await jump(cluster, '-o', 3_000_000_000)
  const store = postgres(cluster.url())
  t.teardown(() => store.close())
  await store.append([{ ...row('fido', 1), tags: ['fido'] }])
  await store.append([row('fido', 2)], { failIfEventsMatch: [{ tags: ['rex'] }] })
  const other = new Client({ connectionString: cluster.url() })
  await other.connect()
  t.teardown(() => other.end())
  await other.query("BEGIN; INSERT INTO stored_events VALUES ('held', 1, 'kennel:Dog.Registered', '{}')")
  await store.append([row('fido', 3)])
  t.equal(await store.maxNotificationId(), 2, 'what a writer under way comes before is not final')
  await other.query('COMMIT')
  t.strictSame(versions(await store.select('fido')), [1, 2, 3])
})

const skip = skipCluster || (isLong ? false : 'it takes a while: npm run test:long')
t.test('transactions whose numbers begin again', { skip }, async (t) => {
  const cluster = await Cluster.start(t, { autovacuum: 'off' })
  for (const number of [1_500_000_000, 3_000_000_000, 2 ** 32 - 200]) {
    await freeze(cluster)
    await letThereBe(cluster, number)
    await jump(cluster, '-x', number)
  }
  const [writer, follower] = [postgres(cluster.url()), postgres(cluster.url())]
  t.teardown(() => Promise.all([writer.close(), follower.close()]))
  const seen: number[] = []
  for (let version = 1; version <= 200; version++) {
    await writer.append([row('fido', version)])
    if (version % 10 === 0) seen.push(...versions(await follower.notifications({ start: seen.length + 1 })))
  }
  t.strictSame(
    seen,
    Array.from({ length: 200 }, (_, at) => at + 1),
  )
  const [{ number } = {}] = await cluster.sql('SELECT txid_current()::text AS number')
  t.ok(Number(number) > 2 ** 32, `${number} is past the end`)
})
