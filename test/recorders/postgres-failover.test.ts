/**
 * Several machines: the primary dies, a standby takes its place, and nothing that was acknowledged is lost or there twice.
 *
 * Each test has servers of its own, which are killed as a machine without power would be. In the long form, many
 * failovers follow one another, at random moments.
 */
import { randomInt } from 'node:crypto'
import t, { type Test } from 'tap'
import type { Notification } from '../../src/port/recorder'
import { type PostgresOptions, type PostgresRecorder, postgres } from '../../src/recorders/postgres'
import { row } from '../../src/testing/contract/rows'
import { Cluster, skipCluster } from './postgres-cluster'
import { sql } from './postgres-server'

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

/** Which event it is: each has a state of its own. */
const stateOf = ({ state }: { state: unknown }) => String(state)

/** Writers who record without a pause until they are told to stop, and what was acknowledged to them. */
class Load {
  readonly acknowledged: string[] = []
  readonly refused: unknown[] = []
  #isOver = false
  readonly #writers: Promise<void>[]

  constructor(recorder: PostgresRecorder, name: string, many: number) {
    this.#writers = Array.from({ length: many }, (_, writer) => this.#write(recorder, `${name} ${writer}`))
  }

  /** As the next version, whichever it is: what is recorded twice is there twice. */
  async #write(recorder: PostgresRecorder, dog: string): Promise<void> {
    for (let number = 1; !this.#isOver; number++) {
      const event = { ...row(dog, 0), state: JSON.stringify(`${dog} ${number}`) }
      await recorder.append([event]).then(
        () => this.acknowledged.push(event.state),
        (error) => this.refused.push(error),
      )
    }
  }

  /** Resolves when so many more were acknowledged. */
  async goesOn(many: number): Promise<void> {
    const wanted = this.acknowledged.length + many
    while (this.acknowledged.length < wanted && this.refused.length === 0)
      await new Promise((resolve) => setTimeout(resolve, 1))
  }

  async stop(): Promise<void> {
    this.#isOver = true
    await Promise.all(this.#writers)
  }
}

/** Reads on from the last position, as soon as there is something. */
class Follower {
  readonly seen: Notification[] = []
  readonly #recorder: PostgresRecorder
  #isOver = false
  #wake = () => {}
  readonly #running: Promise<void>

  constructor(recorder: PostgresRecorder) {
    this.#recorder = recorder
    this.#running = this.#run()
  }

