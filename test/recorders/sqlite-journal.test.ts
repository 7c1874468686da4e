import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { type SqliteRecorder, sqlite } from 'dog-school/sqlite'
import t from 'tap'
import { Journal } from '../../src/recorders/sqlite/journal'
import type { Commit } from '../../src/recorders/sqlite/journal-format'
import { changed, history, journalOf, stored } from './crash/stored'
import { VolatileDisk } from './crash/volatile-disk'

/** A folder with `a.db` and its journal of three commits, as a crash has left them. */
async function crashed(folder: string): Promise<{ file: string; database: Buffer; journal: Buffer }> {
  const school = sqlite(`${folder}/live.db`)
  for (let version = 1; version <= 3; version++) await school.append([stored('fido', version)])
  const [database, journal] = [readFileSync(`${folder}/live.db`), journalOf(`${folder}/live.db`)]
  await school.close()
  rmSync(`${folder}/live.db`)
  const file = `${folder}/a.db`
  writeFileSync(file, database)
  writeFileSync(`${file}.dog-school-journal`, journal)
  return { file, database: database!, journal: journal! }
}

/** Where each line of a journal begins, and where the last one ends. */
const bounds = (journal: Buffer): number[] => [0, ...[...journal].flatMap((byte, at) => (byte === 10 ? [at + 1] : []))]

t.test('a last line that is torn anywhere is ignored, and overwritten', async (t) => {
  const folder = t.testdir()
  const { file, database, journal } = await crashed(folder)
  const [start = 0, end = 0] = bounds(journal).slice(-2)
  for (let cut = start; cut < end; cut += 13) {
    writeFileSync(file, database)
    writeFileSync(`${file}.dog-school-journal`, journal.subarray(0, cut))
    const school = sqlite(file)
    t.equal(await school.maxNotificationId(), 2, `cut off at ${cut}`)
    t.same(await school.append([stored('fido', 3), stored('fido', 4)]), [3, 4])
    const seen = sqlite(file, { readOnly: true })
    t.equal(await seen.maxNotificationId(), 4)
    await school.close()
  }
})

t.test('a line that is torn at the start of the room for more is left out', async (t) => {
  const { file, journal } = await crashed(t.testdir())
  const [start = 0, end = 0] = bounds(journal).slice(-2)
  for (const torn of [journal.subarray(0, start + 20), Buffer.from(journal).fill(0, start, end - 5)]) {
    writeFileSync(`${file}.dog-school-journal`, Buffer.concat([torn, Buffer.alloc(50_000)]))
    const school = sqlite(file, { readOnly: true })
    t.equal(await school.maxNotificationId(), 2)
  }
})

t.test('commits of many events are written into room that is there already', async (t) => {
  const file = `${t.testdir()}/a.db`
  const school = sqlite(file)
  await school.append(history('fido', 100))
  const size = () => statSync(`${file}.dog-school-journal`).size
  const before = size()
  await school.append(history('rex', 100))
  t.equal(size(), before, 'the file did not grow')
  const seen = sqlite(file, { readOnly: true })
  t.equal(await seen.maxNotificationId(), 200)
  t.ok((await school.status()).journalBytes > 16 * 1024, 'each of these lines is a long one')
  await school.close()
})

t.test('a last line of which a part never reached the disk is left out', async (t) => {
  const { file, journal } = await crashed(t.testdir())
  writeFileSync(`${file}.dog-school-journal`, Buffer.from(journal).fill(0, journal.length - 40, journal.length - 10))
  const school = sqlite(file)
  t.equal(await school.maxNotificationId(), 2)
  await school.close()
})

