import { spawn, spawnSync } from 'node:child_process'
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { type Disk, nodeDisk, sqlite } from 'dog-school/sqlite'
import t, { type Test } from 'tap'
import { otherProgram } from './crash/other-program'
import { changed, history, sqlite3, stored, withoutSqlite3 } from './crash/stored'

const journal = '.dog-school-journal'
const insert = (rowid: number, id: string, version: number) =>
  `INSERT INTO stored_events (rowid, originator_id, originator_version, topic, state) VALUES (${rowid}, '${id}', ${version}, 'dogschool:Dog.Registered', '{}')`

t.test('another program that writes to the open file', { skip: withoutSqlite3 }, async (t) => {
  /** A file of two events that is open here with a third in the journal, and that sqlite3 then wrote to. */
  async function meanwhile(t: Test, sql: string) {
    const file = `${t.testdir()}/a.db`
    const school = sqlite(file)
    await school.append(history('fido', 2))
    await school.checkpoint()
    await school.append([stored('fido', 3)])
    sqlite3(file, sql)
    return { file, school, theirs: readFileSync(file) }
  }

  t.test('is noticed at a checkpoint and at the end, and not overwritten', async (t) => {
    const { file, school, theirs } = await meanwhile(t, insert(3, 'rex', 1))
    await t.rejects(school.checkpoint(), { code: 'DATABASE_CHANGED', message: /backup/ })
    t.same(await school.append([stored('fido', 4)]), [4], 'what is saved here is still safe')
    await t.rejects(school.query('DELETE FROM tracking', { write: true }), { code: 'DATABASE_CHANGED' })
    await school.backup(`${file}.ours`)
    await t.rejects(school.close(), { code: 'DATABASE_CHANGED' })
    t.same(readFileSync(file), theirs)
    t.ok(existsSync(file + journal))
    t.notOk(existsSync(`${file}.dog-school-lock`))
    const ours = sqlite(`${file}.ours`)
    t.equal((await ours.select('fido')).length, 4)
    await ours.close()

    const before = readFileSync(file + journal)
    await t.rejects(sqlite(file).open(), { code: 'DATABASE_CHANGED', message: /WHERE rowid >= 3/ })
    t.same(readFileSync(file), theirs)
    t.same(readFileSync(file + journal), before)
    sqlite3(file, 'DELETE FROM stored_events WHERE rowid >= 3')
    const again = sqlite(file)
    t.equal((await again.select('fido')).length, 4, 'the way out that the message names')
    await again.close()
  })

  t.test('and did not touch the events: both are there after opening again', async (t) => {
    const { file, school } = await meanwhile(t, "CREATE TABLE notes AS SELECT 'sit' AS note; PRAGMA journal_mode = WAL")
    await t.rejects(school.close(), { code: 'DATABASE_CHANGED' })
    const again = sqlite(file)
    t.equal((await again.select('fido')).length, 3)
    t.same((await again.query('SELECT note FROM notes')).rows, [['sit']])
    await again.close()
    t.notOk(existsSync(file + journal))
    t.equal(sqlite3(file, 'SELECT count(*) FROM stored_events, notes'), '3')
  })

  for (const sql of ['DELETE FROM stored_events', "UPDATE stored_events SET topic = 'x'"])
    t.test(`and changed the event that the journal follows (${sql})`, async (t) => {
      const { file, school, theirs } = await meanwhile(t, `${sql} WHERE rowid = 2`)
      await t.rejects(school.close(), { code: 'DATABASE_CHANGED' })
      await t.rejects(sqlite(file).open(), { code: 'DATABASE_CHANGED', message: /no longer has event 2/ })
      t.same(readFileSync(file), theirs)
    })

  t.test('and only looked: nothing happened', async (t) => {
    const { school } = await meanwhile(t, 'SELECT * FROM stored_events')
    await school.close()
  })
})

t.test('a file that appears while it is open is not overwritten', async (t) => {
  const folder = t.testdir()
  const school = sqlite(`${folder}/a.db`)
  await school.open()
  writeFileSync(`${folder}/a.db`, 'of somebody else')
  await t.rejects(school.append([stored('fido', 1)]), { code: 'DATABASE_CHANGED' })
  await school.close()
  t.equal(readFileSync(`${folder}/a.db`, 'utf8'), 'of somebody else')
})

