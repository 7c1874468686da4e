/** A save tells the truth: what rejects was not recorded, what was recorded is recorded once. */
import { Aggregate, Application, event, MemoryRecorder, VersionConflictError } from 'dog-school'
import t from 'tap'

@event('Bought')
class Bowl extends Aggregate {
  static override readonly topic: string = 'saves:Bowl'
  root: Record<string, unknown> = {}
  when = new Date(0)
  fills: number[] = []
  @event('Filled')
  fill(n: number) {
    this.fills.push(n)
  }
  @event('Tied')
  tie() {
    this.root.me = this.root
    this.when = new Date(Number.NaN)
  }
  @event('Listed')
  list(length: number) {
    let chain: object = {}
    for (let i = 0; i < length; i++) chain = { chain }
    this.root.chain = chain
  }
}

class SlowRecorder extends MemoryRecorder {
  selects = 0
  snapshotFails = false
  override select(...args: Parameters<MemoryRecorder['select']>) {
    this.selects++
    return super.select(...args)
  }
  override async saveSnapshot(...args: Parameters<MemoryRecorder['saveSnapshot']>) {
    if (this.snapshotFails) throw new Error('disk full')
    return super.saveSnapshot(...args)
  }
}

t.test('no state makes a save reject', async (t) => {
  for (const [what, change] of [
    ['a cycle and an invalid date', (bowl: Bowl) => bowl.tie()],
    ['a deep chain', (bowl: Bowl) => bowl.list(20_000)],
  ] as const) {
    const app = new Application(new MemoryRecorder(), { name: 'saves' })
    const bowl = new Bowl()
    change(bowl)
    t.equal((await app.save(bowl)).length, 2, what)
    t.equal(bowl.pendingEvents.length, 0, what)
    t.equal((await app.repository.get(Bowl, bowl.id)).version, 2, what)
  }
})

t.test('one aggregate may have any number of pending events', async (t) => {
  const bowl = new Bowl()
  for (let n = 0; n < 150_000; n++) bowl.fill(n)
  t.equal((await new Application(undefined, { name: 'saves' }).save(bowl)).length, 150_001)
})

@event('Built')
class Kennel extends Aggregate {
  static override readonly snapshotVersion = 1
  dogs = 0
  @event('DogIn')
  enter() {
    this.dogs++
  }
}

t.test('a snapshot that fails is reported once, and the save is done', async (t) => {
  const recorder = new SlowRecorder()
  recorder.snapshotFails = true
  const heard: string[] = []
  const app = new Application(recorder, {
    name: 'saves',
    snapshotEvery: [[Kennel, 1]],
    onProblem: ({ message }) => void heard.push(message),
  })
  const kennel = new Kennel()
  for (let i = 0; i < 3; i++) {
    kennel.enter()
    await app.save(kennel)
    t.equal(kennel.pendingEvents.length, 0)
  }
  t.same(heard, ['disk full'])
  t.equal((await app.repository.get(Kennel, kennel.id)).dogs, 3)
})

t.test('a class without snapshots is told so when one is due, and its subclasses have theirs', async (t) => {
  @event('Built')
  class House extends Aggregate {
    rooms = 0
    @event('Extended')
    extend() {
      this.rooms++
    }
  }
  @event('Raised')
  class Tower extends House {
    static override readonly snapshotVersion = 1
  }
  const heard: string[] = []
  const app = new Application(new MemoryRecorder(), {
    name: 'saves',
    snapshotEvery: [[House, 2]],
    onProblem: ({ message }) => void heard.push(message),
  })
  const [tower, house] = [new Tower(), new House()]
  for (const each of [tower, house]) each.extend()
  await app.save(tower)
  t.equal((await app.recorder.snapshot(tower.id))?.version, 2)
  t.same(heard, [])
  await app.save(house)
  t.match(heard, [/^House has no snapshots: add static snapshotVersion/])
})

t.test('no event is lost or doubled', async (t) => {
  for (const cacheSize of [0, 1000]) {
    const app = new Application(new MemoryRecorder(), { name: 'saves', cacheSize })
    const bowl = new Bowl()
    const saving = app.save(bowl)
    t.equal(bowl.collectEvents().length, 1)
    await saving
    bowl.fill(1)
    t.equal(bowl.pendingEvents.length, 1)
    await app.save(bowl)
    t.same((await app.repository.get(Bowl, bowl.id)).fills, [1], 'collected while a save was under way')

    const other = new Application(new MemoryRecorder(), { name: 'saves', cacheSize })
    const twice = new Bowl()
    const both = Promise.all([app.save(twice), other.save(twice)])
    twice.fill(2)
    await both
    t.equal(twice.pendingEvents.length, 1, 'saved to two stores at once')
    await app.save(twice)
    t.same((await app.repository.get(Bowl, twice.id)).fills, [2])

    const collected = new Bowl()
    collected.fill(3)
    const events = collected.collectEvents()
    t.same(await app.save(collected), [])
    await app.save(...events)
    t.same((await app.repository.get(Bowl, collected.id)).fills, [3], 'collected events are saved by themselves')
  }
})

t.test('a change that is not an event is not cached', async (t) => {
  const app = new Application(new MemoryRecorder(), { name: 'saves' })
  const bowl = new Bowl()
  bowl.fills.push(99)
  await app.save(bowl)
  t.same((await app.repository.get(Bowl, bowl.id)).fills, [])
})

t.test('a hundred concurrent loads share a few reads', async (t) => {
  const recorder = new SlowRecorder()
  const bowl = new Bowl()
  bowl.fill(1)
  await new Application(recorder, { name: 'saves' }).save(bowl)
  const app = new Application(recorder, { name: 'saves' })
  recorder.selects = 0
  const all = await Promise.all(Array.from({ length: 100 }, () => app.repository.get(Bowl, bowl.id)))
  t.equal(new Set(all).size, 100)
  t.ok(recorder.selects <= 2, `${recorder.selects} selects`)
})

t.test('retry: again after a conflict, but no more often than allowed', async (t) => {
  const app = new Application(new MemoryRecorder(), { name: 'saves' })
  let runs = 0
  const lost = async () => {
    runs++
    throw new VersionConflictError('lost')
  }
  await t.rejects(app.retry(lost, { attempts: 3, delay: 0 }), VersionConflictError)
  t.equal(runs, 3)
  await t.rejects(
    app.retry(async () => Promise.reject(new RangeError('no race'))),
    RangeError,
  )
  t.equal(await app.retry(async () => (++runs > 4 ? runs : lost()), { delay: 1 }), 6)
  for (const wrong of [Number.NaN, 0, { delay: -1 }])
    await t.rejects(app.retry(lost, wrong), /needs at least 1 attempt and a delay of 0 or more/)
})