t.test('damage anywhere but in the last line is refused, and both files are left as they were', async (t) => {
  const { file, database, journal } = await crashed(t.testdir())
  const lines = bounds(journal)
  for (const line of [0, 1, 2])
    for (const at of [lines[line]!, lines[line]! + 9, lines[line + 1]! - 2, lines[line + 1]! - 1]) {
      const damaged = Buffer.from(journal)
      damaged[at]! ^= 4
      writeFileSync(`${file}.dog-school-journal`, damaged)
      for (const readOnly of [false, true])
        await t.rejects(sqlite(file, { readOnly }).open(), {
          code: 'JOURNAL',
          message: `a.db.dog-school-journal is damaged at byte ${lines[line]}:`,
        })
      t.same(readFileSync(file), database)
      t.same(readFileSync(`${file}.dog-school-journal`), damaged)
      t.notOk(existsSync(`${file}.dog-school-lock`))
    }
})

t.test('a line break that is damaged does not make the last line look torn', async (t) => {
  const { file, journal } = await crashed(t.testdir())
  const lines = bounds(journal)
  for (const [line, end] of [
    [0, 2],
    [2, 4],
  ] as const) {
    const damaged = Buffer.from(journal.subarray(0, lines[end]))
    damaged[lines[line + 1]! - 1]! ^= 1
    writeFileSync(`${file}.dog-school-journal`, damaged)
    await t.rejects(sqlite(file).open(), { code: 'JOURNAL' })
  }
})

t.test('the remedy for damage works', async (t) => {
  const { file, journal } = await crashed(t.testdir())
  const [, , second = 0] = bounds(journal)
  const damaged = Buffer.from(journal)
  damaged[second + 20]! ^= 1
  writeFileSync(`${file}.dog-school-journal`, damaged)
  await t.rejects(sqlite(file).open(), { message: `truncate -s ${second} ` })
  writeFileSync(`${file}.dog-school-journal`, damaged.subarray(0, second))
  const school = sqlite(file)
  t.equal(await school.maxNotificationId(), 1)
  await school.close()
})

t.test('a line that is missing is noticed', async (t) => {
  const { file, journal } = await crashed(t.testdir())
  const [, , second, third] = bounds(journal)
  const without = Buffer.concat([journal.subarray(0, second), journal.subarray(third)])
  writeFileSync(`${file}.dog-school-journal`, without)
  await t.rejects(sqlite(file).open(), { code: 'JOURNAL', message: /event 3 after event 1/ })
})

t.test('positions of deleted events are not a gap', async (t) => {
  const folder = t.testdir()
  const school = sqlite(`${folder}/live.db`)
  await school.append(history('fido', 3))
  await school.query('DELETE FROM stored_events WHERE rowid = 3', { write: true })
  t.same(await school.append([stored('fido', 3)]), [4])
  for (const suffix of ['', '.dog-school-journal'])
    writeFileSync(`${folder}/a.db${suffix}`, readFileSync(`${folder}/live.db${suffix}`))
  await school.close()
  const again = sqlite(`${folder}/a.db`)
  t.same(
    (await again.notifications()).map(({ id }) => id),
    [1, 2, 4],
  )
  await again.close()
})

t.test('positions of deleted events are not used again, whenever a crash comes', async (t) => {
  const folder = t.testdir()
  /** The files as they are now, under another name. */
  const crash = (from: string, to: string): SqliteRecorder => {
    for (const suffix of ['', '.dog-school-journal'])
      writeFileSync(`${folder}/${to}${suffix}`, readFileSync(`${folder}/${from}${suffix}`))
    return sqlite(`${folder}/${to}`)
  }
  const school = sqlite(`${folder}/a.db`)
  await school.append(history('fido', 5))
  await school.query('DELETE FROM stored_events WHERE rowid > 3', { write: true })
  await school.append([], { tracking: { applicationName: 'kennel', notificationId: 1 } })
  const second = crash('a.db', 'b.db')
  // As the first version of this library would have left it: only the journal knows.
  writeFileSync(
    `${folder}/b.db`,
    await changed(`${folder}/b.db`, 'ALTER TABLE dog_school_schema DROP COLUMN last_position'),
  )
  t.same(await second.append([stored('fido', 4)]), [6])
  const third = crash('b.db', 'c.db')
  t.same(
    (await third.notifications()).map(({ id }) => id),
    [1, 2, 3, 6],
  )
  await Promise.all([school.close(), second.close(), third.close()])
})

