import { sqlite } from 'dog-school/sqlite'
import t from 'tap'
import { recorderContract } from '../contract/recorder'

t.test('in a file', async (t) => {
  const folder = t.testdir()
  let files = 0
  await recorderContract(t, async () => sqlite(`${folder}/${++files}.db`))
})

t.test('in memory', async (t) => {
  await recorderContract(t, async () => sqlite(':memory:'))
})
