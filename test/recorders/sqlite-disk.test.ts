import { closeSync, copyFileSync, existsSync, openSync, readFileSync } from 'node:fs'
import { sqlite } from 'dog-school/sqlite'
import t from 'tap'
import { failing, type Step } from './crash/failing-disk'
import { history, journalOf, stored } from './crash/stored'

const journal = '.dog-school-journal'
const full = { code: 'STORAGE', message: /the disk is full/ }

for (const step of ['write', 'sync'] satisfies Step[])
  t.test(`a journal that cannot be written (${step}) fails the appends that wait, and nothing else`, async (t) => {
    const file = `${t.testdir()}/a.db`
    const { disk, fail, repair } = failing()
    const school = sqlite(file, { disk })
    await school.append([stored('fido', 1)])
    const before = journalOf(file)
    fail(step, journal)
    const lost = await Promise.allSettled([school.append([stored('fido', 2)]), school.append([stored('rex', 1)])])
    for (const one of lost) t.match(one, { status: 'rejected', reason: full })
    t.same(readFileSync(file + journal), before, 'the journal is cut back to what it was')
    t.equal(await school.maxNotificationId(), 1, 'nobody reads what was not recorded')
    repair()
    t.same(await school.append([stored('fido', 2)]), [2], 'with room again, it goes on')
    const seen = sqlite(file, { readOnly: true })
    t.same((await seen.notifications()).length, 2)
    await school.close()
  })

t.test('a journal that cannot even be cut back takes nothing more until it can', async (t) => {
  const file = `${t.testdir()}/a.db`
  const { disk, fail, repair } = failing()
  const school = sqlite(file, { disk })
  await school.append([stored('fido', 1)])
  fail('write', journal)
  fail('truncate', journal, 'EIO')
  await t.rejects(school.append([stored('fido', 2)]), full)
  await t.rejects(school.append([stored('rex', 1)]), { code: 'STORAGE', message: /EIO/ })
  const seen = sqlite(file, { readOnly: true })
  t.same((await seen.notifications()).length, 1, 'the torn line is left out')
  repair()
  t.same(await school.append([stored('rex', 1)]), [2])
  await school.close()
  const again = sqlite(file)
  t.same(
    (await again.notifications()).map(({ aggregateId }) => aggregateId),
    ['fido', 'rex'],
  )
  await again.close()
})

for (const [step, suffix] of [
  ['remove', journal],
  ['open', journal],
  ['write', journal],
  ['sync', journal],
  ['open', '-new'],
  ['write', '-new'],
  ['rename', '-new'],
] satisfies [Step, string][])
  t.test(`a first append is refused while ${step} of ${suffix} fails`, async (t) => {
    const file = `${t.testdir()}/a.db`
    const { disk, fail, repair } = failing()
    const school = sqlite(file, { disk })
    fail(step, suffix)
    await t.rejects(school.append([stored('fido', 1)]), full)
    t.equal(await school.maxNotificationId(), 0)
    repair()
    t.same(await school.append([stored('fido', 1)]), [1])
    await school.close()
  })

for (const step of ['open', 'write', 'sync', 'rename'] satisfies Step[])
  t.test(`a checkpoint that fails (${step}) leaves the file as it was and everything in the journal`, async (t) => {
    const file = `${t.testdir()}/a.db`
    const { disk, fail, repair } = failing()
    const school = sqlite(file, { disk })
    await school.append([stored('fido', 1)])
    const before = readFileSync(file)
    fail(step, '-new')
    await t.rejects(school.checkpoint(), full)
    t.same(readFileSync(file), before)
    t.notOk(existsSync(`${file}.dog-school-new`), 'nothing half written is left')
    t.same(await school.append([stored('fido', 2)]), [2], 'it goes on')
    await t.rejects(school.query('DELETE FROM stored_events', { write: true }), full)
    t.equal(await school.maxNotificationId(), 2, 'a write that cannot be kept is undone')
    await t.rejects(school.close(), full)
    t.notOk(existsSync(`${file}.dog-school-lock`), 'it lets go nevertheless')
    repair()
    const again = sqlite(file, { disk })
    t.equal((await again.select('fido')).length, 2)
    await again.close()
    t.notOk(existsSync(file + journal))
  })

t.test(
  'a journal that cannot be begun whole is begun anew, and nothing acknowledged is ever in half of one',
  async (t) => {
    const file = `${t.testdir({ after: {} })}/a.db`
    const { disk, fail, repair } = failing()
    const school = sqlite(file, { disk })
    await school.append([stored('fido', 1)])
    await school.checkpoint()
    // Out of descriptors for a moment: the folder of a new journal cannot be opened, to be synced.
    fail('syncFolder', '', 'EMFILE')
    await t.rejects(school.append([stored('fido', 2)]), { code: 'STORAGE', message: /EMFILE/ })
    t.notOk(existsSync(file + journal), 'what was refused is not there')
    repair()
    for (const version of [2, 3, 4]) t.same(await school.append([stored('fido', version)]), [version])
    for (const suffix of ['', journal]) copyFileSync(file + suffix, `${t.testdirName}/after/a.db${suffix}`)
    const after = sqlite(`${t.testdirName}/after/a.db`)
    t.equal(await after.maxNotificationId(), 4, 'a crash loses none of them')
    await Promise.all([school.close(), after.close()])
  },
)

