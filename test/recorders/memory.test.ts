/** The memory recorder keeps the contract of all recorders. */
import { MemoryRecorder } from 'dog-school'
import t from 'tap'
import { recorderContract } from '../contract/recorder'
import { row } from '../contract/rows'

recorderContract(t, () => new MemoryRecorder())

t.test('there is no end to the snapshots of one aggregate', async (t) => {
  const recorder = new MemoryRecorder()
  const { version: _, ...snapshot } = row('fido', 1)
  for (let version = 1; version <= 200_000; version++) void recorder.saveSnapshot({ ...snapshot, version })
  t.equal((await recorder.snapshot('fido'))?.version, 200_000)
})