t.test('a file that is written again keeps the mode that it was given while it was open', async (t) => {
  const file = `${t.testdir()}/a.db`
  const school = sqlite(file)
  await school.append([stored('fido', 1)])
  await school.append([stored('fido', 2)])
  chmodSync(file, 0o600)
  await school.append([stored('fido', 3)])
  rmSync(file)
  await school.close()
  t.equal(statSync(file).mode & 0o777, 0o600)
})

t.test('a file that is removed while it is open is written again', async (t) => {
  const file = `${t.testdir()}/a.db`
  const positions = async () => {
    const reader = sqlite(file, { readOnly: true })
    const rows = await reader.notifications()
    await reader.close()
    return rows.map(({ id }) => id)
  }
  const school = sqlite(file)
  await school.append([stored('fido', 1)])
  chmodSync(file, 0o600)
  await school.checkpoint()

  renameSync(file, `${file}.away`)
  t.match((await school.status()).checkpoint, /was removed/)
  t.same(await school.append([stored('fido', 2)]), [2])
  t.same(await positions(), [1, 2], 'by the next append')
  t.equal(statSync(file).mode & 0o777, 0o600)
  t.equal((await school.status()).checkpoint, 'ok')

  rmSync(file)
  await school.checkpoint()
  t.same(await positions(), [1, 2], 'by a checkpoint')

  rmSync(file)
  await school.query('DELETE FROM stored_events WHERE rowid = 2', { write: true })
  t.same(await positions(), [1], 'by a statement')
  t.same(await school.append([stored('fido', 2)]), [3])

  rmSync(file)
  await school.close()
  t.same(await positions(), [1, 3], 'at the end')

  const again = sqlite(file)
  await again.append([stored('fido', 3)])
  rmSync(file)
  writeFileSync(file, 'of somebody else')
  await t.rejects(
    again.append([stored('fido', 4)]).then(() => again.checkpoint()),
    { code: 'DATABASE_CHANGED' },
  )
  await t.rejects(again.close(), { code: 'DATABASE_CHANGED' })
  t.equal(readFileSync(file, 'utf8'), 'of somebody else')
  rmSync(file)
  await t.rejects(sqlite(file).open(), { code: 'JOURNAL', message: /put the right database back/ })
  renameSync(`${file}.away`, file)
  await t.rejects(sqlite(file).open(), { code: 'DATABASE_CHANGED', message: /Put the right file back/ })
})

