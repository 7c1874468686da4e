/**
 * `npm run bench -- --peers`: this library beside others that record events, in turns in one run, on the same work and the
 * same server. They are installed for this only. Shows a table, and writes `peers.json` and `peers.svg`.
 */
import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { Client } from 'pg'
import { rowsOf } from './dogs'
import { median, seconds, type Work } from './measure'
import { peers as all, type Peer, type Store } from './peers/peers'
import { picture } from './peers/picture'
import { hundreds, singles } from './postgres/rows'

const server = process.env.POSTGRES_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres'

interface Row {
  readonly what: string
  readonly count: number
  readonly work: (store: Store) => Work
}

const appends = (count: number, writers: number): Row => ({
  what: `append one event, ${writers} at a time`,
  count,
  work: (store) => singles(count, writers, (event) => store.append([event])),
})

const replays = (events: number): Row => ({
  what: `replay ${events.toLocaleString('en')} events`,
  count: events,
  work: (store) => async () => {
    const id = `dog of ${events}`
    const rows = [...rowsOf(id, events)]
    if ((await store.replay(id)) === 0)
      for (let at = 0; at < events; at += 100) await store.append(rows.slice(at, at + 100))
    return () => store.replay(id)
  },
})

/** @param size a part of the work, for trying it out */
const rows = (size: number): readonly Row[] => [
  appends(200 * size, 1),
  appends(800 * size, 16),
  appends(1600 * size, 64),
  {
    what: 'append 100 events at once',
    count: 5000 * size,
    work: (store) => hundreds(50 * size, (events) => store.append(events)),
  },
  replays(1000 * size),
  replays(10_000 * size),
  replays(100_000 * size),
]

export interface Compared {
  readonly what: string
  /** Events a second by peer; undefined where it could not be measured. */
  readonly rates: Readonly<Record<string, number | undefined>>
}

/** A database for each peer, so that nobody's tables grow beside another's. */
async function opened(peer: Peer, admin: Client, name: string): Promise<Store | string> {
  await admin.query(`CREATE DATABASE ${name}`)
  const url = new URL(server)
  url.pathname = name
  try {
    return await peer.open(url.href)
  } catch (error) {
    const { message } = error as Error
    return `cannot be measured: ${/^npm error \d.*/m.exec(message)?.[0] ?? message}`
  }
}

async function compared(row: Row, stores: ReadonlyMap<string, Store>, turns: number): Promise<Compared> {
  const rates = new Map<string, number[]>()
  for (let turn = 0; turn <= turns; turn++)
    for (const [name, store] of stores) {
      const rate = row.count / (await seconds(row.work(store)))
      // The first turn warms up.
      if (turn > 0) rates.set(name, [...(rates.get(name) ?? []), rate])
      process.stderr.write(`peers: ${row.what}, ${name}: ${Math.round(rate).toLocaleString('en')} events/s\n`)
    }
  return { what: row.what, rates: Object.fromEntries([...rates].map(([name, each]) => [name, median(each)])) }
}

export async function peers(size = 1, turns = 3): Promise<void> {
  const admin = new Client({ connectionString: server })
  await admin.connect()
  const stores = new Map<string, Store>()
  const missing: Record<string, string> = {}
  const databases = all.map((_, at) => `dog_school_peers_${process.pid}_${at}`)
  try {
    for (const [at, peer] of all.entries()) {
      process.stderr.write(`peers: opening ${peer.name} ${peer.packages.join(', ')}\n`)
      const store = await opened(peer, admin, databases[at]!)
      if (typeof store === 'string') missing[peer.name] = store
      else stores.set(peer.name, store)
    }
    const figures: Compared[] = []
    for (const row of rows(size)) figures.push(await compared(row, stores, turns))
    const { rows: version } = await admin.query('SHOW server_version')
    const about = {
      when: new Date().toISOString(),
      node: process.version,
      postgres: version[0].server_version as string,
      cpu: cpus()[0]?.model,
      cores: cpus().length,
      versions: Object.fromEntries(all.map(({ name, packages }) => [name, packages.join(', ')])),
    }
    console.table(Object.fromEntries(figures.map(({ what, rates }) => [what, readable(rates)])))
    for (const [name, why] of Object.entries(missing)) console.log(`${name} ${why}`)
    writeFileSync('peers.json', `${JSON.stringify({ ...about, missing, figures }, null, 2)}\n`)
    writeFileSync('peers.svg', picture(figures, about))
    console.log('Written to peers.json and peers.svg')
  } finally {
    for (const store of stores.values()) await store.close()
    for (const name of databases) await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
    await admin.end()
  }
}

const readable = (rates: Compared['rates']) =>
  Object.fromEntries(
    Object.entries(rates).map(([name, rate]) => [name, Number(rate?.toPrecision(3)).toLocaleString('en')]),
  )
