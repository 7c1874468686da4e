import fs, { linkSync, lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { nodeDisk, sqlite } from 'dog-school/sqlite'
import initSqlJs from 'sql.js'
import t from 'tap'
import { stored } from './crash/stored'

/** A database with one event in it. */
async function made(file: string, ...sql: string[]): Promise<Buffer> {
  const school = sqlite(file)
  await school.append([stored('fido', 1)])
  for (const each of sql) await school.query(each, { write: true })
  await school.close()
  return readFileSync(file)
}

/** A database of another program. */
async function foreign(sql: string): Promise<Uint8Array> {
  const { Database } = await initSqlJs()
  return new Database().run(sql).export()
}

const bad: [what: string, bytes: (file: string) => Promise<Uint8Array>, code: string][] = [
  ['text', async () => Buffer.from('{"this":"is JSON"}'.repeat(20)), 'NOT_A_DATABASE'],
  ['a few bytes', async () => Buffer.from('SQLite'), 'NOT_A_DATABASE'],
  ['a database that was cut short', async (file) => (await made(file)).subarray(0, 9000), 'NOT_A_DATABASE'],
  ['a database whose schema is damaged', async (file) => (await made(file)).fill(0xff, 100, 4000), 'NOT_A_DATABASE'],
  [
    'a table of the same name but other columns',
    () => foreign('CREATE TABLE stored_events (id TEXT, name TEXT)'),
    'NOT_A_DATABASE',
  ],
  ['a newer schema', (file) => made(file, 'UPDATE dog_school_schema SET version = 2'), 'NEWER_SCHEMA'],
]

for (const [what, bytes, code] of bad)
  for (const readOnly of [false, true])
    t.test(`${what} is refused${readOnly ? ' for reading too' : ''}, and left as it was`, async (t) => {
      const folder = t.testdir()
      const content = await bytes(`${folder}/a.db`)
      writeFileSync(`${folder}/a.db`, content)
      const school = sqlite(`${folder}/a.db`, { readOnly })
      await t.rejects(school.open(), { code })
      await t.rejects(school.select('fido'), { code }, 'it says so again')
      t.same(readFileSync(`${folder}/a.db`), Buffer.from(content))
      t.same(readdirSync(folder), ['a.db'])
      await school.close()
    })

t.test('paths that lead nowhere', async (t) => {
  const folder = t.testdir({ folder: {}, file: 'text' })
  const storage = (message: RegExp) => ({ code: 'STORAGE', message })
  await t.rejects(sqlite(`${folder}/folder`).open(), storage(/is a folder/))
  await t.rejects(sqlite(`${folder}/none/a.db`).open(), storage(/folder does not exist/))
  await t.rejects(sqlite(`${folder}/file/a.db`).open(), storage(/is a file, not a folder/))
  await t.rejects(sqlite(`${folder}/none.db`, { readOnly: true }).open(), storage(/no database/))
  t.same(readdirSync(folder).sort(), ['file', 'folder'])
})

t.test('a file URL names a whole path, and nothing else', async (t) => {
  const folder = t.testdir()
  const before = process.cwd()
  t.teardown(() => process.chdir(before))
  process.chdir(folder)
  for (const url of ['file:a.db', 'file:./a.db', `file://${folder}/a.db?mode=ro`, `file://${folder}/a.db#1`])
    t.throws(() => sqlite(url), { name: 'TypeError', message: /write its path/ }, url)
  const school = sqlite(pathToFileURL(`${folder}/a?#.db`).href)
  await school.append([stored('fido', 1)])
  await t.rejects(school.backup('file:b.db'), TypeError)
  await t.rejects(school.backup(':memory:'), { name: 'TypeError', message: /bytes\(\)/ })
  await school.close()
  t.same(readdirSync(folder), ['a?#.db'])
})

t.test('a path means what it meant when the recorder was made', async (t) => {
  const folder = t.testdir({ other: {} })
  const before = process.cwd()
  t.teardown(() => process.chdir(before))
  process.chdir(folder)
  const school = sqlite('a.db')
  process.chdir('other')
  await school.append([stored('fido', 1)])
  await school.close()
  t.same(readdirSync(folder), ['a.db', 'other'])
  t.equal(school.file, 'a.db')
})

t.test('a link to a file that is not there yet is followed', async (t) => {
  const folder = t.testdir({ real: {} })
  symlinkSync('real/second.db', `${folder}/first.db`)
  symlinkSync(`a.db`, `${folder}/real/second.db`)
  const school = sqlite(`${folder}/first.db`)
  await school.append([stored('fido', 1)])
  await school.close()
  t.same(readdirSync(`${folder}/real`).sort(), ['a.db', 'second.db'])
  t.ok(lstatSync(`${folder}/first.db`).isSymbolicLink())
  t.equal(await sqlite(`${folder}/real/a.db`, { readOnly: true }).maxNotificationId(), 1)
  symlinkSync('none/a.db', `${folder}/astray.db`)
  await t.rejects(sqlite(`${folder}/astray.db`).open(), { code: 'STORAGE', message: /folder does not exist/ })
  symlinkSync('round.db', `${folder}/round.db`)
  await t.rejects(sqlite(`${folder}/round.db`).open(), { code: 'STORAGE', message: /form a circle/ })
})

t.test('a file with a second name is read, and not written to', async (t) => {
  const folder = t.testdir()
  await made(`${folder}/a.db`)
  linkSync(`${folder}/a.db`, `${folder}/b.db`)
  for (const name of ['a.db', 'b.db']) {
    await t.rejects(sqlite(`${folder}/${name}`).open(), { code: 'STORAGE', message: /hard links.*remove the others/ })
    t.equal(await sqlite(`${folder}/${name}`, { readOnly: true }).maxNotificationId(), 1)
  }
})

t.test('a link in place of a file that is about to be created is not followed', async (t) => {
  const folder = t.testdir({ precious: 'do not touch' })
  const school = sqlite(`${folder}/a.db`)
  await school.open()
  for (const suffix of ['new', 'journal']) symlinkSync('precious', `${folder}/a.db.dog-school-${suffix}`)
  await school.append([stored('fido', 1)])
  symlinkSync('precious', `${folder}/a.db.dog-school-new`)
  await school.close()
  t.equal(readFileSync(`${folder}/precious`, 'utf8'), 'do not touch')
  t.same(readdirSync(folder).sort(), ['a.db', 'precious'])
})

t.test('a folder that may be written to, but not be listed or synced, is good enough', async (t) => {
  const folder = t.testdir()
  const [openSync, fsyncSync] = [fs.openSync, fs.fsyncSync]
  const code = (text: string) => Object.assign(new Error(text), { code: text })
  let [listing, syncing] = ['', '']
  t.intercept(fs, 'openSync', {
    value: (path: string, ...rest: [string]) => {
      if (path === folder && listing) throw code(listing)
      return openSync(path, ...rest)
    },
  })
  t.intercept(fs, 'fsyncSync', {
    value: (fd: number) => {
      if (syncing) throw code(syncing)
      fsyncSync(fd)
    },
  })
  const school = sqlite(`${folder}/a.db`)
  await school.open()
  for (const [open, sync] of [
    ['EACCES', ''],
    ['', 'EINVAL'],
  ] as const) {
    ;[listing, syncing] = [open, sync]
    await school.append([], { tracking: { applicationName: `kennel${open}`, notificationId: 1 } })
    await school.checkpoint()
  }
  for (const [open, sync] of [
    ['EMFILE', ''],
    ['', 'EIO'],
  ] as const) {
    ;[listing, syncing] = [open, sync]
    await t.rejects(school.append([stored('fido', 1)]), { code: 'STORAGE', message: open || sync })
  }
  ;[listing, syncing] = ['', '']
  await school.close()
})

t.test('a file that may not be written can be read', async (t) => {
  const file = `${t.testdir()}/a.db`
  await made(file)
  const disk = { ...nodeDisk, mayWrite: () => false }
  await t.rejects(sqlite(file, { disk }).open(), { code: 'STORAGE', message: /readOnly/ })
  t.equal(await sqlite(file, { disk, readOnly: true }).maxNotificationId(), 1)
})

t.test('a folder that may not be written to', async (t) => {
  const file = `${t.testdir()}/a.db`
  await made(file)
  const create = () => {
    throw Object.assign(new Error('injected'), { code: 'EACCES' })
  }
  await t.rejects(sqlite(file, { disk: { ...nodeDisk, create } }).open(), { code: 'STORAGE', message: /readOnly/ })
})

t.test('a statement that removes a table is undone', async (t) => {
  const school = sqlite(`${t.testdir()}/a.db`)
  await school.append([stored('fido', 1)])
  await t.rejects(school.query('DROP TABLE stored_events', { write: true }), { code: 'NOT_A_DATABASE' })
  t.same(await school.append([stored('fido', 2)]), [2])
  await school.close()
})

t.test('a database can be opened after it was refused', async (t) => {
  const folder = t.testdir()
  const school = sqlite(`${folder}/sub/a.db`)
  await t.rejects(school.append([stored('fido', 1)]), { code: 'STORAGE' })
  mkdirSync(`${folder}/sub`)
  t.same(await school.append([stored('fido', 1)]), [1])
  await school.close()
})

t.test('an empty file, and one with tables of somebody else, are added to when something is recorded', async (t) => {
  const folder = t.testdir({ 'empty.db': '' })
  const theirs = await foreign("PRAGMA user_version = 9; CREATE TABLE dogs AS SELECT 'Rex' AS name")
  writeFileSync(`${folder}/a.db`, theirs)
  const looked = sqlite(`${folder}/a.db`)
  t.same(await looked.notifications(), [])
  await looked.close()
  t.same(readFileSync(`${folder}/a.db`), Buffer.from(theirs), 'looking changes nothing')
  await t.rejects(sqlite(`${folder}/empty.db`, { readOnly: true }).open(), { code: 'STORAGE', message: /is empty/ })
  const heard: string[] = []
  for (const name of ['a.db', 'empty.db']) {
    const school = sqlite(`${folder}/${name}`, { onProblem: ({ message }) => heard.push(message) })
    t.same(await school.append([stored('fido', 1)]), [1])
    await school.close()
  }
  t.match(heard, [/empty\.db is empty \(0 bytes\)/])
  t.equal(heard.length, 1)
  const again = sqlite(`${folder}/a.db`)
  t.same((await again.query('SELECT name FROM dogs')).rows, [['Rex']])
  t.equal(await again.maxNotificationId(), 1)
  await again.close()
})

t.test('damage in the rows is an error of the read that meets it', async (t) => {
  const file = `${t.testdir()}/a.db`
  const school = sqlite(file)
  for (let version = 1; version <= 400; version++) await school.append([stored('fido', version)])
  await school.close()
  const bytes = readFileSync(file)
  bytes.fill(0xee, bytes.length - 30_000, bytes.length - 10_000)
  writeFileSync(file, bytes)
  const damaged = sqlite(file)
  await t.rejects(damaged.notifications(), { code: 'NOT_A_DATABASE', message: /damaged.*backup/ })
  t.not((await damaged.status()).integrity, 'ok')
  await damaged.close()
  t.same(readFileSync(file), bytes)
})
