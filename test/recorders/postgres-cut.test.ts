/**
 * What is acknowledged is recorded, and once, although connections are cut, or fall silent, at any byte: who does not know
 * whether something was recorded finds out before he answers.
 */
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import * as fc from 'fast-check'
import { Client } from 'pg'
import t, { type Test } from 'tap'
import type { StoredEvent } from '../../src/port/recorder'
import { type PostgresRecorder, postgres } from '../../src/recorders/postgres'
import { Links } from '../../src/recorders/postgres/links'
import { row } from '../../src/testing/contract/rows'
import { database, isAway, patiently, serverUrl, skip, sql } from './postgres-server'
import { type Side, Wire } from './postgres-wire'

const isLong = process.env.DOG_SCHOOL_LONG === '1'

/** An event with the next version, so that one that is recorded twice is there twice. */
const next = (id: string): StoredEvent => ({ ...row(id, 2), version: 0 })

let made = 0
const newId = (what: string) => `${what}-${++made}`

/** Writes and reads, each of which says afterwards whether it happened once. */
const works: Readonly<Record<string, (store: PostgresRecorder, direct: PostgresRecorder) => Promise<boolean>>> = {
  async append(store, direct) {
    const id = newId('dog')
    const [position] = await store.append([next(id)])
    return (await direct.notifications({ start: position!, limit: 1 }))[0]?.aggregateId === id && isOnce(direct, id)
  },
  async 'appends that share a transaction'(store, direct) {
    const ids = [1, 2, 3].map(() => newId('dog'))
    await Promise.all(ids.map((id) => store.append([next(id), next(id)])))
    const found = await Promise.all(ids.map((id) => direct.select(id)))
    return found.every((events) => events.map(({ version }) => version).join() === '1,2')
  },
  async 'append with a boundary and tracking'(store, direct) {
    const id = newId('dog')
    const tracking = { applicationName: id, notificationId: 7 }
    await store.append([{ ...next(id), tags: [id] }], { failIfEventsMatch: [{ tags: [id] }], tracking })
    return (await direct.maxTrackingId(id)) === 7 && isOnce(direct, id)
  },
  async saveView(store, direct) {
    const view = newId('view')
    const change = { view, logId: 'log', form: 'form', build: 'build' }
    await store.saveView({ ...change, after: 0, position: 1, rows: [['fido', 'one']] })
    await store.saveView({ ...change, after: 1, position: 2, rows: [['rex', 'two']] })
    return (await direct.viewRows(view)).join() === 'fido,one,rex,two'
  },
  async saveSnapshot(store, direct) {
    const id = newId('dog')
    await store.saveSnapshot(row(id, 3))
    return (await direct.snapshot(id))?.version === 3
  },
  async read(store) {
    const id = newId('dog')
    await store.append([next(id)])
    return (await store.notifications()).at(-1)?.aggregateId === id && isOnce(store, id)
  },
}

async function isOnce(store: PostgresRecorder, id: string): Promise<boolean> {
  return (await store.select(id)).length === 1
}

/** Two recorders of one store: one by way of a wire that can be cut. */
async function stores(t: Test, patience?: number) {
  const own = await database(t)
  const wire = await Wire.to(t, Number(new URL(serverUrl).port || 5432))
  const [direct, store] = [await own.empty(), postgres(wire.url(own.url), { patience, poll: 20 })]
  await patiently(() => store.open())
  // In the order in which they are called, before the database is dropped.
  t.teardown(() => Promise.all([store.close(), direct.close()]))
  return { direct, store, wire, url: own.url }
}

const cut = fc.record({
  work: fc.constantFrom(...Object.keys(works)),
  side: fc.constantFrom<Side>('client', 'server'),
  bytes: fc.oneof(fc.constant(0), fc.nat(40), fc.nat(1500)),
})

t.test('a connection that is cut at any byte', { skip }, async (t) => {
  const { direct, store, wire } = await stores(t)
  const property = fc.asyncProperty(cut, async ({ work, side, bytes }) => {
    void wire.cutAfter(side, bytes)
    return works[work]!(store, direct)
  })
  await fc.assert(property, { numRuns: isLong ? 2000 : 40 })
})

t.test('a connection that is cut while the tables are made, at any byte', { skip }, async (t) => {
  const { wire, url } = await stores(t)
  const cuts: Record<Side, number> = { client: 7000, server: 500 }
  for (const [side, apart] of Object.entries(cuts) as [Side, number][])
    for (let part = 0; part < 4; part++) {
      const store = postgres(wire.url(url), { prefix: `${side}_${part}` })
      void wire.cutAfter(side, part * apart)
      await store.append([next('rex')])
      t.ok(await isOnce(store, 'rex'), `${part * apart} bytes of the ${side}`)
      await store.close()
    }
})

t.test('a connection on which nothing is heard any more', { skip }, async (t) => {
  const { direct, store, wire } = await stores(t, 100)
  const property = fc.asyncProperty(cut, async ({ work, side, bytes }) => {
    void wire.muteAfter(side, bytes)
    return works[work]!(store, direct).catch(isAway)
  })
  await fc.assert(property, { numRuns: isLong ? 300 : 8 })
})

t.test('a new connection on which nothing is heard any more, at any byte', { skip }, async (t) => {
  const { direct, wire, url } = await stores(t)
  for (let bytes = 0; bytes < 700; bytes += 50) {
    const store = postgres(wire.url(url), { patience: 100 })
    const isMute = wire.muteAfter('server', bytes)
    const appended = works.append!(store, direct).catch(isAway)
    // Nobody may have had the patience to come so far.
    await Promise.race([isMute, appended])
    t.ok(await appended, `${bytes} bytes`)
    await store.close()
  }
})

