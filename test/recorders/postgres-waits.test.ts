/**
 * Appends to a PostgreSQL server that has to be waited for, or that refuses: because of locks, of limits, and of what
 * others do in the same moment.
 */
import { Client } from 'pg'
import t, { type Test } from 'tap'
import { EventSourcingError } from '../../src/errors'
import type { PostgresRecorder } from '../../src/recorders/postgres'
import { row } from '../../src/testing/contract/rows'
import { as, fails, using } from './postgres-failing'
import { type Database, database, patiently, skip, sql } from './postgres-server'
import { Wire } from './postgres-wire'

const codes =
  '08006 0A000 22001 23502 23505 23514 25P03 28000 40001 40P01 42501 42P01 42883 53100 53200 53300 54000 55000 55P03 57014 57P01 58030 P0001 XX000 XX001 ZZ999'.split(
    ' ',
  )

type Tested = (t: Test, own: Database) => Promise<void>

const tests: Readonly<Record<string, Tested>> = {
  async 'whatever a server answers is said in our words, and the next append goes on'(t, own) {
    const { url } = own
    const store = await faulty(
      t,
      own,
      `SELECT fault.code INTO code FROM fault; IF code IS NOT NULL THEN RAISE EXCEPTION 'it is %', code USING ERRCODE = code; END IF;`,
    )
    for (const code of codes) {
      await sql(url, `INSERT INTO fault VALUES ('${code}')`)
      const error = await store.append([row(code, 1)]).catch((error) => error)
      t.ok(error instanceof EventSourcingError && error.message.startsWith('postgres://'), error.constructor.name)
      t.match(error.message, new RegExp(`it is ${code}. [A-Z]`))
      await sql(url, 'DELETE FROM fault')
      await store.append([row(code, 1)])
    }
    t.equal((await store.notifications()).length, codes.length)
  },

  async 'a rule of somebody else is told of, without the event that breaks it'(t, own) {
    const store = await own.empty()
    await sql(own.url, "ALTER TABLE stored_events ADD CONSTRAINT quiet CHECK (state <> 'secret')")
    t.teardown(() => sql(own.url, 'ALTER TABLE stored_events DROP CONSTRAINT quiet'))
    const error = await store.append([row('fido', 1, 'secret')]).catch((error) => error)
    t.match(error, { code: 'NOT_A_DATABASE', message: /"quiet".*drop it/ })
    t.notMatch(error.message, /fido|secret|736563726574/)
    await store.close()
  },

  async 'what others were in the way of is tried again'(t, own) {
    for (const code of ['40001', '40P01']) {
      const fault = `IF nextval('tries') % 4 <> 0 THEN RAISE EXCEPTION USING ERRCODE = '${code}'; END IF;`
      const store = await faulty(t, own, fault)
      await Promise.all(['fido', 'rex'].map((id) => store.append([row(id, 1)])))
      t.equal((await store.notifications()).length, 2, code)
    }
  },

  async 'a deadlock is undone, and the append made'(t, own) {
    const { url } = own
    // The append is the last to wait, and so the one to be undone.
    const last = `IF nextval('tries') = 1 THEN
    WHILE NOT EXISTS (SELECT FROM pg_locks WHERE relation = 'stored_events'::regclass AND NOT granted) LOOP PERFORM pg_sleep(0.001); END LOOP;
    LOCK TABLE fault;
  END IF;`
    await faulty(t, own, last)
    await set(t, own, "deadlock_timeout = '5ms'")
    const other = await somebodyElse(t, url)
    await other.query("SET deadlock_timeout = '1min'; BEGIN; LOCK TABLE fault")
    await using(url, {}, async (store) => {
      const appended = store.append([row('fido', 1)])
      while ((await sql(url, 'SELECT FROM tries WHERE is_called')).length === 0);
      await other.query('LOCK TABLE stored_events')
      await other.query('COMMIT')
      await appended
      t.equal((await store.select('fido')).length, 1)
    })
  },

  async 'a lock that another program holds'(t, own) {
    const { url } = own
    const { store, other } = await locked(t, own)
    const [wait] = await sql(
      url,
      "SELECT split_part(proconfig[1], '=', 2) AS usual FROM pg_proc WHERE proname = 'stored_append'",
    )
    await sql(url, "ALTER FUNCTION stored_append SET lock_timeout = '50ms'")
    t.teardown(() => sql(url, `ALTER FUNCTION stored_append SET lock_timeout = '${wait!.usual}'`))
    const { pid } = (await other.query('SELECT pg_backend_pid() AS pid')).rows[0]
    const holder = new RegExp(
      `Process ${pid} of \\S+ \\(the vet\\) holds .*stored_events, idle in transaction for \\d+ s`,
    )
    const said = [holder, 'pg_terminate_backend', 'Nothing was recorded']

    await using(as(url), { patience: 300 }, async (reader) => {
      await patiently(() => reader.open())
      await other.query('BEGIN; LOCK TABLE stored_events')
      await fails(t, 'append', store.append([row('fido', 1)]), 'DATABASE_LOCKED', ...said)
      await fails(t, 'select', reader.select('fido'), 'DATABASE_LOCKED', holder)
      await fails(t, 'notifications', reader.notifications(), 'DATABASE_LOCKED', holder)
    })
    await other.query('ROLLBACK')
    await other.query("BEGIN; INSERT INTO stored_events VALUES ('fido', 1, 'topic', '{}')")
    await fails(t, 'the same version', store.append([row('fido', 1)]), 'DATABASE_LOCKED', ...said)
    await store.append([row('rex', 1)])
    await other.query('COMMIT')
    await t.rejects(store.append([row('fido', 1)]), { code: 'VERSION_CONFLICT' })
  },

  async 'a read whose connection is cut again and again'(t, own) {
    const { store, other } = await locked(t, own)
    await other.query('BEGIN; LOCK TABLE stored_events')
    const read = store.select('fido')
    const cut = new Set<unknown>()
    while (cut.size < 3)
      for (const { pid } of await sql(
        own.url,
        "SELECT pid, pg_terminate_backend(pid) FROM pg_locks WHERE relation = 'stored_events'::regclass AND NOT granted",
      ))
        cut.add(pid)
    await other.query('COMMIT')
    t.strictSame(await read, [], 'is made again')
  },

  async 'a session that ends after its disk was full'(t, own) {
    const full = `IF nextval('tries') = 1 THEN LOCK TABLE fault; RAISE EXCEPTION 'it is full' USING ERRCODE = '53100'; END IF;`
    await (await faulty(t, own, full)).close()
    const other = await somebodyElse(t, own.url)
    await other.query('BEGIN; LOCK TABLE fault')
    const wire = await Wire.to(t, Number(new URL(own.url).port || 5432))
    await using(wire.url(own.url), {}, async (store) => {
      const appended = store.append([row('fido', 1)])
      const waits = "SELECT FROM pg_locks WHERE relation = 'fault'::regclass AND NOT granted"
      while ((await sql(own.url, waits)).length === 0);
      const cut = wire.cutAfter('client', 0)
      await other.query('COMMIT')
      await appended
      await cut
      t.equal((await store.select('fido')).length, 1, 'may have recorded it, so that it is asked')
    })
  },

  async 'what is slower than the user may be'(t, own) {
    const { url } = own
    const { other } = await locked(t, own)
    await set(t, own, "statement_timeout = '1s'")
    await other.query('SET statement_timeout = 0; BEGIN; LOCK TABLE stored_events')
    const appended = using(as(url), {}, (store) => store.append([row('fido', 1)]))
    await fails(
      t,
      'append',
      appended,
      'DATABASE_LOCKED',
      'statement timeout',
      '(the vet) holds',
      'Raise statement_timeout',
    )
  },

  async 'more at a time than there are connections'(t, own) {
    const { url } = own
    const { other } = await locked(t, own)
    await using(as(url), { connections: 1, patience: 200 }, async (store) => {
      await patiently(() => store.open())
      await other.query('BEGIN; LOCK TABLE stored_states')
      const held = store.snapshot('fido')
      const failed = fails(
        t,
        'full',
        store.select('fido'),
        'DATABASE_UNAVAILABLE',
        'all 1 are in use',
        'Raise the option connections',
      )
      await Promise.allSettled([held, failed])
      await other.query('ROLLBACK')
      t.strictSame(await patiently(() => store.select('fido')), [])
    })
  },

  async 'a follower leaves connections to others while it waits for a lock'(t, own) {
    const { url } = own
    const { other } = await locked(t, own)
    await using(as(url), { connections: 3, poll: 1 }, async (store) => {
      await store.open()
      await other.query('BEGIN; LOCK TABLE stored_events')
      t.teardown(store.watch(() => {}))
      const waiting =
        "SELECT FROM pg_locks WHERE relation = 'stored_events'::regclass AND NOT granted HAVING count(*) > 1"
      while ((await sql(url, waiting)).length === 0);
      for (let version = 1; version <= 20; version++) await store.saveSnapshot(row('fido', version))
      await other.query('ROLLBACK')
      t.equal((await store.snapshot('fido'))?.version, 20)
    })
  },

  async 'a user whose settings would make answers wrong'(t, own) {
    await (await own.empty()).close()
    await set(t, own, "bytea_output = 'escape'")
    await using(own.url, {}, async (store) => {
      const state = new Uint8Array([0, 255, 92, 120])
      await store.append([{ ...row('fido', 1), state }])
      t.strictSame((await store.select('fido', { as: 'bytes' }))[0]!.state, state)
      t.strictSame((await store.query("SELECT 'AB'::bytea")).rows, [[Uint8Array.of(65, 66)]])
    })
    await set(t, own, 'quote_all_identifiers = on')
    await using(own.url, {}, (store) => store.open())
    await set(t, own, "plpgsql.extra_errors = 'all'")
    await using(own.url, { prefix: 'strict' }, (store) => store.append([row('fido', 1)]))
    await set(t, own, "default_transaction_isolation = 'repeatable read'")
    const appended = using(as(own.url), {}, (store) => store.append([row('fido', 2)]))
    await fails(
      t,
      'isolation',
      appended,
      'NOT_A_DATABASE',
      'repeatable read',
      "SET default_transaction_isolation = 'read committed'",
    )
  },
}

