/** How many events there are of each type and version. */
import {
  Aggregate,
  Application,
  type Cipher,
  census,
  defineEvent,
  type EventCount,
  events,
  type FormerEvents,
  MemoryRecorder,
  type Upcast,
} from 'dog-school'
import { sqlite } from 'dog-school/sqlite'
import fc from 'fast-check'
import t from 'tap'

const same: Upcast = (payload) => payload

/** A dog of a build whose TrickAdded has this version. */
function dogs(version: number) {
  const Learned = defineEvent('TrickAdded', ['trick'], { upcasts: Array.from({ length: version - 1 }, () => same) })
  return events(
    class Dog extends Aggregate {
      static override readonly topic = 'kennel:Dog'
      addTrick(_trick: string) {}
      bark() {}
    },
    { constructor: 'Registered', addTrick: Learned, bark: 'Barked' },
  )
}

const builds = [1, 2, 3, 4].map(dogs)
const Dog = (version: number) => builds[version - 1] as ReturnType<typeof dogs>

/** Each as one line: what there is, and how much of it. */
const told = (counts: readonly EventCount[]): string[] =>
  counts.map(({ topic, version, currentVersion, standing, count, first, last }) =>
    [topic, version, currentVersion, standing, count, first.position, last.position].join(' '),
  )

t.test('old, current and newer versions, former, unknown and unreadable events', async (t) => {
  const recorder = new MemoryRecorder()
  for (const version of [1, 2, 2, 4]) {
    const dog = new (Dog(version))()
    dog.addTrick('sit')
    dog.bark()
    await new Application(recorder, { aggregates: [Dog(version)] }).save(dog)
  }
  await recorder.append([
    {
      aggregateId: 'tom',
      version: 1,
      topic: 'cattery:Cat.Born',
      state: '{"timestamp":{"_type_":"datetime_iso","_data_":"2026-11-23T04:34:56+00:00"}}',
    },
    { aggregateId: 'rex', version: 1, topic: 'kennel:Dog.Registered', state: 'torn' },
    { aggregateId: 'odd', version: 1, topic: 'no topic', state: '{}' },
  ])
  const Today = events(
    class Dog extends Aggregate {
      static override readonly topic = 'kennel:Dog'
      static override readonly former: FormerEvents = { Barked: () => [] }
      addTrick(_trick: string) {}
    },
    { constructor: 'Registered', addTrick: defineEvent('TrickAdded', ['trick'], { upcasts: [same] }) },
  )
  const kennel = new Application(recorder, { aggregates: [Today] })
  const counts = await census(kennel)
  t.strictSame(told(counts), [
    'cattery:Cat.Born 1  unknown 1 13 13',
    'kennel:Dog.Barked 1  former 4 3 12',
    'kennel:Dog.Registered 1 1 current 4 1 10',
    'kennel:Dog.Registered  1 unreadable 1 14 14',
    'kennel:Dog.TrickAdded 1 2 old 1 2 2',
    'kennel:Dog.TrickAdded 2 2 current 2 5 8',
    'kennel:Dog.TrickAdded 4 2 newer 1 11 11',
    'no topic   unreadable 1 15 15',
  ])
  t.equal(counts[0]?.first.timestamp, '2026-11-23T04:34:56+00:00')
  t.match(counts[1]?.last.timestamp, /^\d{4}-/)
  t.equal(counts[3]?.first.timestamp, undefined)
})

t.test('page by page, with progress, and it can be ended', async (t) => {
  const kennel = new Application(sqlite(':memory:'), { aggregates: [Dog(1)] })
  const dog = new (Dog(1))()
  for (let n = 0; n < 2500; n++) dog.bark()
  await kennel.save(dog)
  const heard: number[][] = []
  const onProgress = (...args: number[]) => {
    heard.push(args)
    // What comes meanwhile is of no count.
    void kennel.save(new (Dog(1))())
  }
  const counts = await census(kennel, { onProgress })
  t.strictSame(told(counts), ['kennel:Dog.Barked 1 1 current 2500 2 2501', 'kennel:Dog.Registered 1 1 current 1 1 1'])
  t.strictSame(heard, [
    [1000, 1000, 2501],
    [2000, 2000, 2501],
    [2501, 2501, 2501],
  ])
  const reason = new Error('enough')
  const end = new AbortController()
  await t.rejects(census(kennel, { signal: end.signal, onProgress: () => end.abort(reason) }), reason)
  t.strictSame(await census(new Application(undefined, { name: 'kennel' })), [])
  for (const wrong of [undefined, kennel.recorder, kennel.mapper])
    await t.rejects(census(wrong as never), { name: 'TypeError', message: /takes an application/ })
  await kennel.close()
})

t.test('what is encrypted under another key is counted, and none of it is told', async (t) => {
  const turned = (by: number): Cipher => {
    const turn = (bytes: Uint8Array) => bytes.map((byte) => byte ^ by)
    return { encrypt: turn, decrypt: turn }
  }
  const recorder = new MemoryRecorder()
  const mine = new Application(recorder, { aggregates: [Dog(1)], cipher: turned(1) })
  await mine.save(new (Dog(1))())
  t.strictSame(told(await census(mine)), ['kennel:Dog.Registered 1 1 current 1 1 1'])
  const yours = new Application(recorder, { aggregates: [Dog(1)], cipher: turned(2) })
  t.strictSame(told(await census(yours)), ['kennel:Dog.Registered  1 unreadable 1 1 1'])
})

t.test('it counts what was recorded, whatever that is', async (t) => {
  const build = fc.record({ version: fc.integer({ min: 1, max: 4 }), tricks: fc.nat(5), barks: fc.nat(5) })
  await fc.assert(
    fc.asyncProperty(fc.array(build, { maxLength: 8 }), fc.integer({ min: 1, max: 4 }), async (builds, now) => {
      const recorder = new MemoryRecorder()
      const wanted = new Map<string, number>()
      const add = (key: string, count: number) => count && wanted.set(key, (wanted.get(key) ?? 0) + count)
      for (const { version, tricks, barks } of builds) {
        const dog = new (Dog(version))()
        for (let n = 0; n < tricks; n++) dog.addTrick('sit')
        for (let n = 0; n < barks; n++) dog.bark()
        await new Application(recorder, { aggregates: [Dog(version)] }).save(dog)
        add('Registered 1 current', 1)
        add(`TrickAdded ${version} ${version === now ? 'current' : version < now ? 'old' : 'newer'}`, tricks)
        add('Barked 1 current', barks)
      }
      const counts = await census(new Application(recorder, { aggregates: [Dog(now)] }))
      const found = counts.map((each) => [`${each.topic.slice(11)} ${each.version} ${each.standing}`, each.count])
      t.strictSame(Object.fromEntries(found), Object.fromEntries(wanted))
    }),
  )
})