t.test('a connection that listens, and on which nothing is heard any more, at any byte', { skip }, async (t) => {
  const { wire, url } = await stores(t)
  const links = new Links({ connectionString: wire.url(url), connectionTimeoutMillis: 100 }, 1, async () => {})
  const nothing = () => {}
  const listening = () => links.listen('dogs', nothing, nothing)
  // The answer to LISTEN is short, and comes after some hundred bytes of others.
  for (let bytes = 250; bytes < 550; bytes += 15) {
    void wire.muteAfter('server', bytes)
    const stop = await listening().catch(nothing)
    await stop?.()
  }
  await links.end()
  t.pass('each of them came to an end')
})

t.test('a connection that is cut while the server is still at it', { skip }, async (t) => {
  const { direct, store, wire, url } = await stores(t)
  const other = new Client({ connectionString: url })
  await other.connect()
  t.teardown(() => other.end())
  await other.query('BEGIN; LOCK TABLE stored_events IN SHARE MODE')
  const appended = store.append([next('rex')])
  await until(url, "SELECT FROM pg_locks WHERE relation = 'stored_events'::regclass AND NOT granted")
  wire.cut()
  await until(url, 'SELECT FROM stored_flushes WHERE result IS NULL')
  await other.query('COMMIT')
  await appended
  t.ok(await isOnce(direct, 'rex'), 'what it was at is not recorded again')
})

t.test('what the server is still at is not recorded twice, however much is recorded meanwhile', { skip }, async (t) => {
  const { direct, store, wire, url } = await stores(t)
  const other = new Client({ connectionString: url })
  await other.connect()
  t.teardown(() => other.end())
  const waiting = (many: number) =>
    until(url, `SELECT FROM pg_locks WHERE locktype = 'transactionid' AND NOT granted HAVING count(*) = ${many}`)
  await other.query("BEGIN; INSERT INTO stored_events VALUES ('rex', 1, 'kennel:Dog.Registered', '{}')")
  const appended = store.append([next('rex')])
  await waiting(1)
  wire.cut()
  await waiting(2)
  const change = { view: 'many', logId: 'log', form: 'form', build: 'build', rows: [] }
  for (let after = 0; after < 120; after++) await store.saveView({ ...change, after, position: after + 1 })
  await other.query('ROLLBACK')
  await appended
  t.ok(await isOnce(direct, 'rex'))
})

t.test('a connection that is cut before the answer, and no way back', { skip }, async (t) => {
  const { direct, store, wire } = await stores(t, 1000)
  void wire.cutAfter('server', 0).then(() => {
    wire.isDown = true
  })
  await t.rejects(store.append([next('rex')]), {
    code: 'OUTCOME_UNKNOWN',
    message: /Load again when it is there, and look/,
  })
  t.ok(await isOnce(direct, 'rex'), 'it was recorded, and nobody could know')
  await t.rejects(store.append([next('rex')]), { code: 'DATABASE_UNAVAILABLE' })
  wire.isDown = false
  const later = await patiently(async () => {
    const id = newId('dog')
    await store.append([next(id)])
    return id
  })
  t.ok(await isOnce(direct, later), 'later it goes on')
})

t.test('a connection that listens, and is cut, is made again', { skip }, async (t) => {
  const { store, wire, url } = await stores(t)
  t.teardown(store.watch(() => {}))
  const listens = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'"
  const [first] = await until(url, listens)
  wire.cut()
  await until(url, `${listens} AND pid <> ${first!.pid}`)
  t.pass('another session listens')
})

/** A server that answers in turn with these, and never ends a connection itself. */
async function server(t: Test, ...answers: readonly string[]) {
  const made = createServer({ allowHalfOpen: true })
  made.listen(0, '127.0.0.1')
  await once(made, 'listening')
  const sockets: Socket[] = []
  made.on('connection', (socket) => {
    sockets.push(socket)
    const left = [...answers]
    socket.on('data', () => left.length > 0 && socket.write(Buffer.from(left.shift() as string, 'latin1')))
  })
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
    made.close()
  })
  const { port } = made.address() as AddressInfo
  return { links: new Links({ host: '127.0.0.1', port }, 1, async () => {}), sockets }
}

t.test('a connection that was refused, and ends late, does not end the one that listens since', async (t) => {
  const { links, sockets } = await server(t, 'E\0\0\0\x0cC53300\0\0')
  let lost = 0
  const listening = links.listen(
    'dogs',
    () => {},
    () => lost++,
  )
  await t.rejects(listening, { code: '53300' })
  const [socket] = sockets
  socket!.end()
  await once(socket!, 'close')
  await links.end()
  for (let turns = 0; turns < 10; turns++) await setImmediate()
  t.equal(lost, 0)
})

t.test('a connection that listens, and does not end when it is told to, is cut', async (t) => {
  const ready = 'Z\0\0\0\x05I'
  const { links, sockets } = await server(t, `R\0\0\0\x08\0\0\0\0${ready}`, `C\0\0\0\x0bLISTEN\0${ready}`)
  const nothing = () => {}
  const stop = await links.listen('dogs', nothing, nothing)
  await stop()
  t.equal(sockets.length, 1)
  await links.end()
})

/** Resolves with what is found as soon as something is. */
async function until(url: string, query: string): Promise<Record<string, unknown>[]> {
  for (;;) {
    const found = await sql(url, query)
    if (found.length > 0) return found
  }
}