t.test('on a server', { skip }, async (t) => {
  const own = await database(t)
  for (const [name, test] of Object.entries(tests)) await t.test(name, (t) => test(t, own))
})

/** A store whose appends do what a trigger does first. */
async function faulty(t: Test, own: Database, body: string): Promise<PostgresRecorder> {
  const store = await own.empty()
  t.teardown(async () => {
    await store.close()
    await sql(own.url, 'DROP TRIGGER IF EXISTS fail ON stored_events')
  })
  await sql(
    own.url,
    'CREATE TABLE IF NOT EXISTS fault (code text)',
    'DROP SEQUENCE IF EXISTS tries; CREATE SEQUENCE tries',
    `CREATE OR REPLACE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE code text; BEGIN ${body} RETURN NULL; END $$`,
    'CREATE OR REPLACE TRIGGER fail BEFORE INSERT ON stored_events FOR EACH STATEMENT EXECUTE FUNCTION fail()',
  )
  return store
}

/** A store, and a session of somebody else's. */
async function locked(t: Test, own: Database) {
  const store = await own.empty()
  t.teardown(() => store.close())
  return { store, other: await somebodyElse(t, own.url) }
}

/** A setting of the database, for as long as the test takes. */
async function set(t: Test, { url }: Database, setting: string): Promise<void> {
  const name = new URL(url).pathname.slice(1)
  await sql(url, `ALTER DATABASE ${name} SET ${setting}`)
  t.teardown(() => sql(url, `ALTER DATABASE ${name} RESET ALL`))
}

async function somebodyElse(t: Test, url: string): Promise<Client> {
  const other = new Client({ connectionString: url, application_name: 'the vet' })
  await other.connect()
  t.teardown(() => other.end())
  return other
}
