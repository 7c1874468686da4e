/** How many events a run has saved so far is said while it goes, and not with each of them. */
import t from 'tap'
import { MemoryRecorder, type StoredEvent } from '../../src'
import { SavedSoFar } from '../../src/notebook/worker/saved-so-far'

const event = (version: number): StoredEvent => ({ aggregateId: 'a', version, topic: 'Told', state: '{}' })

t.test('what a run has saved is counted, and said now and then', async (t) => {
  let now = 0
  const said: number[] = []
  const saved = new SavedSoFar(
    (count) => said.push(count),
    () => now,
  )
  const store = new MemoryRecorder()
  saved.hear(store)
  saved.begins()
  t.strictSame(await store.append([event(1), event(2)]), [1, 2], 'it appends as before')
  t.strictSame(said, [], 'a run that is soon over says nothing')
  now = 300
  await store.append([event(3)])
  await store.append([event(4)])
  t.strictSame(said, [3])
  now = 600
  await t.rejects(store.append([event(4)]))
  t.strictSame(said, [3], 'what was not saved is not counted')
  await store.append([event(5)])
  t.strictSame(said, [3, 5])
  saved.begins()
  now = 900
  await store.append([event(6)])
  t.strictSame(said, [3, 5, 1], 'each run for itself')
})
