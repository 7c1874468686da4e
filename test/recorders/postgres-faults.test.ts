/**
 * What goes wrong with a PostgreSQL server is said in our words: what is wrong, with which server and table, and what to
 * do. Nothing that `pg` throws reaches a user, and no password does.
 */
import { inspect } from 'node:util'
import t, { type Test } from 'tap'
import { main as move } from '../../src/cli/move'
import { type PostgresOptions, type PostgresRecorder, postgres } from '../../src/recorders/postgres'
import { row } from '../../src/testing/contract/rows'
import { freePort } from './postgres-cluster'
import { as, fails, secret, using } from './postgres-failing'
import { type Database, database, serverUrl, skip, sql } from './postgres-server'

t.test('an address that is none is refused at once, without what may be a password', async (t) => {
  const bad = ['', 'dog-school', 'http://u:hunter2@h/x', 'postgre://u:hunter2@h/x', 'postgres://u:hun#ter2@h/x']
  for (const address of [
    ...bad,
    'postgres://u:hunter2/@h/x',
    'postgres://u:hunter2@h:99999/x',
    'postgres://u:%hunter2@h/x',
  ])
    try {
      postgres(address)
      t.fail(address)
    } catch (error) {
      t.type(error, TypeError)
      t.match((error as Error).message, /is not the address of a PostgreSQL server: write postgres:/)
      t.notMatch(inspect(error, { showHidden: true }), /hun#?ter2/)
    }
  for (const option of ['schema', 'prefix'])
    t.throws(() => postgres(`postgres://u@h/x?${option}=hunter2`), {
      name: 'TypeError',
      message: new RegExp(`'…@h/x\\?…' names a ${option}, which an address cannot: give postgres\\(\\) the option`),
    })
})

t.test(
  'an address without a database is refused, because pg would use the one that has the name of the user',
  async (t) => {
    const { env } = process
    t.teardown(() => {
      process.env = env
    })
    process.env = { ...env, PGDATABASE: '', PGHOST: '', PGPORT: '' }
    const addresses = [
      'postgres://',
      'postgres://u:hunter2@h:5432',
      'postgresql://u@h/',
      'postgres://u@h?sslmode=disable',
    ]
    for (const address of addresses)
      t.throws(() => postgres(address), {
        name: 'TypeError',
        message:
          /^(?!.*hunter2)'.+' names no database: write postgres:\/\/user:password@host:5432\/database, or set PGDATABASE/,
      })
    const said = t.capture(console, 'error')
    t.equal(await move(['dog-school.db', 'postgres://u@h']), 2)
    t.match(said()[0]?.args, [/^'…@h' names no database/])
    process.env.PGDATABASE = 'dogs'
    t.equal(postgres('postgres://u@h').name, 'postgres://h:5432/dogs', 'it is that of the environment')
    Object.assign(process.env, { PGHOST: 'kennel', PGPORT: '6000' })
    t.equal(postgres('postgres://').name, 'postgres://kennel:6000/dogs')
    t.equal(postgres('postgres://u@h:5433/cats').name, 'postgres://h:5433/cats')
  },
)

t.test('a port that is none is said to be that', async (t) => {
  for (const address of ['postgres://u:hunter2@h:99999/x', 'postgres://u@h:notaport', 'postgres://h:5x/x?host=y'])
    t.throws(() => postgres(address), { name: 'TypeError', message: /database\. The port is a number up to 65535$/ })
  t.throws(() => postgres('postgres://u:hun/ter2@h/x'), { message: /In a password, write/ })
})

t.test('what is no address at all, as that of a variable that is not set', async (t) => {
  const values = [
    [undefined, 'is undefined, as an environment variable is that is not set'],
    [null, 'is null'],
    [{ password: 'hunter2' }, 'is of the type object'],
    [['postgres://u@h/x', undefined], 'is undefined'],
    [[], 'There is no address'],
  ] as const
  for (const [value, said] of values)
    t.throws(() => postgres(value as unknown as string), {
      name: 'TypeError',
      message: new RegExp(`^(?!.*hunter2).*${said}.*: give`),
    })
})

t.test('an option that there is not is named, with those that there are', async (t) => {
  t.throws(() => postgres('postgres://u@h/x', { conections: 3 } as PostgresOptions), {
    name: 'TypeError',
    message:
      'There is no option conections. There are schema, prefix, connections, patience, ssl, poll, replica, readOnly',
  })
})

t.test('options that a timer or a pool would take for others are refused at once', async (t) => {
  for (const options of [
    { patience: Infinity },
    { patience: -1 },
    { patience: Number.NaN },
    { poll: 2 ** 31 },
    { connections: 0 },
    { connections: 1.5 },
  ])
    t.throws(() => postgres(serverUrl, options), { name: 'TypeError', message: Object.keys(options)[0] })
})

t.test('a server that is not there', async (t) => {
  const away = (host: string) => using(`postgres://u:${secret}@${host}/x`, { patience: 0 }, (store) => store.open())
  const port = await freePort()
  await fails(
    t,
    'no server',
    away(`127.0.0.1:${port}`),
    'DATABASE_UNAVAILABLE',
    `postgres://127.0.0.1:${port}/x cannot be reached`,
    'Start the server',
  )
  await fails(
    t,
    'a name nobody has',
    away('no-such-host.invalid'),
    'DATABASE_UNAVAILABLE',
    'no-such-host.invalid',
    'correct its address',
  )
})

t.test('what a server refuses when it is opened', { skip }, async (t) => {
  const elsewhere = new URL(serverUrl)
  elsewhere.pathname = 'no_such_database'
  const open = (url: string, options: PostgresOptions = {}) => using(as(url), options, (store) => store.open())
  await fails(
    t,
    'database',
    open(elsewhere.href),
    'DATABASE_UNAVAILABLE',
    'no_such_database',
    'Make the database (createdb)',
  )
  const nobody = new URL(serverUrl)
  nobody.username = ''
  const { PGUSER, USER } = process.env
  t.teardown(() => Object.assign(process.env, { ...(PGUSER && { PGUSER }), ...(USER && { USER }) }))
  delete process.env.PGUSER
  delete process.env.USER
  await fails(
    t,
    'user',
    using(nobody.href, {}, (store) => store.open()),
    'DATABASE_UNAVAILABLE',
    'Write the right user and',
  )
  await fails(
    t,
    'TLS',
    open(serverUrl, { ssl: true }),
    'DATABASE_UNAVAILABLE',
    /SSL|certificate/,
    /turn on TLS there|ssl: \{ ca \}/,
  )
})

const events = (changed = '', rest = ', PRIMARY KEY (originator_id, originator_version)') => {
  const columns = new Map([
    ['originator_id', 'text'],
    ['originator_version', 'bigint'],
    ['topic', 'text'],
    ['state', 'bytea'],
    ['notification_id', 'bigserial'],
  ])
  const [name, type] = changed.split(':')
  if (name) columns.set(name, type!)
  return `CREATE TABLE stored_events (${[...columns].map((each) => each.join(' ')).join(', ')}${rest})`
}

/** What may stand in place of our tables, and what is said of it. */
const shapes: Readonly<Record<string, readonly [make: string, said: string]>> = {
  'other columns': ['CREATE TABLE stored_events (id int)', 'has no columns originator_id, originator_version, topic'],
  'a view': ['CREATE VIEW stored_events AS SELECT 1', 'it is a view'],
  'a sequence': ['CREATE SEQUENCE stored_events', 'it is a sequence'],
  'ids that are numbers': [events('originator_id:int'), 'originator_id is integer, not text'],
  'versions that are text': [events('originator_version:text'), 'originator_version is text, not bigint'],
  'states that are text': [events('state:text'), 'state is text, not bytea'],
  'positions that are given': [events('notification_id:bigint'), 'notification_id must be a bigserial'],
  'positions that cannot be given': [
    events('notification_id:bigint GENERATED ALWAYS AS IDENTITY'),
    'notification_id is GENERATED ALWAYS',
  ],
  'a column that must be given': [events('owner:text NOT NULL'), 'its column owner must be given'],
  'no key': [events('', ''), 'it has no PRIMARY KEY (originator_id, originator_version)'],
  'a key of other columns': [events('', ', PRIMARY KEY (originator_id)'), 'it has no PRIMARY KEY'],
  'another table of tags': ['CREATE TABLE stored_tags (id int)', 'stored_tags of'],
  'another table of flushes': ['CREATE TABLE stored_flushes (id int)', 'it has no columns writer, flush'],
  'another table of logs': ['CREATE TABLE stored_log (version text, log_id text)', 'its column version is text'],
}

t.test('tables that are not those of a store are refused, and nothing is made beside them', { skip }, async (t) => {
  const { url } = await database(t)
  let made = 0
  for (const [name, [make, said]] of Object.entries(shapes)) {
    const schema = `shape_${++made}`
    const list = `SELECT relname FROM pg_class WHERE relnamespace = '${schema}'::regnamespace ORDER BY 1`
    const before = await sql(url, `CREATE SCHEMA ${schema}; SET search_path = ${schema}`, make, list)
    const opened = using(as(url), { schema }, (store) => store.open())
    await fails(t, name, opened, 'NOT_A_DATABASE', said, `${schema}.`, 'another schema or prefix', /postgres:\/\/\S+\d/)
    if (name !== 'positions that are given') t.strictSame(await sql(url, list), before, `${name}: nothing is left`)
  }
})

t.test('tables of which something was changed or lost since', { skip }, async (t) => {
  const own = await database(t)
  const open = (prefix: string) =>
    using(as(own.url), { prefix }, async (store) => {
      await store.append([{ ...row('fido', 1), version: 0, tags: ['brown'] }])
      return (await store.read([{ tags: ['brown'] }])).length
    })
  await open('lost')
  await sql(own.url, 'DROP TABLE lost_tags, lost_views')
  await fails(
    t,
    'lost',
    open('lost'),
    'NOT_A_DATABASE',
    'no public.lost_tags, no public.lost_views any more',
    'from a backup',
  )
  await open('newer')
  await sql(own.url, 'UPDATE newer_log SET version = 99')
  await fails(
    t,
    'newer',
    open('newer'),
    'NEWER_SCHEMA',
    'newer_events',
    'schema 99, this one knows 1',
    'update dog-school',
  )
  await open('bare')
  await sql(
    own.url,
    `DO $$ DECLARE f regprocedure; BEGIN
    FOR f IN SELECT oid FROM pg_proc WHERE proname LIKE 'bare%' LOOP EXECUTE 'DROP FUNCTION ' || f || ' CASCADE'; END LOOP; END $$`,
  )
  t.equal(await open('bare'), 2, 'functions, which a dump of the tables alone leaves out, are made again')
})

t.test('functions that are those of other tables, or of another version, are made anew', { skip }, async (t) => {
  const { url } = await database(t)
  const append = (schema: string, id: string) =>
    using(url, { schema }, async (store) => {
      await store.append([row(id, 1)])
      return (await store.notifications()).map(({ aggregateId }) => aggregateId)
    })
  await append('kennel', 'fido')
  await sql(url, 'ALTER SCHEMA kennel RENAME TO zoo')
  t.strictSame(await append('kennel', 'rex'), ['rex'])
  t.strictSame(await append('zoo', 'leo'), ['fido', 'leo'], 'not in the schema that has the name now')
  await sql(url, 'DROP FUNCTION zoo.stored_final(); CREATE FUNCTION zoo.stored_append() RETURNS int RETURN 1')
  t.strictSame(await append('zoo', 'max'), ['fido', 'leo', 'max'], 'one that is missing, and one of another version')
  const user = `dog_school_${process.pid}_visitor`
  await sql(serverUrl, `CREATE ROLE ${user} LOGIN PASSWORD '${secret}'`)
  t.teardown(() => sql(serverUrl, `DROP ROLE ${user}`))
  await sql(url, `GRANT USAGE ON SCHEMA zoo TO ${user}; GRANT SELECT ON ALL TABLES IN SCHEMA zoo TO ${user}`)
  const visit = () => using(as(url, user), { schema: 'zoo' }, (store) => store.notifications())
  t.equal((await visit()).length, 3)
  await sql(url, 'DROP FUNCTION zoo.stored_final()')
  await fails(t, 'a visitor', visit(), 'READ_ONLY', 'functions of another version', 'open it once as their owner')
  const look = using(as(url), { schema: 'zoo', readOnly: true }, (store) => store.open())
  await fails(
    t,
    'their owner',
    look,
    'READ_ONLY',
    'functions of another version',
    'open for reading only: open it once to',
  )
  await sql(url, `DROP OWNED BY ${user}`)
})

t.test('what has no room in an index is refused, and nobody who comes at the same time', { skip }, async (t) => {
  const { url } = await database(t)
  const long = Array.from({ length: 1500 }, (_, at) => String.fromCodePoint(0x4e00 + at)).join('')
  await using(url, {}, async (store) => {
    const others = [row(long, 1), { ...row('rex', 1), topic: long }, { ...row('luna', 1), tags: [long] }]
    const all = await Promise.allSettled([...others, row('fido', 1)].map((each) => store.append([each])))
    for (const each of all.slice(0, 3)) t.match(each, { reason: { name: 'TypeError', message: 'has 4500 bytes' } })
    t.match(all[3], { value: [1] })
    await store.append([{ ...row(long.slice(0, 333), 1), topic: long.slice(0, 333), tags: [long.slice(0, 333)] }])
  })
})

t.test('a sequence that is behind the log gives no position again', { skip }, async (t) => {
  const { url } = await database(t)
  const append = (id: string) => using(as(url), {}, (store) => store.append([row(id, 1), row(id, 2)]))
  await append('fido')
  await sql(url, 'DELETE FROM stored_events WHERE notification_id = 1')
  await sql(url, "SELECT setval('stored_events_notification_id_seq', 1, false)")
  await fails(t, 'behind', append('rex'), 'NOT_A_DATABASE', 'goes up to 2', /SELECT setval\('.*', 2\)/)
  await sql(url, "SELECT setval('stored_events_notification_id_seq', 2)")
  t.strictSame(await append('rex'), [3, 4])
})

t.test('a database that is dropped, and made anew or restored, under who has it open', { skip }, async (t) => {
  for (const [what, how] of [
    ['this log, and with another one', 'anew'],
    ['events whose recording was acknowledged here', 'restored'],
    ['the event at position 1', 'restored'],
  ] as const) {
    const { url } = await database(t)
    const name = new URL(url).pathname.slice(1)
    const [opened, other] = [postgres(as(url), { patience: 5000 }), postgres(as(url))]
    t.teardown(() => Promise.all([opened.close(), other.close()]))
    await opened.open()
    if (how === 'restored') {
      await sql(serverUrl, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`)
      await sql(serverUrl, `CREATE DATABASE ${name}_backup TEMPLATE ${name}`)
      t.teardown(() => sql(serverUrl, `DROP DATABASE IF EXISTS ${name}_backup WITH (FORCE)`))
    }
    if (what.includes('acknowledged')) await opened.append([row('fido', 1)])
    else await other.append([row('fido', 1)])
    if (what.includes('position')) t.equal((await opened.notifications()).length, 1)
    await other.close()
    await sql(serverUrl, `DROP DATABASE ${name} WITH (FORCE)`)
    if (how === 'anew') {
      await sql(serverUrl, `CREATE DATABASE ${name}`)
      await using(url, {}, (store) => store.open())
    } else await sql(serverUrl, `ALTER DATABASE ${name}_backup RENAME TO ${name}`)
    await fails(t, what, opened.append([row('rex', 1)]), 'LOG_CHANGED', `come back without ${what}`)
    await fails(
      t,
      what,
      opened.maxNotificationId(),
      'LOG_CHANGED',
      'a backup was restored, or the database was dropped',
    )
  }
})

t.test('a database whose encoding has not all characters is refused', { skip }, async (t) => {
  for (const [encoding, isRefused] of [
    ['LATIN1', true],
    ['SQL_ASCII', false],
  ] as const) {
    const name = `dog_school_${process.pid}_${encoding.toLowerCase()}`
    await sql(serverUrl, `CREATE DATABASE ${name} ENCODING '${encoding}' LOCALE 'C' TEMPLATE template0`)
    t.teardown(() => sql(serverUrl, `DROP DATABASE ${name} WITH (FORCE)`))
    const url = new URL(serverUrl)
    url.pathname = name
    const text = { ...row('犬', 1, '"🐕"'), tags: ['é'] }
    const recorded = using(as(url.href), {}, async (store) => {
      await store.append([text])
      return store.read([{ tags: ['é'] }], { tagged: true })
    })
    if (isRefused) await fails(t, encoding, recorded, 'NOT_A_DATABASE', encoding, "ENCODING 'UTF8'")
    else t.match(await recorded, [text])
  }
})

t.test('where NULL is a text, nothing is recorded', { skip }, async (t) => {
  const { url } = await database(t)
  const name = new URL(url).pathname.slice(1)
  await using(as(url), {}, async (store) => {
    await store.open()
    await sql(url, `ALTER DATABASE ${name} SET array_nulls = off`)
    await sql(serverUrl, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`)
    await fails(t, 'since', store.append([row('fido', 1)]), 'NOT_A_DATABASE', '"NULL"', 'SET array_nulls = on')
  })
  const opened = using(as(url), {}, (store) => store.open())
  await fails(t, 'before', opened, 'NOT_A_DATABASE', 'takes NULL in arrays for a text', 'SET array_nulls = on')
})

t.test('users who may not do everything', { skip }, async (t) => {
  const own = await database(t)
  const [reader, writer, nobody] = ['reader', 'writer', 'nobody'].map((name) => `dog_school_${process.pid}_${name}`)
  // Databases are dropped first, and what users may do in them with them.
  for (const user of [reader, writer, nobody]) {
    await sql(serverUrl, `CREATE ROLE ${user} LOGIN PASSWORD '${secret}'`)
    t.teardown(() => sql(serverUrl, `DROP ROLE ${user}`))
  }
  await t.test('in a database', (t) => rights(t, own, { reader: reader!, writer: writer!, nobody: nobody! }))
  await sql(own.url, `DROP OWNED BY ${reader}, ${writer}, ${nobody}`)
})

async function rights(t: Test, own: Database, users: Record<'reader' | 'writer' | 'nobody', string>) {
  const { reader, writer, nobody } = users
  const whoever = (user: string, work: (store: PostgresRecorder) => Promise<unknown>) =>
    using(as(own.url, user), {}, work)
  const opened = whoever(nobody, (store) => store.open())
  await fails(
    t,
    'no CREATE',
    opened,
    'READ_ONLY',
    'schema public, and this user may not make them',
    'open it once as one who may',
  )
  const owner = await own.empty()
  await owner.append([{ ...row('fido', 1), tags: ['brown'] }])
  await sql(
    own.url,
    `GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${reader}`,
    `GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${writer}`,
    `GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO ${writer}`,
  )
  await fails(
    t,
    'no rights',
    whoever(nobody, (store) => store.select('fido')),
    'READ_ONLY',
    'GRANT USAGE ON SCHEMA, and SELECT on the tables',
  )

  const change = {
    view: 'v',
    after: 0,
    position: 1,
    logId: 'x',
    form: 'f',
    build: 'b',
    rows: [['k', 'v']] as [string, string][],
  }
  await whoever(reader, async (store) => {
    t.equal((await store.notifications()).length, 1, 'who may read follows')
    t.equal((await store.read([{ tags: ['brown'] }])).length, 1)
    t.equal(await store.maxNotificationId(), 1)
    t.equal(await store.viewState('v'), undefined)
    const woken = new Promise<void>((resolve) => t.teardown(store.watch(resolve)))
    await owner.append([row('fido', 2)])
    await woken
    const writes = {
      append: () => store.append([row('fido', 3)]),
      saveSnapshot: () => store.saveSnapshot(row('fido', 2)),
      saveView: () => store.saveView(change),
    }
    for (const [name, write] of Object.entries(writes))
      await fails(
        t,
        name,
        write(),
        'READ_ONLY',
        'permission denied for table stored_',
        'INSERT, UPDATE, DELETE and USAGE of the sequences',
      )
  })
  await whoever(writer, async (store) => {
    await store.append([row('fido', 3)])
    await store.saveView(change)
    await store.saveSnapshot(row('fido', 3))
    t.equal((await store.notifications()).length, 3, 'who may write needs not own the tables')
  })
  await sql(own.url, `ALTER ROLE ${writer} SET default_transaction_read_only = on`)
  await fails(
    t,
    'read only',
    whoever(writer, (store) => store.append([row('fido', 4)])),
    'READ_ONLY',
    'read-only transaction',
  )
  t.equal(((await whoever(writer, (store) => store.notifications())) as unknown[]).length, 3)
  await owner.close()
}
