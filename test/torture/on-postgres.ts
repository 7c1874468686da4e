/**
 * A primary and a synchronous standby, each on a small disk of its own where this user may mount one, and by way of wires
 * that can be cut.
 */
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import type { Test } from 'tap'
import { postgres } from '../../src/recorders/postgres'
import { Cluster, type Stop } from '../recorders/postgres-cluster'
import { Wire } from '../recorders/postgres-wire'
import type { Worker } from './crew'
import type { Fault, Ground } from './ground'

/** What is done at the end, in the reverse order. */
class Owner {
  readonly #last: (() => unknown)[] = []
  teardown(work: () => unknown): void {
    this.#last.unshift(work)
  }
  async end(): Promise<void> {
    for (const work of this.#last.splice(0)) await work()
  }
}

/** A disk of this size, in memory; undefined where this user may not mount one. */
function smallDisk(owner: Owner): string | undefined {
  const place = mkdtempSync(join(tmpdir(), 'dog-school-disk-'))
  owner.teardown(() => rmSync(place, { recursive: true, force: true }))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=400m', 'tmpfs', place], { stdio: 'ignore' })
  } catch {
    return undefined
  }
  owner.teardown(() => execFileSync('umount', [place]))
  chmodSync(place, 0o777)
  return place
}

interface Machine {
  readonly cluster: Cluster
  readonly wire: Wire
  readonly disk: string | undefined
}

