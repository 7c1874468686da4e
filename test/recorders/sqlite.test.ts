import { sqlite } from 'dog-school/sqlite'
import { recorderContract } from 'dog-school/testing'
import t from 'tap'

t.test('in a file', async (t) => {
  const folder = t.testdir()
  let files = 0
  for (const { name, run } of recorderContract(() => sqlite(`${folder}/${++files}.db`))) t.test(name, run)
})

t.test('in memory', async (t) => {
  for (const { name, run } of recorderContract(() => sqlite(':memory:'))) t.test(name, run)
})