t.test('what another program left beside the file', { skip: withoutSqlite3 }, async (t) => {
  /** A copy of a database, in the midst of the work of a sqlite3 process. */
  async function inTheMidst(t: Test, sql: string): Promise<string> {
    const [live, file] = [`${t.testdir()}/live.db`, `${t.testdirName}/a.db`]
    const school = sqlite(live)
    await school.append(history('fido', 200))
    await school.close()
    const program = spawn('sqlite3', [live], { stdio: ['pipe', 'pipe', 'inherit'] })
    program.stdin.write(`${sql};\nSELECT 'ready';\n`)
    await new Promise<void>((resolve) => {
      program.stdout.on('data', (text) => String(text).includes('ready') && resolve())
    })
    for (const suffix of ['', '-wal', '-journal'])
      if (existsSync(live + suffix)) copyFileSync(live + suffix, file + suffix)
    program.stdin.end()
    await new Promise((resolve) => program.on('exit', resolve))
    return file
  }

  t.test('a write-ahead log with commits is refused, and the remedy in the error works', async (t) => {
    const file = await inTheMidst(t, `PRAGMA journal_mode = WAL; ${insert(201, 'rex', 1)}`)
    const before = ['', '-wal'].map((suffix) => readFileSync(file + suffix))
    for (const readOnly of [false, true])
      await t.rejects(sqlite(file, { readOnly }).open(), {
        code: 'DATABASE_CHANGED',
        message: /wal_checkpoint\(TRUNCATE\)/,
      })
    t.same(
      ['', '-wal'].map((suffix) => readFileSync(file + suffix)),
      before,
    )
    sqlite3(file, 'PRAGMA wal_checkpoint(TRUNCATE)')
    const school = sqlite(file)
    t.same(await school.append([stored('rex', 2)]), [202])
    await school.close()
    t.equal(sqlite3(file, 'PRAGMA integrity_check; SELECT max(rowid) FROM stored_events'), 'ok\n202')
  })

  t.test('an empty write-ahead log is none', async (t) => {
    const file = await inTheMidst(t, 'PRAGMA journal_mode = WAL; SELECT 1')
    writeFileSync(`${file}-wal`, '')
    const school = sqlite(file)
    t.equal(await school.maxNotificationId(), 200)
    await school.close()
  })

  t.test('a rollback journal that is not finished is refused, and the remedy in the error works', async (t) => {
    const file = await inTheMidst(
      t,
      "PRAGMA cache_size = 1; PRAGMA cache_spill = 1; BEGIN; UPDATE stored_events SET topic = 'x'",
    )
    await t.rejects(sqlite(file).open(), { code: 'DATABASE_CHANGED', message: /another program is changing/ })
    sqlite3(file, 'SELECT count(*) FROM sqlite_master')
    const school = sqlite(file)
    t.match(await school.select('fido', { limit: 1 }), [{ topic: 'dogschool:Dog.Registered' }])
    await school.close()
  })

  t.test('one that begins while the file is open here is noticed before it is replaced', async (t) => {
    const file = await inTheMidst(t, 'PRAGMA journal_mode = DELETE; SELECT 1')
    const school = sqlite(file)
    await school.append([stored('rex', 1)])
    writeFileSync(`${file}-journal`, Buffer.from([0xd9]))
    await t.rejects(school.checkpoint(), { code: 'DATABASE_CHANGED' })
    writeFileSync(`${file}-journal`, '')
    await school.close()
  })
})

t.test('a file that another program has open in WAL mode is not replaced', { skip: withoutSqlite3 }, async (t) => {
  for (const idle of ['after it looked', 'after it moved its commits into the file'])
    t.test(`${idle}, and nothing of either side is lost`, async (t) => {
      const file = `${t.testdir()}/a.db`
      const before = sqlite(file)
      await before.append(history('fido', 2))
      await before.close()
      const program = otherProgram(t, file)
      await program.run(`PRAGMA journal_mode = WAL; ${insert(3, 'rex', 1)}; PRAGMA wal_checkpoint(TRUNCATE)`)
      if (idle === 'after it looked') await program.run('SELECT * FROM stored_events')
      t.equal(statSync(`${file}-wal`).size, 0, 'its log is empty')

      const school = sqlite(file)
      t.same(await school.append([stored('fido', 3)]), [4])
      const refused = { code: 'DATABASE_CHANGED', message: /open in another program, in WAL mode.*Close that program/ }
      await t.rejects(school.checkpoint(), refused)
      t.same(await school.append([stored('fido', 4)]), [5], 'it goes on')
      await t.rejects(school.close(), refused)
      t.equal(await program.run("UPDATE stored_events SET topic = 'theirs' WHERE rowid = 1; SELECT 'kept'"), 'kept')
      await program.close()

      const again = sqlite(file)
      t.same(
        (await again.notifications()).map(
          ({ id, topic, aggregateId }) => `${id} ${topic === 'theirs' ? topic : `of ${aggregateId}`}`,
        ),
        ['1 theirs', '2 of fido', '3 of rex', '4 of fido', '5 of fido'],
      )
      await again.close()
      t.equal(sqlite3(file, 'PRAGMA integrity_check; SELECT count(*) FROM stored_events'), 'ok\n5')
    })

  t.test('and is killed: the remedy in the error works', async (t) => {
    const file = `${t.testdir()}/it's.db`
    const before = sqlite(file)
    await before.append(history('fido', 2))
    await before.close()
    const program = otherProgram(t, file)
    await program.run('PRAGMA journal_mode = WAL; SELECT * FROM stored_events')
    await program.kill()
    const school = sqlite(file)
    await school.append([stored('fido', 3)])
    const { message } = await school.checkpoint().catch((error) => error)
    const [, way = ''] = message.match(/with: (.*)$/) ?? []
    t.equal(spawnSync('sh', ['-c', way]).status, 0, way)
    t.notOk(existsSync(`${file}-wal`) || existsSync(`${file}-shm`))
    await t.rejects(school.close(), { code: 'DATABASE_CHANGED' }, 'it is another file now, so it is opened again')
    const again = sqlite(file)
    t.equal(await again.maxNotificationId(), 3)
    await again.close()
  })
})