t.test('a line of another journal is not a line of this one', async (t) => {
  const folder = t.testdir({ other: {} })
  const [{ file, journal }, other] = [await crashed(folder), await crashed(`${folder}/other`)]
  const [, first = 0] = bounds(other.journal)
  writeFileSync(`${file}.dog-school-journal`, Buffer.concat([journal, other.journal.subarray(first)]))
  await t.rejects(sqlite(file).open(), { code: 'JOURNAL' })
})

t.test('a journal that belongs to another database is refused', async (t) => {
  const folder = t.testdir({ other: {} })
  const [{ file, database }, other] = [await crashed(folder), await crashed(`${folder}/other`)]
  writeFileSync(`${file}.dog-school-journal`, other.journal)
  await t.rejects(sqlite(file).open(), { code: 'JOURNAL', message: /belongs to another database/ })
  t.same(readFileSync(file), database)
  t.same(readFileSync(`${file}.dog-school-journal`), other.journal)
  rmSync(file)
  await t.rejects(sqlite(file).open(), { code: 'JOURNAL' }, 'nor is it taken for a new one')
  writeFileSync(file, database)
  rmSync(`${file}.dog-school-journal`)
  const school = sqlite(file)
  t.equal(await school.maxNotificationId(), 0, 'moved away, the file opens as it is')
  await school.close()
})

t.test('a journal that no longer follows on from its file is refused', async (t) => {
  const folder = t.testdir()
  const { file, database } = await crashed(folder)
  const school = sqlite(file)
  await school.checkpoint()
  await school.append(history('rex', 2))
  const journal = readFileSync(`${file}.dog-school-journal`)
  await school.close()
  writeFileSync(file, database)
  writeFileSync(`${file}.dog-school-journal`, journal)
  await t.rejects(sqlite(file).open(), { code: 'DATABASE_CHANGED' }, 'an older file was put in its place')
  t.same(readFileSync(file), database)
  t.same(readFileSync(`${file}.dog-school-journal`), journal)
})

t.test('a journal of a newer version is refused', async (t) => {
  const { file, journal } = await crashed(t.testdir())
  const { crc32 } = await import('node:zlib')
  const heading = journal
    .subarray(9, bounds(journal)[1]! - 1)
    .toString()
    .replace('"dogSchoolJournal":2', '"dogSchoolJournal":3')
  writeFileSync(`${file}.dog-school-journal`, `${crc32(heading).toString(16).padStart(8, '0')} ${heading}\n`)
  await t.rejects(sqlite(file).open(), { code: 'NEWER_SCHEMA' })
})

t.test('a line that was cut off during a checkpoint is not in the journal after it', (t) => {
  const disk = new VolatileDisk()
  disk.create('a.db', new Uint8Array())
  const journal = new Journal(disk, 'a.db')
  const heading = (after: number) => ({ database: 'id', after, digest: '', last: after })
  const commit = (version: number) => ({
    events: [[version, 'fido', version, 'topic', '{}']] as [number, string, number, string, string][],
    tracking: [],
    snapshots: [],
  })
  const add = (commit: Commit): void => journal.append(journal.lineOf(commit))
  journal.begin(heading(0))
  add(commit(1))
  journal.mark()
  add(commit(2))
  const { length } = journal
  add(commit(3))
  journal.cutBackTo(length)
  add({ ...commit(3), tracking: [{ applicationName: 'kennel', notificationId: 1 }] })
  journal.cutOffAtMark(heading(1))
  const contents = journal.read()
  t.equal(contents?.heading.after, 1)
  t.match([...contents!.commits()], [commit(2), { tracking: [{ applicationName: 'kennel' }] }])
  t.equal(contents?.length, journal.length)
  t.end()
})
