/** Projections that can be trusted. */
import { Aggregate, Application, defineEvent, event, MemoryRecorder, on, Projection } from 'dog-school'
import t from 'tap'

const Learnt = defineEvent('Learnt', ['trick'])
@event('Born')
class Pup extends Aggregate {
  tricks: string[] = []
  @event(Learnt)
  learn(trick: string) {
    this.tricks.push(trick)
  }
  @event('constructor')
  odd() {}
  @event('toString')
  text() {}
}
const open = () => new Application(new MemoryRecorder(), { name: 'projections' })

t.test('a call sees what was saved before it, even while another call is running', async (t) => {
  const app = open()
  const pup = new Pup()
  pup.learn('a')
  await app.save(pup)
  let go: () => void = () => undefined
  const gate = new Promise<void>((resolve) => {
    go = resolve
  })
  const view: unknown[] = []
  const projection = new Projection(app.notificationLog, view, [
    on(Learnt, async (view: unknown[], { payload }) => {
      await gate
      view.push(payload.trick)
    }),
  ])
  const first = projection.catchUp()
  await new Promise((resolve) => setImmediate(resolve))
  pup.learn('b')
  await app.save(pup)
  const second = projection.catchUp()
  go()
  await first
  t.same(await second, ['a', 'b'], 'and asynchronous handlers are awaited')
  t.equal(projection.position, 3)
})

t.test('a handler that throws halfway leaves the view unchanged', async (t) => {
  for (const [kind, begin, add, shows] of [
    ['a list', [], (view: never[], x: never) => view.push(x), (view: never[]) => [...view]],
    ['a Set', new Set(), (view: Set<unknown>, x: never) => view.add(x), (view: Set<unknown>) => [...view]],
    [
      'a Map',
      new Map(),
      (view: Map<unknown, unknown>, x: never) => view.set(x, x),
      (view: Map<unknown, unknown>) => [...view.keys()],
    ],
    [
      'a record',
      {},
      (view: Record<string, number>, x: never) => Object.assign(view, { [x]: 1 }),
      (view: object) => Object.keys(view),
    ],
  ] as const) {
    const app = open()
    const pup = new Pup()
    for (const trick of ['a', 'b', 'c']) pup.learn(trick)
    await app.save(pup)
    let fails = true
    const projection = new Projection<object>(app.notificationLog, begin, {
      Learnt: async (view, { payload }) => {
        ;(add as unknown as (view: object, x: unknown) => void)(view, payload.trick)
        await undefined
        if (fails && payload.trick === 'b') throw new Error('half-way')
      },
    })
    const look = () => (shows as unknown as (view: object) => unknown)(projection.view)
    await t.rejects(projection.catchUp(), { message: 'half-way' }, kind)
    t.same(look(), ['a'], kind)
    t.equal(projection.position, 2, kind)
    fails = false
    await projection.catchUp()
    t.same(look(), ['a', 'b', 'c'], kind)
  }
})

t.test('a view that cannot be restored rejects, then and later', async (t) => {
  const app = open()
  const pup = new Pup()
  pup.learn('a')
  await app.save(pup)
  class View {
    tricks: unknown[] = []
  }
  const projection = new Projection(app.notificationLog, new View(), {
    Learnt: (view, { payload }) => {
      view.tricks.push(payload.trick)
      throw new Error('half-way')
    },
  })
  await t.rejects(projection.catchUp(), { message: 'half-way' })
  await t.rejects(projection.catchUp(), /cannot be undone: make a new Projection/)
})

t.test('events may have the names of members of Object.prototype', async (t) => {
  const app = open()
  const pup = new Pup()
  pup.odd()
  pup.text()
  await app.save(pup)
  const nothing = new Projection(app.notificationLog, {}, {})
  await nothing.catchUp()
  t.equal(nothing.position, 3)
  const seen = new Projection(
    app.notificationLog,
    [] as string[],
    {
      constructor: (view: string[], { name }: { name: string }) => view.push(name),
    } as never,
  )
  t.same(await seen.catchUp(), ['constructor'])
})

t.test('a retired event is skipped, even if it is the last one', async (t) => {
  const recorder = new MemoryRecorder()
  {
    @event('Born')
    class Dog extends Aggregate {
      @event('Barked') bark() {}
    }
    const dog = new Dog()
    dog.bark()
    await new Application(recorder, { name: 'projections' }).save(dog)
  }
  @event('Born')
  class Dog extends Aggregate {
    static override readonly former = { Barked: () => [] }
  }
  const app = new Application(recorder, { name: 'projections', aggregates: [Dog] })
  const [born] = await app.notificationLog.select()
  t.equal((await app.repository.get(Dog, String(born?.aggregateId))).version, 2)
  const projection = new Projection(app.notificationLog, { seen: 0 }, { Born: (view) => ++view.seen })
  t.same(await projection.catchUp(), { seen: 1 })
  t.equal(projection.position, 2)
})