for (const suffix of ['-wal', '-shm'])
  t.test(`a ${suffix} that comes while the file is open here keeps it from being replaced`, async (t) => {
    const file = `${t.testdir()}/a.db`
    const school = sqlite(file)
    await school.append([stored('fido', 1)])
    await school.checkpoint()
    const before = readFileSync(file)
    await school.append([stored('fido', 2)])
    writeFileSync(file + suffix, '')
    await t.rejects(school.checkpoint(), { code: 'DATABASE_CHANGED' })
    await t.rejects(school.query('DELETE FROM stored_events WHERE rowid = 1', { write: true }), {
      code: 'DATABASE_CHANGED',
    })
    t.same(readFileSync(file), before)
    t.equal((await school.select('fido')).length, 2)
    rmSync(file + suffix)
    await school.close()
    t.notOk(existsSync(file + journal))
  })

/** A disk on which somebody else does something after each step of one kind. */
const watched = (step: 'syncLater' | 'rename', meanwhile: (path: string) => void): Disk => ({
  ...nodeDisk,
  async syncLater(handle) {
    await nodeDisk.syncLater(handle)
    if (step === 'syncLater') meanwhile(handle.path)
  },
  rename(from, to) {
    nodeDisk.rename(from, to)
    if (step === 'rename') meanwhile(to)
  },
})

/** A file of two events, a disk that lets another program write to it `times` while it is read, and how often it was read. */
async function readWhileWritten(t: Test, times: number) {
  const file = `${t.testdir()}/a.db`
  const made = sqlite(file)
  await made.append(history('fido', 2))
  await made.close()
  const theirs = await changed(file, "UPDATE stored_events SET topic = 'theirs'; CREATE TABLE notes (note)")
  let reads = 0
  const load: Disk['load'] = (path, memory) => {
    const [before, half] = [readFileSync(path), theirs.length >> 1]
    if (++reads <= times) writeFileSync(file, Buffer.concat([theirs, Buffer.alloc(4096 * reads)]))
    // The first half from before their commit, the second from after it.
    const found = reads > times ? before : Buffer.concat([before.subarray(0, half), readFileSync(path).subarray(half)])
    memory(found.length).set(found)
    return true
  }
  return { file, disk: { ...nodeDisk, load }, reads: () => reads }
}

for (const readOnly of [false, true]) {
  const who = readOnly ? 'a reader' : 'a writer'
  t.test(`a file that another program writes to while ${who} reads it is read again`, async (t) => {
    const { file, disk, reads } = await readWhileWritten(t, 2)
    const school = sqlite(file, { disk, readOnly })
    t.match(await school.notifications(), [{ topic: 'theirs' }, { topic: 'theirs' }])
    t.equal((await school.status()).integrity, 'ok')
    t.equal(reads(), 3)
    await school.close()
  })

  t.test(`one that is written to each time is not taken as it is by ${who}`, async (t) => {
    const { file, disk, reads } = await readWhileWritten(t, 9)
    await t.rejects(sqlite(file, { disk, readOnly }).open(), { code: 'DATABASE_CHANGED', message: /being written to/ })
    t.equal(reads(), 3)
    t.notOk(existsSync(`${file}.dog-school-lock`))
  })
}

