/** What a person may ask of a PostgreSQL store in SQL, how it is, and opening it for reading only. */
import * as fc from 'fast-check'
import t from 'tap'
import { ReadOnlyError } from '../../src/errors'
import { postgres } from '../../src/recorders/postgres'
import { row } from '../../src/testing/contract/rows'
import { database, skip, sql } from './postgres-server'
import { Wire } from './postgres-wire'

const isLong = process.env.DOG_SCHOOL_LONG === '1'

const change = "INSERT INTO stored_events (originator_id, originator_version, topic) VALUES ('new', 1, 't')"
/** Ways to write something, alone or around another statement. */
const ways = [
  (each: string) => each,
  (each: string) => `COMMIT; ${each}`,
  (each: string) => `${each}; COMMIT`,
  (each: string) => `SET TRANSACTION READ WRITE; ${each}`,
  (each: string) => `DO $$ BEGIN ${each}; END $$`,
  (each: string) => `DO $$ BEGIN COMMIT; ${each}; END $$`,
  (each: string) => `WITH done AS (${each} RETURNING 1) SELECT * FROM done`,
  (each: string) => `EXPLAIN ANALYZE ${each}`,
  (each: string) => `PREPARE it AS ${each}`,
  () => 'EXECUTE it',
  () => 'COMMIT',
  () => 'BEGIN READ WRITE',
  () => 'SET default_transaction_read_only = off',
  () => 'SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE',
  () => "SELECT set_config('transaction_read_only', 'off', false)",
  () => "SELECT nextval('stored_events_notification_id_seq')",
  () => 'TRUNCATE stored_events',
  () => 'CREATE TABLE mine (a int)',
  () => 'SELECT 1',
]

