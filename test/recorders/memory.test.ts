/** The memory recorder keeps the contract of all recorders. */
import { MemoryRecorder } from 'dog-school'
import { recorderContract } from 'dog-school/testing'
import t from 'tap'
import { row } from '../../src/testing/contract/rows'

for (const { name, run } of recorderContract(() => new MemoryRecorder())) t.test(name, run)

t.test('there is no end to the snapshots of one aggregate', async (t) => {
  const recorder = new MemoryRecorder()
  const { version: _, ...snapshot } = row('fido', 1)
  for (let version = 1; version <= 200_000; version++) void recorder.saveSnapshot({ ...snapshot, version })
  t.equal((await recorder.snapshot('fido'))?.version, 200_000)
})
