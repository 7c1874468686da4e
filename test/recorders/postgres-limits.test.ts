/**
 * Servers that are set up as the shared one of the tests cannot be: with passwords and TLS, with few connections, with a
 * small disk, and behind a pooler.
 */
import { execFile, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, chown, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { recorderContract } from 'dog-school/testing'
import { Client } from 'pg'
import t, { type Test } from 'tap'
import { type PostgresOptions, postgres } from '../../src/recorders/postgres'
import { row, rows } from '../../src/testing/contract/rows'
import { Cluster, freePort, skipCluster } from './postgres-cluster'
import { as, fails, secret, using } from './postgres-failing'

const run = promisify(execFile)
const isLong = process.env.DOG_SCHOOL_LONG === '1'

function has(program: string): boolean {
  try {
    execFileSync('which', [program])
    return true
  } catch {
    return false
  }
}

t.test('a server of our own', { skip: skipCluster }, async (t) => {
  const cluster = await Cluster.start(t, { max_connections: 12, superuser_reserved_connections: 3 })
  await cluster.sql(`CREATE ROLE teacher LOGIN PASSWORD '${secret}'`, 'CREATE DATABASE school OWNER teacher')
  await t.test('passwords', (t) => passwords(t, cluster))
  await t.test('few connections', (t) => few(t, cluster))
  await t.test('TLS', { skip: has('openssl') ? false : 'it needs openssl' }, (t) => tls(t, cluster))
  await t.test(
    'a pooler',
    { skip: has('pgbouncer') || process.env.CI === 'true' ? false : 'it needs pgbouncer' },
    (t) => pooler(t, cluster),
  )
  // This stops the server.
  await t.test(
    'a small disk',
    { skip: process.getuid?.() === 0 && has('mount') ? false : 'only root can make one' },
    (t) => disk(t, cluster),
  )
})

async function passwords(t: Test, cluster: Cluster): Promise<void> {
  const url = cluster.url('teacher', 'school')
  await cluster.letIn('host all teacher 127.0.0.1/32 scram-sha-256', 'host all all 127.0.0.1/32 trust')
  await cluster.restart()
  const open = (url: string) => using(url, { patience: 5000 }, (store) => store.open())
  await open(as(url))
  const wrong = open(as(url).replace(secret, `${secret}x`))
  await fails(
    t,
    'wrong',
    wrong,
    'DATABASE_UNAVAILABLE',
    'password authentication failed for user "teacher"',
    'Write the right user and password in its address (postgres://USER:PASSWORD@…)',
  )
  await fails(t, 'none', open(url), 'DATABASE_UNAVAILABLE', 'Put the right password in its address')
  await cluster.letIn('host all all 127.0.0.1/32 trust')
  await cluster.restart()
}

async function few(t: Test, cluster: Cluster): Promise<void> {
  const url = as(cluster.url('teacher', 'school'))
  const held: Client[] = []
  const hold = async () => {
    const client = new Client({ connectionString: url })
    client.on('error', () => {})
    await client.connect()
    held.push(client)
  }
  while (
    await hold().then(
      () => true,
      () => false,
    )
  );
  t.teardown(() => Promise.all(held.map((each) => each.end())))
  const append = (patience: number, id: string) => using(url, { patience }, (store) => store.append([row(id, 1)]))
  await fails(t, 'full', append(0, 'fido'), 'DATABASE_UNAVAILABLE', 'max_connections', 'Nothing was recorded')
  const refused = () => cluster.said.split('FATAL').length
  const before = refused()
  const waiting = append(30_000, 'rex')
  while (refused() === before) await new Promise((resolve) => setTimeout(resolve, 1))
  await held.pop()!.end()
  await waiting
  t.pass('one that becomes free is waited for')
}

async function tls(t: Test, cluster: Cluster): Promise<void> {
  const [key, certificate] = ['server.key', 'server.crt'].map((name) => join(cluster.folder, name)) as [string, string]
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1']
  await run('openssl', [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-keyout',
    key,
    '-out',
    certificate,
    ...subject,
  ])
  await chmod(key, 0o600)
  const { uid, gid } = await stat(cluster.folder)
  await chown(key, uid, gid)
  await cluster.set({ ssl: 'on' })
  await cluster.letIn('hostssl all teacher 127.0.0.1/32 trust', 'host all postgres 127.0.0.1/32 trust')
  await cluster.restart()
  const url = as(cluster.url('teacher', 'school'))
  const open = (ssl?: boolean | { ca: string }) => using(url, { patience: 5000, ssl }, (store) => store.open())
  await fails(t, 'without', open(), 'DATABASE_UNAVAILABLE', 'no encryption', '?sslmode=verify-full')
  await fails(
    t,
    'signed by nobody',
    open(true),
    'DATABASE_UNAVAILABLE',
    'self-signed certificate',
    'sslrootcert=FILE',
    'ssl: { ca }',
  )
  await open({ ca: await readFile(certificate, 'utf8') })
  await using(`${url}?sslmode=verify-full&sslrootcert=${certificate}`, { patience: 5000 }, (store) => store.open())
  await cluster.set({ ssl: 'off' })
  await cluster.letIn('host all all 127.0.0.1/32 trust')
  await cluster.restart()
  await fails(t, 'not there', open(true), 'DATABASE_UNAVAILABLE', 'does not support SSL', 'Leave out the option ssl')
}

/** A table of events on a disk of its own, of half a megabyte. */
async function disk(t: Test, cluster: Cluster): Promise<void> {
  const small = join(cluster.folder, 'small')
  await mkdir(small)
  const { uid, gid } = await stat(cluster.folder)
  await run('mount', ['-t', 'tmpfs', '-o', `size=512k,uid=${uid},gid=${gid},mode=0700`, 'tmpfs', small])
  t.teardown(async () => {
    await cluster.stop('immediate')
    await run('umount', [small])
  })
  await cluster.sql('CREATE DATABASE small')
  await cluster.sql(`CREATE TABLESPACE small LOCATION '${small}'`)
  const url = as(cluster.url('postgres', 'small'))
  const store = postgres(url)
  t.teardown(() => store.close())
  await store.open()
  const client = new Client({ connectionString: url })
  await client.connect()
  await client.query('ALTER TABLE stored_events SET TABLESPACE small')
  await client.end()
  let many = 0
  const state = `"${'x'.repeat(1500)}"`
  const append = () => store.append(rows('fido', many + 1, many + 10).map((each) => ({ ...each, state })))
  const full = (async () => {
    for (;;) {
      await append()
      many += 10
    }
  })()
  await fails(
    t,
    'full',
    full,
    'STORAGE',
    'No space left on device',
    'Make room on the disk of the server',
    'Nothing was recorded',
  )
  t.equal((await store.select('fido')).length, many, 'what was acknowledged is there')
  await run('mount', ['-o', 'remount,size=2m', small])
  await append()
  t.equal((await store.select('fido')).length, many + 10, 'and when there is room again, it goes on')
}

/** PgBouncer in transaction mode, with two connections to the server for all. */
async function pooler(t: Test, cluster: Cluster): Promise<void> {
  const port = await freePort()
  const folder = await mkdtemp(join(tmpdir(), 'dog-school-pooler-'))
  t.teardown(() => rm(folder, { recursive: true }))
  const lines = [
    '[databases]',
    `* = host=127.0.0.1 port=${cluster.port} user=teacher`,
    '[pgbouncer]',
    'listen_addr = 127.0.0.1',
    `listen_port = ${port}`,
    'unix_socket_dir =',
    'auth_type = any',
    'pool_mode = transaction',
    'default_pool_size = 2',
    'server_login_retry = 0',
    'ignore_startup_parameters = options',
    'logfile =',
    'pidfile =',
  ]
  await writeFile(join(folder, 'ini'), `${lines.join('\n')}\n`)
  await chmod(folder, 0o755)
  const { uid, gid } = await stat(cluster.folder)
  const owner = uid === process.getuid?.() ? {} : { uid, gid }
  const bouncer = spawn('pgbouncer', [join(folder, 'ini')], { ...owner, stdio: ['ignore', 'ignore', 'pipe'] })
  t.teardown(async () => {
    const ended = once(bouncer, 'exit')
    bouncer.kill('SIGKILL')
    await ended
  })
  await new Promise<void>((resolve) => {
    bouncer.stderr.setEncoding('utf8').on('data', (text: string) => /process up/.test(text) && resolve())
  })

  const url = as(cluster.url('teacher', 'school').replace(String(cluster.port), String(port)))
  let made = 0
  const open = (options: PostgresOptions = {}) => postgres(url, { prefix: `pooled_${++made}`, ...options })
  if (isLong) for (const { name, run } of recorderContract(async () => open())) await t.test(name, run)

  const reader = using(url, { readOnly: true }, (store) => store.open())
  await fails(
    t,
    'reading only',
    reader,
    'DATABASE_UNAVAILABLE',
    'a pooler stands between, and does not pass on options',
  )

  const stores = [open(), open({ prefix: `pooled_${made}`, poll: 20 })] as const
  t.teardown(() => Promise.all(stores.map((each) => each.close())))
  await stores[0].open()
  const woken = new Promise<void>((resolve) => t.teardown(stores[1].watch(resolve)))
  const ids = Array.from({ length: 16 }, (_, at) => `dog-${at}`)
  const save = (version: number) =>
    Promise.all(ids.map((id, at) => stores[at % 2]!.append([{ ...row(id, version), tags: [id] }])))
  await save(1)
  await woken
  const saved = save(2)
  await cluster.restart('immediate')
  await saved
  const events = await stores[1].notifications()
  t.strictSame(
    events.map(({ aggregateId, version }) => `${aggregateId} ${version}`).sort(),
    ids.flatMap((id) => [`${id} 1`, `${id} 2`]).sort(),
  )
  await t.rejects(stores[0].append([row('rex', 1)], { failIfEventsMatch: [{ tags: ['dog-3'] }] }), {
    code: 'BOUNDARY_CONFLICT',
  })
}
