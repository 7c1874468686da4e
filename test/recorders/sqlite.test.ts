import type { Recorder } from 'dog-school'
import { sqlite } from 'dog-school/sqlite'
import { recorderContract } from 'dog-school/testing'
import t from 'tap'

t.test('in a file', async (t) => {
  const folder = t.testdir()
  const files = new Map<Recorder, string>()
  const open = (file = `${folder}/${files.size}.db`) => {
    const recorder = sqlite(file)
    files.set(recorder, file)
    return recorder
  }
  const reopen = (closed: Recorder) => open(files.get(closed))
  for (const { name, run } of recorderContract(() => open(), { reopen })) t.test(name, run)
})

t.test('in memory', async (t) => {
  for (const { name, run } of recorderContract(() => sqlite(':memory:'))) t.test(name, run)
})

t.test('where chance is seeded, two of them have nothing in common', async (t) => {
  const { random } = Math
  t.teardown(() => {
    Math.random = random
  })
  Math.random = () => 0.5
  const recorders = [sqlite(':memory:'), sqlite(':memory:')]
  for (const recorder of recorders) {
    await recorder.append([{ aggregateId: 'f'.repeat(32), version: 1, topic: 'a:B.C', state: '{}' }])
    t.equal((await recorder.notifications()).length, 1)
  }
  for (const recorder of recorders) await recorder.close()
})