t.test('a commit of another program while a new file is being written is not overwritten', async (t) => {
  const file = `${t.testdir()}/a.db`
  let isArmed = false
  const disk = watched('syncLater', (path) => {
    if (isArmed && path.endsWith('-new')) appendFileSync(file, 'theirs')
  })
  const school = sqlite(file, { disk })
  await school.append(history('fido', 2))
  isArmed = true
  await t.rejects(school.checkpoint(), { code: 'DATABASE_CHANGED' })
  t.equal(readFileSync(file).subarray(-6).toString(), 'theirs')
  t.notOk(existsSync(`${file}.dog-school-new`))
  await t.rejects(school.close(), { code: 'DATABASE_CHANGED' })
  t.ok(existsSync(file + journal))
})

t.test('a commit of another program right after a new file is in place is not overwritten by the next', async (t) => {
  const file = `${t.testdir()}/a.db`
  let isArmed = false
  const disk = watched('rename', () => {
    if (isArmed) appendFileSync(file, 'theirs')
    isArmed = false
  })
  const school = sqlite(file, { disk })
  await school.append(history('fido', 2))
  isArmed = true
  await school.checkpoint()
  await school.append([stored('fido', 3)])
  await t.rejects(school.checkpoint(), { code: 'DATABASE_CHANGED' })
  t.equal(readFileSync(file).subarray(-6).toString(), 'theirs')
  await t.rejects(school.close(), { code: 'DATABASE_CHANGED' })
})

t.test(
  'a transaction that another program has begun keeps the file from being replaced',
  {
    skip: withoutSqlite3,
  },
  async (t) => {
    const file = `${t.testdir()}/a.db`
    const school = sqlite(file)
    await school.append(history('fido', 2))
    const program = otherProgram(t, file)
    await program.run('PRAGMA journal_mode = DELETE; BEGIN IMMEDIATE; CREATE TABLE notes (note)')
    t.equal(readFileSync(`${file}-journal`)[0], 0, 'its journal is not hot yet')
    await t.rejects(school.checkpoint(), { code: 'DATABASE_CHANGED', message: /in a transaction/ })
    await program.run('ROLLBACK; PRAGMA journal_mode = PERSIST; CREATE TABLE notes (note); DROP TABLE notes')
    t.ok(statSync(`${file}-journal`).size > 0, 'a journal that is kept says nothing')
    await t.rejects(school.close(), { code: 'DATABASE_CHANGED', message: /written to/ })
    const again = sqlite(file)
    t.same(await again.append([stored('fido', 3)]), [3])
    await again.close()
  },
)

const fixture = join(__dirname, '..', 'fixtures', 'python-dog-school.db')

t.test('the file of the Python tutorial', async (t) => {
  const file = `${t.testdir()}/python.db`
  copyFileSync(fixture, file)
  const looked = sqlite(file)
  t.equal(await looked.maxNotificationId(), 9)
  t.equal(await looked.snapshot('95c2b47288b54333a2d6105ca078710b'), undefined, 'its snapshots are not ours')
  await looked.close()
  t.same(readFileSync(file), readFileSync(fixture), 'looking changes nothing')

  const school = sqlite(file)
  const buster = 'afa31fe0186349378b08d8390993c289'
  const rows = await school.notifications()
  t.same(
    rows.map(({ id }) => id),
    [1, 2, 3, 4, 5, 6, 7, 8, 9],
  )
  t.match(rows[7]?.state, '"trick":"fetch ball 🎾"}')
  await t.rejects(school.append([stored(buster, 4)]), { code: 'VERSION_CONFLICT' })
  t.same(await school.append([stored(buster, 5)]), [10])
  await school.close()
  t.equal(readFileSync(file)[18], 1, 'without a write-ahead log: whoever wants one turns it on')
  if (withoutSqlite3) return t.comment(`not checked with sqlite3: ${withoutSqlite3}`)
  t.equal(sqlite3(file, 'PRAGMA integrity_check; SELECT count(*) FROM stored_snapshots'), 'ok\n1')
  const select = 'SELECT rowid, *, typeof(state) FROM stored_events WHERE rowid < 10'
  copyFileSync(fixture, `${file}.theirs`)
  t.equal(sqlite3(file, select), sqlite3(`${file}.theirs`, select), 'its rows are as they were')
})
