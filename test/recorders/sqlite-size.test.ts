/** How large a database may become, and that nothing is lost at the limit. */
import { copyFileSync, existsSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { type SqliteRecorder, sqlite } from 'dog-school/sqlite'
import t from 'tap'
import { failing } from './crash/failing-disk'
import { history, muchIsTooLarge, stored } from './crash/stored'

const journal = '.dog-school-journal'
const full = { code: 'STORAGE', message: /would grow beyond .* [kM]B.*nothing was recorded.*query\(sql/ }

/** Appends a hundred events at a time until that is refused; returns how many were recorded, and the refusal. */
async function fill(school: SqliteRecorder, id = 'fido'): Promise<{ count: number; error: Error }> {
  for (let count = (await school.select(id)).length; ; count += 100)
    try {
      await school.append(history(id, 100, count + 1))
    } catch (error) {
      return { count, error: error as Error }
    }
}

t.test('an append that would make it too large is refused, and everything else works', async (t) => {
  const file = `${t.testdir({ after: {} })}/a.db`
  const problems: Error[] = []
  const options = { maxBytes: 400_000, onProblem: (problem: Error) => problems.push(problem) }
  const school = sqlite(file, options)
  const { count, error } = await fill(school)
  t.match(error, full)
  t.ok(count > 1_000, `${count} events were recorded`)
  t.match(
    problems,
    [{ code: 'STORAGE', message: /has grown to [23]\d\d kB of at most 400 kB: delete what is no longer needed/ }],
    'it was said in time',
  )
  t.equal(await school.maxNotificationId(), count)
  t.same(await school.append([], { tracking: { applicationName: 'kennel', notificationId: 1 } }), [])
  await t.rejects(school.query('INSERT INTO dog_school_snapshots SELECT * FROM stored_events', { write: true }), full)
  for (const suffix of ['', journal])
    if (existsSync(file + suffix)) copyFileSync(file + suffix, `${t.testdirName}/after/a.db${suffix}`)
  t.equal(await sqlite(`${t.testdirName}/after/a.db`, { readOnly: true }).maxNotificationId(), count, 'after a crash')
  await school.close()
  t.ok(statSync(file).size <= 400_000)

  const again = sqlite(file, options)
  await t.rejects(again.append(history('fido', 100, count + 1)), full)
  await again.query('DELETE FROM stored_events WHERE rowid < 500', { write: true })
  t.same((await again.append(history('rex', 100)))[0], count + 1, 'with room again, it goes on')
  await again.close()
})

t.test('in memory too', async (t) => {
  const problems: Error[] = []
  const onProblem = (problem: Error): never => {
    problems.push(problem)
    throw new Error('of who listens')
  }
  const warned = new Promise<Error>((resolve) => process.once('warning', resolve))
  const school = sqlite(':memory:', { maxBytes: 200_000, onProblem })
  const { count, error } = await fill(school)
  t.match(error, full, 'not because of who listens')
  t.match(await warned, { message: 'of who listens' })
  t.equal(await school.maxNotificationId(), count)
  t.equal(problems.length, 1)
})

t.test('a file that is larger already can be read, and made smaller', async (t) => {
  const file = `${t.testdir()}/a.db`
  const large = sqlite(file)
  await large.append(history('fido', 2_000))
  await large.close()
  const school = sqlite(file, { maxBytes: 200_000, onProblem() {} })
  t.equal(await school.maxNotificationId(), 2_000)
  await t.rejects(school.append(history('rex', 100)), full)
  await school.query('DELETE FROM stored_events WHERE rowid < 1500', { write: true })
  t.same((await school.append(history('rex', 10)))[0], 2_001)
  await school.close()
  t.equal(await sqlite(file, { readOnly: true, maxBytes: 1_000 }).maxNotificationId(), 2_010, 'and always be looked at')
})

t.test('a journal that no checkpoint can empty does not grow too large to be read', async (t) => {
  const file = `${t.testdir()}/a.db`
  const { disk, fail, repair } = failing()
  const school = sqlite(file, { disk, maxBytes: 3_000_000, onProblem() {} })
  await school.append([stored('fido', 1)])
  fail('write', '-new')
  const snapshot = { ...stored('fido', 1), state: `{"all":"${'x'.repeat(100_000)}"}` }
  let error: Error | undefined
  while (!error) await school.saveSnapshot(snapshot).catch((refusal) => (error = refusal))
  t.match(error, { code: 'STORAGE', message: /journal would grow too large.*the disk is full.*checkpoint\(\)/ })
  t.ok(statSync(file + journal).size <= 3_000_000 + 2 ** 20, 'what is in it, and room for more')
  repair()
  await school.checkpoint()
  await school.saveSnapshot(snapshot)
  await school.close()
})

t.test('a commit that is too large for a string is refused, and others in its group are recorded', async (t) => {
  const school = sqlite(`${t.testdir()}/a.db`)
  await school.append([stored('fido', 1)])
  muchIsTooLarge(t)
  const appends = await Promise.allSettled([
    school.append([stored('rex', 1)]),
    school.append([{ ...stored('fido', 2), topic: 'much' }]),
    school.append([stored('luna', 1)]),
  ])
  t.match(appends, [
    { status: 'fulfilled', value: [2] },
    { status: 'rejected', reason: { code: 'STORAGE', message: /This state is too large.*Invalid string length/ } },
    { status: 'fulfilled', value: [3] },
  ])
  await school.close()
})

t.test('after an event with a large state, more is recorded, and found after a crash', async (t) => {
  const folder = t.testdir({ after: {} })
  const [school, after] = [sqlite(`${folder}/a.db`), `${folder}/after/a.db`]
  // Each byte of it would be up to 14 characters of JSON.
  await school.append([{ ...stored('fido', 1), state: new Uint8Array(40_000_000) }])
  await school.checkpoint()
  t.same(await school.append([stored('fido', 2)]), [2])
  for (const suffix of ['', journal]) copyFileSync(`${folder}/a.db${suffix}`, after + suffix)
  t.equal(await sqlite(after, { readOnly: true }).maxNotificationId(), 2)
  await school.close()
})

t.test('a file of more than 2 GB is refused with an explanation', async (t) => {
  const file = `${t.testdir()}/a.db`
  writeFileSync(file, '')
  truncateSync(file, 2 ** 31)
  for (const readOnly of [false, true])
    await t.rejects(sqlite(file, { readOnly }).open(), { code: 'STORAGE', message: /larger than 2 GB/ })
})

t.test('the limit is a number of bytes, and has a limit', async (t) => {
  for (const maxBytes of [0, -1, 1.5, Number.NaN, 2_000_000_000, Infinity])
    await t.rejects(sqlite(':memory:', { maxBytes }).open(), TypeError, String(maxBytes))
})
