import fs, { chmodSync, existsSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { type Disk, nodeDisk, sqlite } from 'dog-school/sqlite'
import t from 'tap'
import { history, sqlite3, stored, withoutSqlite3 } from './crash/stored'

t.test('what is appended is in the journal when it is acknowledged, and in the file after closing', async (t) => {
  const folder = t.testdir()
  const school = sqlite(`${folder}/a.db`)
  t.same(await school.append([stored('fido', 1), stored('fido', 2)]), [1, 2])
  t.same(await school.append([stored('buster', 1)]), [3])
  const left = sqlite(`${folder}/a.db`, { readOnly: true })
  t.same((await left.notifications()).length, 3, 'a reader sees file and journal')
  t.ok((await left.status()).journalBytes > 0)
  await school.close()
  t.same(readdirSync(folder), ['a.db'], 'nothing is left beside the file')
  const again = sqlite(`${folder}/a.db`)
  t.same(
    (await again.notifications()).map(({ id, aggregateId, version }) => [id, aggregateId, version]),
    [
      [1, 'fido', 1],
      [2, 'fido', 2],
      [3, 'buster', 1],
    ],
  )
  t.same(await again.append([stored('buster', 2)]), [4])
  await again.close()
})

t.test('a store that is only read writes nothing', async (t) => {
  const folder = t.testdir()
  const school = sqlite(`${folder}/a.db`)
  t.same(await school.notifications(), [])
  t.same(await school.append([]), [])
  await school.checkpoint()
  await school.close()
  t.same(readdirSync(folder), [])
})

t.test('a journal that was left behind is replayed and continued', async (t) => {
  const folder = t.testdir()
  const lost = sqlite(`${folder}/a.db`)
  await lost.append(history('fido', 250))
  await lost.append([], { tracking: { applicationName: 'kennel', notificationId: 7 } })
  await lost.saveSnapshot({ ...stored('fido', 250), state: new Uint8Array([0, 255, 10]) })
  copyAll(`${folder}/a.db`, `${folder}/b.db`)
  const found = sqlite(`${folder}/b.db`)
  t.same((await found.select('fido')).length, 250)
  t.equal(await found.maxTrackingId('kennel'), 7)
  t.same((await found.snapshot('fido', 300, 'bytes'))?.state, new Uint8Array([0, 255, 10]))
  t.same(await found.append([stored('fido', 251)]), [251])
  copyAll(`${folder}/b.db`, `${folder}/c.db`)
  const last = sqlite(`${folder}/c.db`)
  t.equal(await last.maxNotificationId(), 251)
  await Promise.all([lost.close(), found.close(), last.close()])
})

t.test('a journal whose events are in the file is not applied twice', async (t) => {
  const folder = t.testdir()
  const school = sqlite(`${folder}/a.db`)
  await school.append(history('fido', 3))
  const journal = readFileSync(`${folder}/a.db.dog-school-journal`)
  await school.append(history('buster', 2))
  await school.close()
  writeFileSync(`${folder}/a.db.dog-school-journal`, journal)
  const again = sqlite(`${folder}/a.db`)
  t.same(
    (await again.notifications()).map(({ id }) => id),
    [1, 2, 3, 4, 5],
  )
  t.same(await again.append([stored('buster', 3)]), [6])
  await again.close()
})

t.test('appends that wait at the same time share one wait for the disk', async (t) => {
  let syncs = 0
  const disk: Disk = {
    ...nodeDisk,
    sync(handle) {
      syncs++
      nodeDisk.sync(handle)
    },
  }
  const school = sqlite(`${t.testdir()}/a.db`, { disk })
  await school.append([stored('first', 1)])
  syncs = 0
  const all = await Promise.allSettled([
    ...Array.from({ length: 16 }, (_, at) => school.append([stored(`dog${at}`, 1)])),
    school.append([stored('dog3', 1)]),
    school.append([stored('dog4', 3)]),
    school.append([stored('dog4', 2)]),
  ])
  t.equal(syncs, 1)
  t.same(
    all.slice(16).map((one) => (one.status === 'fulfilled' ? one.value : one.reason.code)),
    ['VERSION_CONFLICT', 'VERSION_GAP', [18]],
    'each is judged by itself',
  )
  await school.close()
})

t.test('the journal is brought into the file before it has grown large', async (t) => {
  const file = `${t.testdir()}/a.db`
  const school = sqlite(file)
  await school.append(history('fido', 40_000))
  const [before, journal] = [statSync(file).size, statSync(`${file}.dog-school-journal`).size]
  while (existsSync(`${file}.dog-school-journal`)) await new Promise(setImmediate)
  t.ok(journal > 4 * 1024 * 1024 && before < 100_000)
  t.ok(statSync(file).size > 3 * 1024 * 1024)
  t.same(await school.append([stored('fido', 40_001)]), [40_001], 'and goes on')
  await school.close()
})

t.test('a checkpoint is written part by part, and other work is done in between', async (t) => {
  const file = `${t.testdir()}/a.db`
  const parts: number[] = []
  let meanwhile = async (): Promise<void> => {}
  const disk: Disk = {
    ...nodeDisk,
    write(handle, bytes, position) {
      t.notOk(handle.path.endsWith('a.db.dog-school-new') && bytes.length > 100_000, 'nothing large is waited for')
      nodeDisk.write(handle, bytes, position)
    },
    async writeLater(handle, bytes, position) {
      parts.push(bytes.length)
      await meanwhile()
      await nodeDisk.writeLater(handle, bytes, position)
    },
  }
  const school = sqlite(file, { disk })
  const large = (version: number) => ({ ...stored('fido', version), state: `{"all":"${'x'.repeat(900_000)}"}` })
  await school.append([stored('fido', 1)])
  await school.append([2, 3, 4, 5].map(large))
  await school.checkpoint()
  t.ok(parts.length >= 4 && Math.max(...parts) <= 2 ** 20, `there are ${parts.length} parts`)
  parts.length = 0
  await school.append([large(6)])
  meanwhile = async () => {
    t.same(await school.append([stored('rex', parts.length)]), [6 + parts.length], 'an append')
    t.equal((await school.select('rex')).length, parts.length, 'and a read')
  }
  await school.checkpoint()
  t.ok(parts.length >= 5)
  const seen = sqlite(file, { readOnly: true })
  t.equal(await seen.maxNotificationId(), 6 + parts.length)
  t.ok((await seen.status()).journalBytes > 0, 'what was appended meanwhile is in the journal still')
  meanwhile = async () => {}
  await school.close()
  t.notOk(existsSync(`${file}.dog-school-journal`))
})

t.test('closing waits for running appends, and later calls are refused', async (t) => {
  const file = `${t.testdir()}/a.db`
  const school = sqlite(file)
  const saving = school.append([stored('fido', 1)])
  const reading = school.select('fido')
  const closing = school.close()
  await t.rejects(school.append([stored('fido', 2)]), { code: 'CLOSED' })
  await t.rejects(school.select('fido'), { code: 'CLOSED' })
  await closing
  t.same(await saving, [1])
  t.equal((await reading).length, 1)
  await school.close()
  const again = sqlite(file)
  t.equal(await again.maxNotificationId(), 1)
  const [late, shut] = [again.append([stored('fido', 2)]), again.close()]
  t.same([await late, await shut], [[2], undefined])
})

t.test('the file keeps its mode, and a link to it stays a link', async (t) => {
  const folder = t.testdir()
  const school = sqlite(`${folder}/a.db`)
  await school.append([stored('fido', 1)])
  await school.close()
  chmodSync(`${folder}/a.db`, 0o640)
  symlinkSync('a.db', `${folder}/link.db`)
  const linked = sqlite(`${folder}/link.db`)
  await linked.append([stored('fido', 2)])
  await t.rejects(sqlite(`${folder}/a.db`).open(), { code: 'DATABASE_LOCKED' }, 'by whatever name')
  await linked.close()
  t.same(readdirSync(folder).sort(), ['a.db', 'link.db'])
  t.equal(statSync(`${folder}/a.db`).mode & 0o777, 0o640)
  const again = sqlite(`${folder}/a.db`)
  t.equal(await again.maxNotificationId(), 2)
  await again.close()
})

t.test('journal, new file and copy have the mode of the file', async (t) => {
  const folder = t.testdir()
  const file = `${folder}/a.db`
  const modeOf = (path: string): number => statSync(path).mode & 0o777
  let drafted = 0
  const rename: Disk['rename'] = (from, to) => {
    drafted = modeOf(from)
    nodeDisk.rename(from, to)
  }
  const school = sqlite(file, { disk: { ...nodeDisk, rename } })
  await school.append([stored('fido', 1)])
  await school.checkpoint()
  for (const mode of [0o600, 0o666]) {
    chmodSync(file, mode)
    await school.append([], { tracking: { applicationName: 'kennel', notificationId: mode } })
    t.equal(modeOf(`${file}.dog-school-journal`), mode)
    await school.backup(`${folder}/copy${mode}.db`)
    t.equal(modeOf(`${folder}/copy${mode}.db`), mode)
    await school.checkpoint()
    t.same([drafted, modeOf(file)], [mode, mode])
  }
  await school.close()
})

t.test('what is made beside a file of another user is given to that user, as far as the system lets us', async (t) => {
  const file = `${t.testdir()}/a.db`
  const made = sqlite(file)
  await made.append([stored('fido', 1)])
  await made.close()
  const stat: Disk['stat'] = (path) => {
    const state = nodeDisk.stat(path)
    return state && { ...state, uid: 4242, gid: 4343, mode: 0o664 }
  }
  const owners: string[] = []
  let refused = 0
  t.intercept(fs, 'fchownSync', {
    value: (_: number, uid: number, gid: number) => {
      owners.push(`${uid}:${gid}`)
      if (owners.length <= refused) throw Object.assign(new Error('EPERM'), { code: 'EPERM' })
    },
  })
  const own = statSync(file).uid
  for (const [refusals, asked, version] of [
    [0, ['4242:4343'], 2],
    [1, ['4242:4343', `${own}:4343`], 3],
    [2, ['4242:4343', `${own}:4343`], 4],
  ] as const) {
    owners.length = 0
    refused = refusals
    const school = sqlite(file, { disk: { ...nodeDisk, stat } })
    await school.append([stored('fido', version)])
    t.same(owners, asked)
    t.equal(statSync(`${file}.dog-school-journal`).mode & 0o777, 0o644, 'what that group may do is not for another')
    await school.close()
  }
})

t.test('awkward values come back as they were', async (t) => {
  const file = `${t.testdir()}/a.db`
  const texts = ['', `'"\`;--`, 'a\nb\r\n\tc', '🎾 ünï', 'x'.repeat(1_000_000), '{\ufffd}']
  const bytes = new Uint8Array([123, 0, 255, 254, 10, 13])
  const school = sqlite(file)
  await school.append(texts.map((state, at) => ({ ...stored(texts[at] || '-', 1), topic: state, state })))
  await school.append([{ ...stored('raw', 1), state: bytes }])
  copyAll(file, `${file}2`)
  for (const each of [school, sqlite(`${file}2`)]) {
    for (const text of texts) t.equal((await each.select(text || '-'))[0]?.state, text)
    t.same((await each.select('raw', { as: 'bytes' }))[0]?.state, bytes)
    await t.rejects(each.select('raw'), { code: 'CORRUPT_EVENT' })
    await each.close()
  }
})

t.test('the sqlite3 program finds the rows', { skip: withoutSqlite3 }, async (t) => {
  const file = `${t.testdir()}/a.db`
  const school = sqlite(file)
  await school.append([stored('fido', 1), stored('fido', 2, 'sit 🎾')])
  await school.close()
  t.equal(
    sqlite3(
      file,
      'SELECT rowid, originator_id, originator_version, topic, typeof(state), CAST(state AS TEXT) FROM stored_events WHERE rowid = 2',
    ),
    `2|fido|2|dogschool:Dog.TrickAdded|blob|${stored('fido', 2, 'sit 🎾').state}`,
  )
  t.match(
    sqlite3(file, '.schema stored_events'),
    /^CREATE TABLE stored_events \(originator_id TEXT, originator_version INTEGER, topic TEXT, state BLOB, PRIMARY KEY \(originator_id, originator_version\)\);$/m,
  )
  t.equal(sqlite3(file, 'PRAGMA integrity_check; PRAGMA journal_mode'), 'ok\ndelete')
})

function copyAll(from: string, to: string): void {
  for (const suffix of ['', '.dog-school-journal'])
    if (existsSync(from + suffix)) writeFileSync(to + suffix, readFileSync(from + suffix))
}