t.test('on a server', { skip }, async (t) => {
  const { url, empty } = await database(t)
  const store = await empty()
  t.teardown(() => store.close())
  await store.append([row('fido', 1), row('fido', 2)])
  const state = async () =>
    JSON.stringify(
      await sql(
        url,
        `SELECT (SELECT json_agg(its) FROM stored_events AS its), (SELECT last_value FROM stored_events_notification_id_seq),
           (SELECT count(*) FROM pg_class WHERE relname = 'mine'), (SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in%' AND datname = current_database())`,
      ),
    )

  await t.test('values are what they are', async (t) => {
    const { columns, rows } = await store.query(
      `SELECT 1 AS a, 2::bigint AS b, 9007199254740993 AS c, 1.50::numeric AS d, 0.5::float8 AS e, true AS f, NULL AS g, 'x' AS h,
         '\\x00ff'::bytea AS i, '2026-11-30 10:00:00.123456Z'::timestamptz AT TIME ZONE 'UTC' AS j, '[1]'::json AS k`,
    )
    t.equal(columns.join(''), 'abcdefghijk')
    t.strictSame(rows, [
      [
        1,
        2,
        '9007199254740993',
        '1.50',
        0.5,
        true,
        null,
        'x',
        new Uint8Array([0, 255]),
        '2026-11-30 10:00:00.123456',
        '[1]',
      ],
    ])
    t.strictSame(await store.query('SELECT WHERE false'), { columns: [], rows: [] })
  })

  await t.test('of several servers the one that can be used now is asked', async (t) => {
    const wire = await Wire.to(t, Number(new URL(url).port || 5432))
    const several = postgres([wire.url(url), url])
    t.teardown(() => several.close())
    await several.open()
    wire.isDown = true
    wire.cut()
    t.strictSame((await several.query('SELECT 1')).rows, [[1]])
  })

  await t.test('nothing is changed without `write`, in whatever order it is tried', async (t) => {
    const before = await state()
    const tried = fc.array(fc.constantFrom(...ways.map((way) => way(change))), { minLength: 1, maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(tried, async (statements) => {
        for (const each of statements) await store.query(each).catch(() => {})
        return (await state()) === before
      }),
      { numRuns: ways.length + 10, examples: ways.map((way) => [[way(change)]]) },
    )
    await t.rejects(store.query(change), { code: 'READ_ONLY', message: /\{ write: true \}\)$/ })
  })

  await t.test('with `write` it may, and mistakes are TypeErrors', async (t) => {
    await store.query("UPDATE stored_events SET topic = 'other' WHERE originator_version = 2", { write: true })
    t.equal((await store.notifications())[1]?.topic, 'other')
    await store.query('BEGIN', { write: true })
    t.equal((await store.query('SELECT 1')).rows.length, 1)
    for (const mistake of ['SELEC', 'SELECT * FROM nowhere', 'SELECT 1/0', 'SELECT 1; SELECT 2'])
      await t.rejects(store.query(mistake, { write: true }), {
        name: 'TypeError',
        message: /^PostgreSQL cannot run /,
      })
    await t.rejects(store.query('SELECT topi FROM stored_events'), /Perhaps you meant/)
  })

  await t.test('there are no parameters', async (t) => {
    for (const more of [['fido'], { values: ['fido'] }, { wirte: true }, 'fido'])
      await t.rejects(store.query('SELECT 1', more as object), { name: 'TypeError', message: /It has no parameters: / })
    await t.rejects(store.query({ text: 'SELECT 1' } as unknown as string), { name: 'TypeError', message: /a string/ })
    for (const mistake of ['SELECT $1', 'SELECT * FROM stored_events WHERE originator_id = $1', 'SELECT $1 IS NULL'])
      await t.rejects(store.query(mistake), {
        name: 'TypeError',
        message: /has no parameters: write the values into S/,
      })
    t.strictSame((await store.query("SELECT '$1'")).rows, [['$1']])
  })

  await t.test('the status', async (t) => {
    const status = await store.status()
    t.match(status, { server: store.name, table: 'public.stored_events', events: 2, readOnly: false, integrity: 'ok' })
    await sql(url, 'DELETE FROM stored_events WHERE originator_version = 1')
    t.equal((await store.status()).integrity, 'versions are missing of 1 aggregate')
  })

  await t.test('open for reading only', async (t) => {
    for (const address of [url, `${url}?options=-c%20work_mem%3D8MB`]) {
      const reader = postgres(address, { readOnly: true })
      t.equal((await reader.notifications()).length, 1)
      t.equal((await reader.status()).readOnly, true)
      await t.rejects(reader.append([row('rex', 1)]), ReadOnlyError)
      await t.rejects(reader.query(change, { write: true }), ReadOnlyError)
      await t.rejects(reader.saveSnapshot(row('fido', 2)), ReadOnlyError)
      t.match((await reader.query('SHOW work_mem')).rows, address === url ? [[/\w/]] : [['8MB']])
      await reader.close()
    }
    const nothing = postgres(url, { readOnly: true, prefix: 'none' })
    await t.rejects(nothing.open(), {
      code: 'READ_ONLY',
      message: /has no tables .* and it is a standby, or open for reading only: open it once to record/,
    })
    await nothing.close()
  })

  await t.test('a row that another program wrote without a state, and a state that looks like bytes', async (t) => {
    await store.append([{ ...row('rex', 1), state: '\\x4142' }])
    t.equal((await store.select('rex'))[0]?.state, '\\x4142')
    await sql(url, change)
    const damaged = { code: 'CORRUPT_EVENT', message: /^Version 1 of new / }
    await t.rejects(store.select('new'), damaged)
    await t.rejects(store.notifications({ limit: 10 }), damaged)
    t.match(await store.select('new', { as: 'bytes' }), [{ aggregateId: 'new', state: null }])
    await store.append([{ ...row('luna', 1), state: 'one\u001ftwo' }])
    const found = await store.notifications({ limit: 10, as: 'bytes' })
    t.match(found.slice(-2), [
      { aggregateId: 'new', state: null },
      { aggregateId: 'luna', state: new TextEncoder().encode('one\u001ftwo') },
    ])
    await t.rejects(store.notifications({ limit: 10 }), damaged, 'and is not given what belongs to another')
  })

  await t.test('a page that has no room in a string', { skip: isLong ? false : 'it is 600 MB' }, async (t) => {
    const { url } = await database(t)
    const large = postgres(url)
    t.teardown(() => large.close())
    await large.open()
    await sql(
      url,
      `INSERT INTO stored_events SELECT 'dog-' || n, 1, 't', convert_to(repeat('x', 60000000), 'UTF8') FROM generate_series(1, 10) AS n`,
    )
    const read = await large.notifications({ limit: 10 })
    t.strictSame(
      read.map(({ id, state }) => [id, state.length]),
      Array.from({ length: 10 }, (_, at) => [at + 1, 60_000_000]),
    )
  })
})
