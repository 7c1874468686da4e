import { copyFileSync, existsSync, renameSync, rmSync } from 'node:fs'
import { type Disk, nodeDisk, type SqliteRecorder, sqlite } from 'dog-school/sqlite'
import t, { type Test } from 'tap'
import { stored } from './crash/stored'

const lock = '.dog-school-lock'
const journal = '.dog-school-journal'
const lost = {
  code: 'DATABASE_LOCKED',
  message: /was removed or replaced while .* was open here.*open the database again/,
}
const astray = { code: 'JOURNAL', message: /was removed or replaced.*checkpoint\(\)/ }

async function opened(t: Test): Promise<{ file: string; school: SqliteRecorder }> {
  const file = `${t.testdir()}/a.db`
  const school = sqlite(file)
  await school.append([stored('fido', 1)])
  return { file, school }
}

async function all(file: string): Promise<string[]> {
  const school = sqlite(file)
  const found = await school.notifications()
  await school.close()
  return found.map(({ id, aggregateId, version }) => `${id} ${aggregateId} ${version}`)
}

/** Puts another file with the same in it in its place. */
function replace(path: string): void {
  copyFileSync(path, `${path}.copy`)
  renameSync(`${path}.copy`, path)
}

t.test('the elder of two writers is refused, and what the younger recorded stays', async (t) => {
  const { file, school } = await opened(t)
  rmSync(file + lock)
  const younger = sqlite(file)
  t.same(await younger.append([stored('rex', 1)]), [2])
  await t.rejects(school.append([stored('fido', 2)]), lost)
  await t.rejects(school.append([stored('fido', 2)]), {
    message: new RegExp(`process ${process.pid} on .* has it open now`),
  })
  await t.rejects(school.append([], { tracking: { applicationName: 'kennel', notificationId: 1 } }), lost)
  await t.rejects(school.saveSnapshot(stored('fido', 1)), lost)
  await t.rejects(school.checkpoint(), lost)
  await t.rejects(school.query('DELETE FROM stored_events', { write: true }), lost)
  t.equal(await school.maxNotificationId(), 1, 'it can still be read')
  await t.rejects(school.close(), lost)
  t.ok(existsSync(file + lock), "the lock is the younger's")
  t.same(await younger.append([stored('rex', 2)]), [3])
  await younger.close()
  t.same(await all(file), ['1 fido 1', '2 rex 1', '3 rex 2'])
})

t.test('also where the younger has come and gone', async (t) => {
  const { file, school } = await opened(t)
  rmSync(file + lock)
  const younger = sqlite(file)
  await younger.append([stored('rex', 1)])
  await younger.close()
  const refused = await Promise.allSettled([school.append([stored('fido', 2)]), school.append([stored('luna', 1)])])
  for (const each of refused) t.match(each, { status: 'rejected', reason: { ...lost, message: /another process may/ } })
  await t.rejects(school.close(), lost)
  t.same(await all(file), ['1 fido 1', '2 rex 1'])
})

t.test('a database without anything in its journal is not overwritten either', async (t) => {
  const { file, school } = await opened(t)
  await school.checkpoint()
  rmSync(file + lock)
  await t.rejects(school.query('DELETE FROM stored_events', { write: true }), lost)
  t.equal(await school.maxNotificationId(), 1, 'it was undone')
  await school.close()
  t.same(await all(file), ['1 fido 1'])
})

t.test('a lock that goes while the file is being written', async (t) => {
  const file = `${t.testdir()}/a.db`
  let meanwhile = (): void => {}
  const disk: Disk = {
    ...nodeDisk,
    async writeLater(handle, bytes, position) {
      await nodeDisk.writeLater(handle, bytes, position)
      if (handle.path.endsWith('-new')) meanwhile()
    },
  }
  const school = sqlite(file, { disk })
  await school.append([stored('fido', 1)])
  meanwhile = () => rmSync(file + lock)
  await t.rejects(school.checkpoint(), lost)
  meanwhile = () => {}
  const younger = sqlite(file)
  t.same(await younger.append([stored('rex', 1)]), [2])
  await t.rejects(school.close(), lost)
  await younger.close()
  t.same(await all(file), ['1 fido 1', '2 rex 1'])
})

t.test('a lock that is another file with the same in it is ours', async (t) => {
  const { file, school } = await opened(t)
  t.same(await school.append([stored('fido', 2)]), [2])
  replace(file + lock)
  t.same(await school.append([stored('fido', 3)]), [3])
  await school.close()
  t.notOk(existsSync(file + lock))
})

for (const [what, disturb] of [
  ['removed', (path: string) => rmSync(path)],
  ['renamed', (path: string) => renameSync(path, `${path}.old`)],
  ['replaced', replace],
] as const)
  t.test(`nothing is acknowledged into a journal that was ${what}`, async (t) => {
    const { file, school } = await opened(t)
    disturb(file + journal)
    await t.rejects(school.append([stored('fido', 2)]), astray)
    const both = await Promise.allSettled([school.append([stored('fido', 2)]), school.append([stored('rex', 1)])])
    for (const each of both) t.match(each, { status: 'rejected', reason: astray })
    t.equal(await school.maxNotificationId(), 1)
    await school.checkpoint()
    t.same(await school.append([stored('fido', 2)]), [2], 'after a checkpoint it goes on')
    await school.close()
    t.same(await all(file), ['1 fido 1', '2 fido 2'])
  })

t.test('a journal that was left behind and is removed before it is used again', async (t) => {
  const { file, school } = await opened(t)
  // As after a crash: the lock goes, the journal stays.
  rmSync(file + lock)
  await t.rejects(school.close(), lost)
  const next = sqlite(file)
  t.equal(await next.maxNotificationId(), 1)
  rmSync(file + journal)
  await t.rejects(next.append([stored('fido', 2)]), astray)
  await next.close()
  t.same(await all(file), ['1 fido 1'], 'closing puts it into the file')
})