/** Whoever makes folders for what is temporary makes them there meanwhile. */
async function within<T>(disk: string | undefined, work: () => Promise<T>): Promise<T> {
  const { TMPDIR } = process.env
  if (disk) process.env.TMPDIR = disk
  try {
    return await work()
  } finally {
    if (TMPDIR === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = TMPDIR
  }
}

const settings = {
  wal_keep_size: '128MB',
  wal_retrieve_retry_interval: '200ms',
  max_wal_size: '64MB',
  min_wal_size: '32MB',
  max_connections: 60,
}

/** The servers of a campaign; each round has a database of its own on them. */
export class Machines {
  readonly #owner = new Owner()
  /** The first is the primary. */
  #pair!: [primary: Machine, standby: Machine | undefined]
  #rounds = 0

  /** @param isPair with a standby */
  static async start(isPair = true): Promise<Machines> {
    const machines = new Machines()
    try {
      await machines.#start(isPair)
    } catch (error) {
      await machines.end()
      throw error
    }
    return machines
  }

  async #start(isPair: boolean): Promise<void> {
    const owner = this.#owner as unknown as Test
    const machine = async (make: () => Promise<Cluster>): Promise<Machine> => {
      const disk = isPair ? smallDisk(this.#owner) : undefined
      const cluster = await within(disk, make)
      return { cluster, wire: await Wire.to(owner, cluster.port), disk }
    }
    const primary = await machine(() => Cluster.start(owner, settings))
    this.#pair = [primary, undefined]
    if (!isPair) return
    this.#pair[1] = await machine(() => primary.cluster.standby(owner, 'standby'))
    await this.#synchronous()
  }

  async #synchronous(): Promise<void> {
    const { cluster } = this.#pair[0]
    await cluster.set({ synchronous_standby_names: 'standby' })
    await cluster.reload()
    for (;;) {
      const [row] = await cluster.sql("SELECT count(*)::int AS many FROM pg_stat_replication WHERE sync_state = 'sync'")
      if (row!.many === 1) return
      await sleep(20)
    }
  }

  async #restart(how: Stop): Promise<void> {
    const { cluster } = this.#pair[0]
    await cluster.stop(how)
    await this.#goesOn(cluster)
  }

  /** What a killed server has started may be there a little longer. */
  async #goesOn(cluster: Cluster): Promise<void> {
    for (let tries = 1; ; tries++)
      try {
        return await cluster.start()
      } catch (error) {
        if (tries === 50) throw error
        await sleep(100)
      }
  }

  /** The primary is lost, and its standby takes its place; later, it is back as the standby. */
  async #failOver(how: Stop): Promise<void> {
    const [old, young] = this.#pair as [Machine, Machine]
    await old.cluster.stop(how)
    await young.cluster.set({ synchronous_standby_names: '' })
    await young.cluster.promote()
    await young.cluster.reload()
    this.#pair = [young, old]
    rmSync(old.cluster.folder, { recursive: true })
    const copying = ['-d', young.cluster.url(), '-c', 'fast', '-X', 'stream', '--no-sync']
    await young.cluster.program('pg_basebackup', '-D', old.cluster.folder, ...copying)
    await old.cluster.follow(young.cluster, 'standby')
    await old.cluster.set({ unix_socket_directories: old.cluster.folder })
    await this.#goesOn(old.cluster)
    await this.#synchronous()
  }

  async #fill(random: { below(limit: number): number }): Promise<void> {
    const [{ disk, cluster }] = this.#pair
    const ballast = join(disk as string, 'ballast')
    const piece = Buffer.alloc(1 << 20)
    try {
      for (;;) writeFileSync(ballast, piece, { flag: 'a' })
    } catch {
      // Now it is full.
    }
    await sleep(500 + random.below(3000))
    rmSync(ballast)
    // Without room for its log, a server ends itself.
    await cluster.stop('fast')
    await this.#goesOn(cluster)
  }

  async ground(): Promise<Ground> {
    const name = `round_${++this.#rounds}`
    const primary = () => this.#pair[0].cluster
    await primary().sql(`CREATE DATABASE ${name}`)
    const urls = this.#all().map(({ wire, cluster }) => wire.url(cluster.url('postgres', name)))
    const store = { urls }
    return {
      jobs: [
        { name: 'first', roles: ['writer', 'office', 'view'], writers: 6, store },
        { name: 'second', roles: ['writer', 'view'], writers: 6, store },
        { name: 'third', roles: ['follower', 'office'], writers: 0, store },
        { name: 'slow', roles: ['follower'], writers: 0, slowness: 10, store },
      ],
      faults: (crew) => this.#faults(name, crew),
      look: () => ({
        school: postgres(primary().url('postgres', name)),
        office: postgres(primary().url('postgres', name), { prefix: 'office' }),
      }),
      end: async () => {
        await primary().sql(`DROP DATABASE ${name} WITH (FORCE)`)
      },
    }
  }

  #all(): Machine[] {
    return this.#pair.filter((each) => each !== undefined)
  }

  #faults(database: string, crew: readonly Worker[]): Record<string, Fault> {
    const of = (role: string) => crew.filter(({ job }) => job.roles.includes(role as 'writer'))
    const again = (role: string) => async (random: { among<T>(several: readonly T[]): T }) => {
      const one = random.among(of(role))
      await one.kill()
      one.restart()
    }
    const held =
      (role: string): Fault =>
      async (random) => {
        const one = random.among(of(role))
        one.pause()
        await sleep(100 + random.below(2000))
        one.goOn()
      }
    const primary = () => this.#pair[0]
    return {
      'kill a writer': again('writer'),
      'kill a follower': again('follower'),
      'slow writer': held('writer'),
      'slow reader': held('follower'),
      async 'cut all connections'() {
        primary().wire.cut()
      },
      async 'cut a connection at a byte'(random) {
        for (let many = 1 + random.below(5); many > 0; many--)
          await primary().wire.cutAfter(random.among(['client', 'server'] as const), random.below(2000))
      },
      async 'a network that is down'(random) {
        const { wire } = primary()
        wire.isDown = true
        wire.cut()
        await sleep(100 + random.below(1000))
        wire.isDown = false
      },
      'restart, fast': () => this.#restart('fast'),
      'restart, immediate': () => this.#restart('immediate'),
      'kill the server': () => this.#restart('kill'),
      async 'a transaction of somebody else'(random) {
        await stayOpen(primary().cluster.url('postgres', database), random.below(2000))
      },
      ...(this.#pair[1] && {
        failover: (random) => this.#failOver(random.among(['kill', 'immediate'])),
      }),
      ...(primary().disk !== undefined && { 'full disk': (random) => this.#fill(random) }),
    }
  }

  end(): Promise<void> {
    return this.#owner.end()
  }
}

let others = 0

/** Somebody inserts an event, and commits after this many milliseconds. */
async function stayOpen(url: string, during: number): Promise<void> {
  const client = new Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    await client.query('BEGIN')
    const id = `other:${process.pid}.${++others}`
    const state = JSON.stringify({
      timestamp: { _type_: 'datetime_iso', _data_: '2026-01-01T00:00:00.000000+00:00' },
      originator_topic: 'school:Dog',
      id,
    })
    await client.query(
      "INSERT INTO stored_events (originator_id, originator_version, topic, state) VALUES ($1, 1, 'school:Dog.Registered', $2)",
      [id, state],
    )
    await sleep(during)
    await client.query('COMMIT')
  } finally {
    await client.end()
  }
}
