/** The memory recorder keeps the contract of all recorders. */
import { MemoryRecorder } from 'dog-school'
import { recorderContract } from 'dog-school/testing'
import t from 'tap'
import { TagIndex } from '../../src/port/tag-index'
import { row } from '../../src/testing/contract/rows'

for (const { name, run } of recorderContract(() => new MemoryRecorder())) t.test(name, run)

t.test('there is no end to the snapshots of one aggregate', async (t) => {
  const recorder = new MemoryRecorder()
  const { version: _, ...snapshot } = row('fido', 1)
  for (let version = 1; version <= 200_000; version++) void recorder.saveSnapshot({ ...snapshot, version })
  t.equal((await recorder.snapshot('fido'))?.version, 200_000)
})

t.test('of a large log, the index looks at few events', async (t) => {
  let looks = 0
  const event = (id: number, topic: string, ...tags: string[]) => ({
    topic,
    tags,
    get id() {
      return ++looks && id
    },
  })
  const log = Array.from({ length: 20_000 }, (_, at) =>
    event(at + 1, 'Joined', 'all', at % 1000 ? 'most' : 'few', at < 19_990 ? 'old' : 'new'),
  )
  const index = new TagIndex(log)
  const range = { after: 0, upTo: Infinity, limit: Infinity, descending: false }
  const positions = (
    tags: string[],
    options: Partial<typeof range>,
    most: number,
    topic: string | undefined = 'Joined',
  ) => {
    index.topics('') // What is new is read once, by whoever asks first.
    looks = 0
    const found = index.positions(topic, tags, { ...range, ...options })
    t.ok(looks <= most, `${looks} looks for ${tags}`)
    return found
  }
  t.equal(positions(['all', 'most', 'few'], {}, 1000).length, 0)
  t.strictSame(positions(['few', 'all'], { after: 18_000 }, 100), [18_001, 19_001])
  t.strictSame(positions(['all', 'few'], { after: 18_000 }, 100), [18_001, 19_001])
  t.strictSame(positions(['most', 'old'], { after: 19_988 }, 100), [19_989, 19_990])
  t.strictSame(positions(['all'], { descending: true, limit: 2, upTo: 500 }, 60), [500, 499])
  t.strictSame(positions(['all'], { after: 19_999 }, 60), [20_000])
  for (const after of [20_000, 20_001]) t.strictSame(positions(['all'], { after }, 2), [], 'nothing has come')
  t.strictSame(positions(['nobody', 'all'], {}, 0), [])
  t.strictSame(positions([], {}, 0, 'Left'), [])
  log.push(event(20_001, 'Left', 'all'))
  t.strictSame(index.topics('most'), ['Joined'])
  t.strictSame(index.topics('all'), ['Joined', 'Left'])
  t.strictSame(positions(['all'], {}, 5, 'Left'), [20_001])
})
