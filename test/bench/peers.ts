/**
 * `npm run bench -- --peers`: this library beside others that record events, in turns in one run, on the same work. They are
 * installed for this only. Shows tables, and writes `peers.json` and `peers.svg`. `-- --peers --size 0.1` does a tenth of the
 * work, with one turn, for trying it out.
 */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Client } from 'pg'
import { type Compared, type Contender, compare, within } from './peers/compare'
import { shown } from './peers/install'
import type { Peer } from './peers/peer'
import { type About, picture } from './peers/picture'
import { rows } from './peers/rows'
import { tables } from './peers/table'

const say = (line: string) => process.stderr.write(`peers: ${line}\n`)

export interface Comparison extends About {
  readonly versions: Readonly<Record<string, string>>
  readonly compared: readonly Compared[]
}

interface Options {
  /** A part of the work. */
  readonly size: number
  readonly turns: number
  /** Whose `peers` are compared. */
  readonly module: string
  /** The address of a PostgreSQL server. */
  readonly server: string
}

/** Where each peer has its events: nobody's grow beside another's. */
class Places {
  readonly #folder = mkdtempSync(join(tmpdir(), 'dog-school-peers-'))
  readonly #databases: string[] = []
  readonly #server: string
  #admin: Promise<Client> | undefined

  constructor(server: string) {
    this.#server = server
  }

  async of({ group }: Peer, at: number): Promise<{ readonly at: string; readonly elsewhere: string }> {
    if (group !== 'durable on PostgreSQL') {
      const file = join(this.#folder, `${at}`)
      return { at: `${file}.db`, elsewhere: `${file}-alone.db` }
    }
    const admin = await this.server()
    const name = `dog_school_peers_${process.pid}_${at}`
    await admin.query(`CREATE DATABASE ${name}`)
    this.#databases.push(name)
    const url = new URL(this.#server)
    url.pathname = name
    return { at: url.href, elsewhere: url.href }
  }

  /** The same one, or the same error, for all. */
  server(): Promise<Client> {
    this.#admin ??= (async () => {
      const client = new Client({ connectionString: this.#server })
      await client.connect()
      return client
    })()
    return this.#admin
  }

  async remove(): Promise<void> {
    rmSync(this.#folder, { recursive: true })
    const admin = await this.#admin?.catch(() => undefined)
    for (const name of this.#databases) await admin?.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
    await admin?.end()
  }
}

async function opened(peer: Peer, at: number, places: Places): Promise<Contender> {
  say(`opening ${[peer.name, ...peer.packages].join(', ')}`)
  try {
    const place = await places.of(peer, at)
    return { peer, store: await peer.open(place.at), elsewhere: place.elsewhere }
  } catch (error) {
    const { message } = error as Error
    // What else npm says has the address of a registry in it.
    const [, code] = /^npm (?:error|ERR!) code (\w+)$/m.exec(message) ?? []
    const store = code ? `npm cannot install ${peer.packages.join(', ')}: ${code}` : message.split('\n')[0]!
    say(`${peer.name} cannot be measured: ${store}`)
    return { peer, store, elsewhere: '' }
  }
}

export async function compareAll({ size, turns, module, server }: Options): Promise<Comparison> {
  const { peers } = require(module) as { readonly peers: readonly Peer[] }
  const places = new Places(server)
  const contenders: Contender[] = []
  try {
    for (const [at, peer] of peers.entries()) contenders.push(await opened(peer, at, places))
    const compared = await compare(rows(size), contenders, { module, turns, say })
    const isThere = contenders.some(({ peer }) => peer.group === 'durable on PostgreSQL')
    const version =
      isThere &&
      (await places.server().then(
        (admin) => admin.query('SHOW server_version'),
        () => undefined,
      ))
    return {
      when: new Date().toISOString(),
      size,
      version: require('../../package.json').version,
      node: process.version,
      postgres: version ? version.rows[0].server_version : 'none',
      cpu: cpus()[0]?.model,
      cores: cpus().length,
      versions: Object.fromEntries(
        peers.map(({ name, group, packages }) => [`${name}, ${group}`, packages.join(', ')]),
      ),
      compared,
    }
  } finally {
    for (const { peer, store } of contenders)
      if (typeof store !== 'string')
        await within(10_000, `closing ${peer.name}`, store.close()).catch((error) => say(`${peer.name}: ${error}`))
    await places.remove()
  }
}

/** @param args `--size` and a part of the work */
export async function peers([flag, given]: readonly string[]): Promise<number> {
  const size = flag === undefined ? 1 : Number(given)
  if (flag !== undefined && (flag !== '--size' || !(size > 0))) {
    console.error('Give the part of the work that is done as a number: npm run bench -- --peers --size 0.1')
    return 2
  }
  const root = join(__dirname, '../..')
  await shown('building this library', promisify(execFile)('npm', ['run', '--silent', 'build'], { cwd: root }))
  const comparison = await compareAll({
    size,
    turns: size < 1 ? 1 : 3,
    module: join(__dirname, 'peers/peers'),
    server: process.env.POSTGRES_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres',
  })
  console.log(tables(comparison.compared, size))
  writeFileSync('peers.json', `${JSON.stringify(comparison, null, 2)}\n`)
  writeFileSync('peers.svg', picture(comparison.compared, comparison))
  console.log('Written to peers.json and peers.svg')
  return 0
}
