/**
 * A PostgreSQL server of a test's own, on a port of its own, to be stopped, killed and started again.
 *
 * It belongs to the user `postgres` if the test runs as root, because PostgreSQL refuses root. `fsync` is off: it matters
 * when a machine loses its power, and no test does that to it. A process that is killed has given its writes to the kernel.
 */
import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { appendFile, chown, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Test } from 'tap'
import { sql } from './postgres-server'

const run = promisify(execFile)

/** Where the programs of the newest PostgreSQL on this machine are: Debian keeps them apart. */
function binaries(): string | undefined {
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : []
  const folders = [...versions.map((version) => join(debian, version, 'bin')), ...(process.env.PATH ?? '').split(':')]
  return folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')))
}

function ids(): { uid: number; gid: number } | Record<string, never> {
  if (process.getuid?.() !== 0) return {}
  const id = (which: string) => Number(execFileSync('id', [which, 'postgres'], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}

const bin = binaries()
const mustRun = process.env.CI === 'true'

/** Why tests that need a server of their own are skipped: for the option of that name. */
export const skipCluster = bin || mustRun ? false : 'it needs the programs of a PostgreSQL server (initdb, postgres)'

/** How a server stops: when all transactions are rolled back, at once, or without being asked. */
export type Stop = 'fast' | 'immediate' | 'kill'

const signals = { fast: 'SIGINT', immediate: 'SIGQUIT', kill: 'SIGKILL' } as const

export type Settings = Readonly<Record<string, string | number>>

/** A port that nobody uses now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  return port
}

export class Cluster {
  readonly folder: string
  readonly port: number
  /** What the server has said since it was started. */
  said = ''
  #server: ChildProcess | undefined
  #ended: Promise<unknown> = Promise.resolve()

  private constructor(folder: string, port: number) {
    this.folder = folder
    this.port = port
  }

  /** A new server that runs; it is stopped and removed when the test ends. */
  static async start(t: Test, settings: Settings = {}): Promise<Cluster> {
    const cluster = await Cluster.#empty(t)
    await cluster.program(
      'initdb',
      '-D',
      cluster.folder,
      '-U',
      'postgres',
      '-A',
      'trust',
      '-E',
      'UTF8',
      '--locale=C',
      '--no-sync',
    )
    await cluster.set({
      listen_addresses: '127.0.0.1',
      unix_socket_directories: cluster.folder,
      fsync: 'off',
      shared_buffers: '16MB',
      max_wal_senders: 5,
      hot_standby: 'on',
      ...settings,
    })
    await cluster.start()
    return cluster
  }

  /** A standby of this server that runs; what it has applied can be read there. Its name for `synchronous_standby_names` is `name`. */
  async standby(t: Test, name: string, settings: Settings = {}): Promise<Cluster> {
    const standby = await Cluster.#empty(t)
    await this.program(
      'pg_basebackup',
      '-D',
      standby.folder,
      '-d',
      this.url(),
      '-c',
      'fast',
      '-X',
      'stream',
      '--no-sync',
    )
    await standby.follow(this, name)
    await standby.set({ unix_socket_directories: standby.folder, ...settings })
    await standby.start()
    return standby
  }

  /** From its next start on, this server is a standby of that one. */
  async follow(primary: Cluster, name: string): Promise<void> {
    await this.#write('standby.signal', '')
    await this.set({
      primary_conninfo: `host=127.0.0.1 port=${primary.port} user=postgres application_name=${name}`,
      recovery_target_timeline: 'latest',
    })
  }

  static async #empty(t: Test): Promise<Cluster> {
    const folder = await mkdtemp(join(tmpdir(), 'dog-school-pg-'))
    const { uid, gid } = ids()
    if (uid) await chown(folder, uid, gid)
    const cluster = new Cluster(folder, await freePort())
    const stop = () => cluster.#server?.kill('SIGQUIT')
    process.once('exit', stop)
    t.teardown(async () => {
      await cluster.stop('immediate')
      process.off('exit', stop)
      await rm(folder, { recursive: true, force: true })
    })
    return cluster
  }

  url(user = 'postgres', database = 'postgres'): string {
    return `postgres://${user}@127.0.0.1:${this.port}/${database}`
  }

  /** Statements on a connection of their own. */
  sql(...statements: readonly string[]): Promise<Record<string, unknown>[]> {
    return sql(this.url(), ...statements)
  }

  /** Runs a program of PostgreSQL as the user whom the server belongs to; resolves with what it writes. */
  async program(name: string, ...given: readonly string[]): Promise<string> {
    const { stdout } = await run(join(bin as string, name), given, {
      ...ids(),
      cwd: this.folder,
      env: { ...process.env, LC_ALL: 'C' },
    })
    return stdout
  }

  /** Settings that hold from the next start on, or after `reload`. */
  async set(settings: Settings): Promise<void> {
    const lines = Object.entries(settings).map(
      ([name, value]) => `${name} = '${String(value).replaceAll("'", "''")}'\n`,
    )
    await appendFile(join(this.folder, 'postgresql.conf'), lines.join(''))
  }

  /** Who is let in, and how: the lines of pg_hba.conf. They hold from the next start on, or after `reload`. */
  async letIn(...lines: readonly string[]): Promise<void> {
    await this.#write('pg_hba.conf', `${lines.join('\n')}\n`)
  }

  /** A session that begins at once may still begin with what was set before. */
  async reload(): Promise<void> {
    await this.program('pg_ctl', 'reload', '-D', this.folder)
  }

  /** Starts the server, and resolves when it lets users in. */
  async start(): Promise<void> {
    this.said = ''
    const server = spawn(join(bin as string, 'postgres'), ['-D', this.folder, '-p', String(this.port)], {
      ...ids(),
      cwd: this.folder,
      env: { ...process.env, LC_ALL: 'C' },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    this.#server = server
    this.#ended = once(server, 'exit')
    await new Promise<void>((resolve, reject) => {
      server.stderr!.setEncoding('utf8').on('data', (text: string) => {
        this.said += text
        if (/ready to accept (read-only )?connections/.test(this.said)) resolve()
      })
      this.#ended.then(() => reject(new Error(`The server did not start:\n${this.said}`)), reject)
    })
  }

  /** Resolves when the server has ended; nothing happens if it does not run. */
  async stop(how: Stop = 'fast'): Promise<void> {
    this.#server?.kill(signals[how])
    await this.#ended
    this.#server = undefined
  }

  async restart(how: Stop = 'fast'): Promise<void> {
    await this.stop(how)
    await this.start()
  }

  /** Holds all its processes, as a machine does that has no time for them; `goOn` lets them go. */
  pause(): void {
    this.#signal('SIGSTOP')
  }

  goOn(): void {
    this.#signal('SIGCONT')
  }

  #signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    const first = this.#server!.pid as number
    const children = execFileSync('ps', ['-o', 'pid=', '--ppid', String(first)], { encoding: 'utf8' })
    for (const pid of [first, ...children.trim().split(/\s+/).map(Number)]) process.kill(pid, signal)
  }

  /** Makes a standby the primary, and resolves when it takes writes. */
  async promote(): Promise<void> {
    await this.program('pg_ctl', 'promote', '-w', '-D', this.folder)
  }

  async #write(name: string, text: string): Promise<void> {
    await writeFile(join(this.folder, name), text)
  }
}
