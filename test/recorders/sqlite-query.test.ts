import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { sqlite } from 'dog-school/sqlite'
import t from 'tap'
import { failing } from './crash/failing-disk'
import { changed, history, stored } from './crash/stored'

t.test('an SQL query is answered, and a statement that writes is refused', async (t) => {
  const school = sqlite(`${t.testdir()}/a.db`)
  await school.append(history('fido', 3))
  t.same(await school.query('SELECT rowid AS position, topic FROM stored_events WHERE rowid > 1 LIMIT 1;'), {
    columns: ['position', 'topic'],
    rows: [[2, 'dogschool:Dog.TrickAdded']],
  })
  t.same(await school.query('SELECT 1 AS one WHERE 0'), { columns: ['one'], rows: [] })
  const before = Buffer.from(await school.bytes())
  for (const sql of [
    'DELETE FROM stored_events',
    'CREATE TABLE dogs (name)',
    'PRAGMA user_version = 7',
    'WITH all_events AS (SELECT 1) INSERT INTO tracking VALUES (1, 1)',
  ])
    await t.rejects(school.query(sql), { code: 'READ_ONLY', message: /write: true/ }, sql)
  for (const sql of ['', '-- only words', 'SELEKT 1', 'SELECT * FROM dogs', 'SELECT 1; SELECT 2', 'BEGIN', 'VACUUM'])
    await t.rejects(school.query(sql), TypeError, sql)
  for (const sql of ['COMMIT', 'SAVEPOINT here', 'PRAGMA query_only = OFF']) await school.query(sql).catch(() => {})
  await t.rejects(school.query('DELETE FROM stored_events'), { code: 'READ_ONLY' }, 'whatever was asked before')
  t.ok(before.equals(await school.bytes()))
  for (const sql of ['COMMIT', 'end transaction', '-- no\nROLLBACK'])
    await t.rejects(school.query(sql, { write: true }), { name: 'TypeError', message: /its own transaction/ }, sql)
  t.same(await school.append([stored('fido', 4)]), [4], 'and it goes on')
  await school.close()
})

t.test('what is written in SQL is in the file, and known here', async (t) => {
  const file = `${t.testdir()}/a.db`
  const school = sqlite(file)
  await school.append(history('fido', 3))
  await school.query('DELETE FROM stored_events WHERE originator_version = 3', { write: true })
  t.equal((await school.status()).journalBytes, 0)
  await t.rejects(school.append([stored('fido', 4)]), { code: 'VERSION_GAP' })
  t.same(await school.append([stored('fido', 3)]), [4])
  for (const sql of ['VACUUM', 'DELETE FROM stored_events; SELECT 1', 'INSERT INTO tracking'])
    await t.rejects(school.query(sql, { write: true }), TypeError, sql)
  t.equal((await school.select('fido')).length, 3)
  await school.close()
})

t.test('a position is not used again, although its event was deleted and the file closed', async (t) => {
  const file = `${t.testdir()}/a.db`
  for (const [event, sql] of [
    [1, "UPDATE stored_snapshots SET topic = ''"],
    [2, 'DELETE FROM stored_events WHERE rowid = 2'],
    [2, 'DELETE FROM stored_events'],
    [1, 'DELETE FROM dog_school_snapshots'],
  ] as const) {
    const school = sqlite(file)
    await school.append([stored('fido', event)])
    await school.query(sql, { write: true })
    await school.close()
  }
  const last = sqlite(file)
  t.same(await last.append([stored('rex', 1)]), [5])
  await last.close()

  const copies = sqlite(file)
  await copies.append([stored('rex', 2)])
  await copies.query('DELETE FROM stored_events', { write: true })
  await copies.backup(`${file}.copy`)
  for (const each of [sqlite('fork', { bytes: await copies.bytes() }), sqlite(`${file}.copy`)]) {
    t.same(await each.append([stored('rex', 1)]), [7], 'nor in a copy')
    await each.close()
  }
  t.same(await copies.append([stored('rex', 1)]), [7])
  await copies.close()

  // Deleted by somebody else, and while it is closed.
  writeFileSync(file, await changed(file, 'DELETE FROM stored_events'))
  const again = sqlite(file)
  t.same(await again.append([stored('rex', 1)]), [8])
  await again.close()
})

