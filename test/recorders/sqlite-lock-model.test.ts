import t from 'tap'
import { explore, type Model } from './crash/lock-model'

const lock = ''
const takeover = '.takeover'

const models: Record<string, Model> = {
  'two, twice each': { processes: 2, rounds: 2 },
  'two after a crash, twice each': { processes: 2, rounds: 2, stale: [lock] },
  'two after two crashes, and both may be killed': { processes: 2, crashes: 2, stale: [lock, takeover] },
  three: { processes: 3 },
  'three after a crash': { processes: 3, stale: [lock] },
  'three after a crash in a takeover': { processes: 3, stale: [lock, takeover] },
  'three after a crash, and one is killed': { processes: 3, crashes: 1, stale: [lock] },
}
const long: Record<string, Model> = {
  'two after two crashes, three times each, and one is killed': {
    processes: 2,
    rounds: 3,
    crashes: 1,
    stale: [lock, takeover],
  },
  'three after a crash, and all are killed': { processes: 3, crashes: 3, stale: [lock] },
  'three after two crashes, and one is killed': { processes: 3, crashes: 1, stale: [lock, takeover] },
}

for (const [name, model] of Object.entries(process.env.DOG_SCHOOL_LONG ? { ...models, ...long } : models))
  t.test(`one at a time, in whatever order they come: ${name}`, async (t) => {
    const { states, faults } = explore(model)
    t.same(faults, [])
    t.ok(states > 100, `${states} states`)
  })

t.test('a process that takes the lock of a living one is noticed', async (t) => {
  const { faults } = explore({ processes: 2, judge: () => true })
  t.match(faults.join(), /the lock of one who lives is gone/)
})
t.test('a process that never takes over is noticed', async (t) => {
  const { faults } = explore({ processes: 2, stale: [lock], judge: () => false })
  t.match(faults.join(), /nobody can ever have the lock again/)
})