  async #run(): Promise<void> {
    const leave = this.#recorder.watch(() => this.#wake())
    for (;;) {
      const woken = new Promise<void>((resolve) => (this.#wake = resolve))
      const isOver = this.#isOver
      await this.look()
      if (isOver) return leave()
      await woken
    }
  }

  async look(): Promise<void> {
    const read = () => this.#recorder.notifications({ start: (this.seen.at(-1)?.id ?? 0) + 1, limit: 100 })
    for (let found = await read(); found.length > 0; found = await read()) this.seen.push(...found)
  }

  /** Reads the rest. */
  async stop(): Promise<void> {
    this.#isOver = true
    this.#wake()
    await this.#running
  }
}

/** Nothing acknowledged is lost, nothing is there twice, and followers have seen what is there. */
async function mustBeWhole(t: Test, primary: Cluster, loads: readonly Load[], followers: readonly Follower[]) {
  const log = await store(t, [primary]).notifications()
  const states = log.map(stateOf)
  const there = new Set(states)
  t.strictSame(
    loads.flatMap(({ refused }) => refused),
    [],
    'nothing is refused',
  )
  t.strictSame(
    loads.flatMap(({ acknowledged }) => acknowledged.filter((state) => !there.has(state))),
    [],
    'nothing acknowledged is lost',
  )
  t.equal(there.size, states.length, 'nothing is there twice')
  for (const { seen } of followers) t.strictSame(seen.map(stateOf), states, 'a follower has seen what is there')
}

t.test('a failover under load', { skip: skipCluster }, async (t) => {
  const seed = Number(process.env.SEED ?? randomInt(1_000_000))
  if (isLong) t.comment(`SEED=${seed}`)
  const random = rolls(seed)
  let [primary, standby] = await pair(t)
  for (let round = 1; ; round++) {
    const both = random(2) === 0 ? [primary, standby] : [standby, primary]
    // Followers read from the standby, which is the primary afterwards, and from the primary.
    const recorders = [store(t, both, { replica: standby.url() }), store(t, both), store(t, both)]
    const followers = [new Follower(recorders[0]!), new Follower(recorders[1]!)]
    const loads = recorders.slice(1).map((recorder, at) => new Load(recorder, `${round} ${at}`, 1 + random(30)))
    await loads[0]!.goesOn(20 + random(isLong ? 2000 : 100))
    await primary.stop(random(3) === 0 ? 'immediate' : 'kill')
    await standby.promote()
    for (const load of loads) await load.goesOn(50)
    for (const each of [...loads, ...followers]) await each.stop()
    await mustBeWhole(t, standby, loads, followers)
    for (const recorder of recorders) await recorder.close()
    if (round === (isLong ? 30 : 1)) break
    primary = standby
    standby = await primary.standby(t, 'standby')
    await waitsFor(primary, 'standby')
  }
  await t.test('and a primary that was replaced', (t) => isNotWrittenTo(t, primary, standby))
})

/** Without a synchronous standby, it would acknowledge what it is given. */
async function isNotWrittenTo(t: Test, old: Cluster, young: Cluster): Promise<void> {
  const knows = store(t, [old, young], { patience: 5000 })
  await knows.append([row('fido', 1)])
  await old.set({ synchronous_standby_names: '' })
  await old.start()
  await knows.append([row('fido', 2)])
  await store(t, [old, young]).append([row('fido', 3)])
  t.equal((await store(t, [young]).select('fido')).length, 3, 'is not written to when it comes back')
  await young.stop()
  await t.rejects(
    knows.append([row('rex', 1)]),
    { code: 'DATABASE_UNAVAILABLE', message: /was replaced by another primary: make it a standby/ },
    'nor when the new one is away',
  )
}

/** Whole numbers below a limit, the same ones for a seed. */
function rolls(seed: number): (limit: number) => number {
  let state = seed >>> 0
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
}

t.test('a primary that stands still, and is replaced meanwhile', { skip }, async (t) => {
  const [old, young] = await pair(t)
  const recorder = store(t, [old, young])
  await recorder.append([row('fido', 1)])
  old.pause()
  const append = recorder.append([row('fido', 2)])
  await young.promote()
  await append
  old.goOn()
  t.equal((await store(t, [young]).select('fido')).length, 2, 'is left for the new one')
})

t.test('what was committed on the primary alone', { skip }, async (t) => {
  const [primary, standby] = await pair(t)
  const recorder = store(t, [primary])
  await recorder.append([row('fido', 1)])
  await standby.stop('kill')
  const waits = `SELECT count(*) > 0 AS it FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND query LIKE '%stored_`
  let isAcknowledged = false
  const append = recorder.append([row('fido', 2)]).then(() => (isAcknowledged = true))
  await until(primary, `${waits}append%'`)
  await primary.restart('kill')
  await until(primary, `${waits}settle%'`)
  t.equal((await store(t, [primary]).select('fido')).length, 2, 'is there after a crash')
  t.notOk(isAcknowledged, 'is not acknowledged')
  await standby.start()
  await append
  await primary.stop('kill')
  await standby.promote()
  t.equal((await store(t, [standby]).select('fido')).length, 2, 'is acknowledged when the standby has it')
})

t.test('a standby that is not synchronous is promoted without the last events', { skip }, async (t) => {
  const primary = await Cluster.start(t)
  const standby = await primary.standby(t, 'standby')
  const both = [primary, standby]
  const [early, writer, reader] = [store(t, both), store(t, both), store(t, both)]
  await early.append([row('fido', 1)])
  await early.notifications()
  await waitsFor(primary, 'standby')
  await sql(primary.url(), 'CREATE TABLE arrived ()')
  await standby.stop('kill')
  await waitsFor(primary, '')
  await writer.append([row('rex', 1)])
  await reader.notifications()
  await primary.stop('kill')
  await standby.start()
  await standby.promote()
  // Others were faster, at the same positions.
  await early.append([row('rex', 1), row('rex', 2), row('rex', 3)])
  const gone = { code: 'LOG_CHANGED', message: /come back without .* was not a synchronous one/ }
  await t.rejects(writer.append([row('rex', 4)]), gone, 'who had recorded them is told')
  await t.rejects(writer.select('rex'), gone, 'each time')
  await t.rejects(reader.notifications(), gone, 'who had read them is told')
  await t.rejects(reader.maxNotificationId(), gone, 'before a follower goes on')
  t.equal((await early.notifications()).length, 4, 'who knew nothing of them goes on')
})

t.test('a replica that followers read', { skip }, async (t) => {
  const [primary, replica] = await pair(t)
  await replica.sql('SELECT pg_wal_replay_pause()')
  await until(replica, "SELECT pg_get_wal_replay_pause_state() = 'paused' AS it")
  const writer = store(t, [primary])
  await writer.append([row('fido', 1)])
  const reader = store(t, [primary], { replica: replica.url() })
  const early = reader.notifications()
  await store(t, [primary]).notifications()
  await replica.sql('SELECT pg_wal_replay_resume()')
  t.equal((await early).length, 1, 'is waited for when it has no tables yet')
  const hurried = store(t, [primary], { replica: replica.url(), patience: 3000 })
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