t.test('a file of the first version, which did not remember the last position', async (t) => {
  const file = `${t.testdir()}/a.db`
  const made = sqlite(file)
  await made.append(history('fido', 2))
  await made.close()
  const old = await changed(file, 'ALTER TABLE dog_school_schema DROP COLUMN last_position')
  writeFileSync(file, old)
  const looked = sqlite(file)
  t.equal(await looked.maxNotificationId(), 2)
  await looked.close()
  t.same(readFileSync(file), Buffer.from(old), 'looking changes nothing')
  const school = sqlite(file)
  t.same(await school.append([stored('fido', 3)]), [3])
  await school.query('DELETE FROM stored_events WHERE rowid = 3', { write: true })
  await t.rejects(school.query('ALTER TABLE dog_school_schema DROP COLUMN last_position', { write: true }), {
    code: 'NOT_A_DATABASE',
  })
  await school.close()
  const again = sqlite(file)
  t.same(await again.append([stored('fido', 3)]), [4])
  await again.close()
})

t.test('what it is like: .db shows it', async (t) => {
  const file = `${t.testdir()}/a.db`
  const school = sqlite(file)
  const same = { file, schema: 1, readOnly: false, integrity: 'ok' }
  t.match(await school.status(), { ...same, events: 0, bytes: 0, journalBytes: 0 })
  await school.append(history('fido', 3))
  const { events, bytes, journalBytes } = await school.status()
  t.ok(events === 3 && bytes > 4096 && journalBytes > 300)
  await school.close()
})

t.test('a copy in another file', async (t) => {
  const folder = t.testdir()
  const { disk, fail, repair } = failing()
  const school = sqlite(`${folder}/a.db`, { disk })
  await school.append(history('fido', 3))
  for (const step of ['open', 'write', 'sync', 'rename'] as const) {
    fail(step, '/b.db.dog-school-new')
    await t.rejects(school.backup(`${folder}/b.db`), { code: 'STORAGE', message: /disk is full/ })
    t.notMatch(readdirSync(folder), ['b.db'], 'nothing of that name is ever half a database')
    repair()
  }
  await school.backup(`${folder}/b.db`)
  await t.rejects(school.backup(`${folder}/b.db`), { code: 'STORAGE', message: /exists already/ })
  const two = await Promise.allSettled([school.backup(`${folder}/c.db`), school.backup(`${folder}/c.db`)])
  t.match(two, [{ status: 'fulfilled' }, { status: 'rejected', reason: { code: 'STORAGE' } }])
  t.equal((await sqlite(`${folder}/c.db`, { readOnly: true }).notifications()).length, 3)
  const copy = sqlite(`${folder}/b.db`)
  t.same(await copy.notifications(), await school.notifications())
  await Promise.all([school.close(), copy.close()])
  t.same(readdirSync(folder).sort(), ['a.db', 'b.db', 'c.db'])
})

t.test('a fork in memory leaves the original alone', async (t) => {
  const folder = t.testdir()
  const school = sqlite(`${folder}/a.db`)
  await school.append(history('fido', 3))
  const fork = sqlite(`${folder}/fork.db`, { bytes: await school.bytes() })
  t.same(await fork.append([stored('fido', 4)]), [4])
  await fork.query('DELETE FROM stored_events WHERE rowid = 1', { write: true })
  t.equal((await fork.select('fido')).length, 3)
  await fork.checkpoint()
  await fork.close()
  t.same(await school.append([stored('fido', 4)]), [4])
  await school.close()
  t.same(readdirSync(folder), ['a.db'])
  await t.rejects(sqlite('x', { bytes: new Uint8Array(10) }).open(), { code: 'NOT_A_DATABASE' })
})