t.test('a journal that cannot be closed is forgotten, and another file with its number is not touched', async (t) => {
  const folder = t.testdir({ precious: 'do not touch' })
  const { disk, fail, repair } = failing()
  const school = sqlite(`${folder}/a.db`, { disk })
  await school.append([stored('fido', 1)])
  fail('close', journal, 'EIO')
  await t.rejects(school.checkpoint(), { code: 'STORAGE', message: /EIO/ })
  repair()
  const other = openSync(`${folder}/precious`, 'r+')
  t.same(await school.append([stored('fido', 2)]), [2])
  closeSync(other)
  t.equal(readFileSync(`${folder}/precious`, 'utf8'), 'do not touch')
  const seen = sqlite(`${folder}/a.db`, { readOnly: true })
  t.equal(await seen.maxNotificationId(), 2)
  await school.close()
})

t.test('a write by SQL that cannot be kept is undone, and the next one is kept', async (t) => {
  const file = `${t.testdir()}/a.db`
  const { disk, fail, repair } = failing()
  const school = sqlite(file, { disk })
  await school.append(history('fido', 3))
  await school.checkpoint()
  fail('write', '-new')
  await t.rejects(school.query('DELETE FROM stored_events WHERE rowid = 3', { write: true }), full)
  t.equal((await school.select('fido')).length, 3)
  repair()
  await school.query('DELETE FROM stored_events WHERE rowid = 3', { write: true })
  t.same(await school.append([stored('fido', 3)]), [4], 'a position is never given again')
  await school.close()
  const again = sqlite(file)
  t.same(
    (await again.notifications()).map(({ id }) => id),
    [1, 2, 4],
  )
  await again.close()
})

t.test('an automatic checkpoint that fails is reported at once, and does not fail the append', async (t) => {
  const file = `${t.testdir()}/a.db`
  const { disk, fail, repair } = failing()
  let told: string[] = []
  let hear = (): void => {}
  const onProblem = (problem: Error): void => {
    told.push(`${(problem as { code?: string }).code} ${problem.message}`)
    hear()
  }
  const school = sqlite(file, { disk, onProblem })
  await school.append([stored('fido', 1)])
  t.equal((await school.status()).checkpoint, 'ok')
  fail('write', '-new')
  const heard = new Promise<void>((resolve) => {
    hear = resolve
  })
  t.equal((await school.append(history('fido', 36_000, 2))).length, 36_000)
  await heard
  t.match(told, [/^STORAGE .*the disk is full/])
  t.match((await school.status()).checkpoint, /the disk is full/)
  t.ok(existsSync(file + journal), 'the journal keeps all of it')
  t.same(await school.append([stored('fido', 36_002)]), [36_002])

  told = []
  await school.append(history('fido', 36_000, 36_003))
  await t.rejects(school.checkpoint(), full)
  t.same(told, [], 'the same reason is told once')
  repair()
  await school.checkpoint()
  t.equal((await school.status()).checkpoint, 'ok')
  t.notOk(existsSync(file + journal))
  await school.close()
})

t.test('with a small limit, the journal is brought into the file before it has reached that', async (t) => {
  const file = `${t.testdir()}/a.db`
  const school = sqlite(file, { maxBytes: 1_000_000, onProblem() {} })
  const snapshot = { ...stored('fido', 1), state: `{"all":"${'x'.repeat(50_000)}"}` }
  for (let saved = 0; saved < 60; saved++) {
    await school.saveSnapshot(snapshot)
    // A checkpoint may be under way.
    while ((await school.status()).journalBytes > 500_000) await new Promise(setImmediate)
  }
  await school.close()
})

t.test('without onProblem, it is a warning of the process', async (t) => {
  const { disk, fail, repair } = failing()
  const school = sqlite(`${t.testdir()}/a.db`, { disk })
  await school.append([stored('fido', 1)])
  fail('write', '-new')
  const warned = new Promise<Error>((resolve) => process.once('warning', resolve))
  await school.append(history('fido', 36_000, 2))
  t.match((await warned).message, /the disk is full/)
  repair()
  await school.close()
})

t.test('one that failed is tried again before the journal has grown much', async (t) => {
  const file = `${t.testdir()}/a.db`
  const { disk, fail, repair } = failing()
  const school = sqlite(file, { disk, onProblem() {} })
  await school.append([stored('fido', 1)])
  fail('write', '-new')
  await school.append(history('fido', 36_000, 2))
  await school.checkpoint().catch(() => {})
  repair()
  await school.append(history('rex', 36_000))
  while (existsSync(file + journal)) await new Promise(setImmediate)
  t.equal((await school.status()).checkpoint, 'ok')
  await school.close()
})

for (const step of ['open', 'write', 'sync', 'rename', 'remove'] satisfies Step[])
  t.test(`what was recorded during a checkpoint is kept, though its journal cannot be made (${step})`, async (t) => {
    const file = `${t.testdir()}/a.db`
    const { disk, fail, repair } = failing()
    const school = sqlite(file, { disk })
    await school.append([stored('fido', 1)])
    fail(step, `${journal}-new`)
    const during = await Promise.allSettled([school.checkpoint(), school.append([stored('fido', 2)])])
    t.match(during, [
      { status: 'rejected', reason: full },
      { status: 'fulfilled', value: [2] },
    ])
    t.same(await school.append([stored('fido', 3)]), [3])
    t.equal(await sqlite(file, { readOnly: true }).maxNotificationId(), 3)
    repair()
    await school.close()
    t.equal(await sqlite(file, { readOnly: true }).maxNotificationId(), 3)
    t.notOk(existsSync(`${file}${journal}-new`))
  })
