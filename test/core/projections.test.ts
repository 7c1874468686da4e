/** Projections that can be trusted. */
import {
  Aggregate,
  Application,
  defineEvent,
  event,
  follow,
  MemoryRecorder,
  on,
  Projection,
  transcoding,
} from 'dog-school'
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

/** An amount that its own methods can change. */
class Purse {
  #coins: number
  constructor(coins: number) {
    this.#coins = coins
  }
  get coins() {
    return this.#coins
  }
  put() {
    this.#coins++
  }
}
/** One without a transcoding, of which nothing can be seen. */
class Tally extends Purse {}

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
  const projection = new Projection(app.notificationLog, () => view, [
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
    const projection = new Projection<object>(app.notificationLog, () => begin, {
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

t.test('a handler that makes another view, as a reducer does, is told that it would be lost', async (t) => {
  const app = open()
  await learn(app, 'a', 'b')
  type View = { count: number; last?: unknown }
  const lost = { cause: { name: 'TypeError', message: /returns another view/ }, position: 2 }
  for (const handler of [
    (view: View) => ({ ...view, count: view.count + 1 }),
    async (view: View) => ({ ...view, count: view.count + 1 }),
  ]) {
    const projection = new Projection(app.notificationLog, (): View => ({ count: 0 }), { Learnt: handler })
    await t.rejects(projection.catchUp(), lost)
    t.same(projection.view, { count: 0 })
  }
  for (const handler of [
    (view: View) => Object.assign(view, { count: view.count + 1 }),
    (view: View) => ++view.count && { sent: true },
    (view: View) => ++view.count && {},
    async (view: View) => ++view.count && [view],
  ]) {
    const projection = new Projection(app.notificationLog, (): View => ({ count: 0 }), { Learnt: handler })
    t.equal((await projection.catchUp()).count, 2, String(handler))
  }
  for (const view of [0, 'a', null, undefined, Promise.resolve({})] as never[])
    t.throws(() => new Projection(app.notificationLog, () => view, {}), /an object that its handlers change/)
})

t.test('what is no log and what are no handlers is refused, with what to write', async (t) => {
  const { notificationLog } = open()
  for (const log of [open(), new MemoryRecorder(), undefined] as never[]) {
    t.throws(() => new Projection(log, () => ({}), {}), /What is followed is a log, .*: school.notificationLog/)
    t.throws(() => follow(log), /What is followed is a log/)
  }
  const handler = () => undefined
  class Own {
    Learnt() {}
  }
  const instances = [new Own(), new Map([['Learnt', handler]])]
  for (const handlers of [
    undefined,
    handler,
    'Learnt',
    [[Learnt, handler]],
    on(Learnt, handler),
    ...instances,
  ] as never[])
    t.throws(() => new Projection(notificationLog, () => ({}), handlers), /or are a list: \[on\(TrickAdded/)
  t.throws(
    () => new Projection(notificationLog, () => ({}), { Learnt: 1 as never }),
    /handler of Learnt .* no function/,
  )
  t.throws(() => new Projection(notificationLog, {} as never, {}), /takes a function that makes its first view/)
})

t.test('handlers by stored topics are for the events of one class, in order with those by name', async (t) => {
  const app = open()
  @event('Born')
  class Cat extends Aggregate {}
  await app.save(new Pup(), new Cat())
  const note =
    (what: string) =>
    (view: string[], { id }: { id: number }) =>
      view.push(`${what} ${id}`)
  const [ofCats, all] = [note('cat'), note('any')]
  const seen = (handlers: Record<string, typeof all>) =>
    new Projection(app.notificationLog, () => [] as string[], handlers).catchUp()
  t.same(await seen({ 'projections:Cat.Born': ofCats }), ['cat 2'])
  t.same(await seen({ 'projections:Cat.Born': ofCats, Born: all }), ['any 1', 'cat 2', 'any 2'])
  t.same(
    await seen(Object.assign(Object.create(null), { Born: all })),
    ['any 1', 'any 2'],
    'as of import * as handlers',
  )
})

t.test('a view that cannot be restored rejects, then and later', async (t) => {
  const app = open()
  const pup = new Pup()
  pup.learn('a')
  await app.save(pup)
  class View {
    tricks: unknown[] = []
  }
  const projection = new Projection(app.notificationLog, () => new View(), {
    Learnt: (view, { payload }) => {
      view.tricks.push(payload.trick)
      throw new Error('half-way')
    },
  })
  await t.rejects(projection.catchUp(), { message: 'half-way' })
  await t.rejects(projection.catchUp(), /cannot be undone: call rebuild/)
})

t.test('events may have the names of members of Object.prototype', async (t) => {
  const app = open()
  const pup = new Pup()
  pup.odd()
  pup.text()
  await app.save(pup)
  const nothing = new Projection(app.notificationLog, () => ({}), {})
  await nothing.catchUp()
  t.equal(nothing.position, 3)
  const seen = new Projection(app.notificationLog, () => [] as string[], {
    constructor: (view: string[], { name }: { name: string }) => view.push(name),
  } as never)
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
  const projection = new Projection(app.notificationLog, () => ({ seen: 0 }), { Born: (view) => ++view.seen })
  t.same(await projection.catchUp(), { seen: 1 })
  t.equal(projection.position, 2)
})

const learn = async (app: Application, ...tricks: string[]) => {
  const pup = new Pup()
  for (const trick of tricks) pup.learn(trick)
  await app.save(pup)
}

t.test('an outage is over when it is over, and no handler before it is called again', async (t) => {
  const app = open()
  await learn(app, 'a', 'b', 'c', 'd')
  let isDown = true
  const mails: unknown[] = []
  const inner = new Map<unknown, number>()
  const view = Object.freeze({ counts: inner, list: [] as unknown[], when: new Date(0), bytes: new Uint8Array(1) })
  const projection = new Projection(app.notificationLog, () => view, {
    Learnt: async ({ counts, list, when, bytes }, { payload: { trick } }) => {
      counts.set(trick, 1)
      list.push({ trick }, trick)
      when.setTime(list.length)
      bytes[0] = list.length
      await undefined
      if (isDown && trick !== 'a') throw new Error('ECONNREFUSED')
      mails.push(trick)
    },
  })
  for (let i = 0; i < 3; i++) {
    await t.rejects(projection.catchUp(), { message: 'ECONNREFUSED' })
    t.same([projection.position, [...inner], view.list], [2, [['a', 1]], [{ trick: 'a' }, 'a']])
    t.same([view.when.getTime(), view.bytes[0]], [2, 2])
  }
  isDown = false
  await projection.catchUp()
  t.same([mails, [...inner.keys()], view.list.length], [['a', 'b', 'c', 'd'], ['a', 'b', 'c', 'd'], 8])
})

t.test('of a large view, handlers of a few events run again, and an outage then is over as well', async (t) => {
  const app = open()
  const tricks = Array.from({ length: 30 }, (_, i) => `${i}`)
  await learn(app, ...tricks)
  const big = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`key ${i}`, i]))
  let down = 29
  const calls: unknown[] = []
  const projection = new Projection(app.notificationLog, () => ({ big, list: [] as unknown[] }), {
    Learnt: ({ list }, { payload: { trick } }) => {
      calls.push(trick)
      list.push(trick)
      if (Number(trick) >= down) throw new Error('down')
    },
  })
  await t.rejects(projection.catchUp(), { message: 'down' })
  t.same(projection.view.list, tricks.slice(0, 29))
  t.equal(projection.position, 30)
  t.ok(calls.length <= 50, `${calls.length} calls`)
  const before = calls.length
  await t.rejects(projection.catchUp(), { message: 'down' })
  t.equal(calls.length, before + 1)
  await learn(app, ...tricks)
  down = 1000
  t.same((await projection.catchUp()).list, [...tricks, ...tricks])
  await learn(app, '0', '1', '2', '1000')
  const rerun = projection.catchUp()
  await t.rejects(rerun, { message: 'down' })
  down = 0
  await t.rejects(projection.catchUp(), { message: 'down' })
  const seen = await app.notificationLog.select({ stop: projection.position })
  t.same(
    projection.view.list,
    seen.filter((each) => Learnt.is(each)).map(({ payload }) => payload.trick),
    'what threw earlier this time',
  )
  down = 2000
  t.same((await projection.catchUp()).list, [...tricks, ...tricks, '0', '1', '2', '1000'])
})

t.test('a view in which handlers put what cannot be seen is built again from where it could be', async (t) => {
  const app = open()
  await learn(app, 'a', 'b', 'c', 'd')
  let isDown = true
  const projection = new Projection(app.notificationLog, () => new Map<unknown, Tally>(), {
    Learnt: async (rows, { payload: { trick } }) => {
      if (isDown && trick === 'c') for (const row of rows.values()) row.put()
      rows.set(trick, new Tally(0))
      await undefined
      if (isDown && trick === 'c') throw new Error('half-way')
    },
  })
  const shows = () => [...projection.view].map(([trick, { coins }]) => `${trick} ${coins}`)
  for (let i = 0; i < 3; i++) {
    await t.rejects(projection.catchUp(), { message: 'half-way' })
    t.same([shows(), projection.position], [['a 0', 'b 0'], 3])
  }
  isDown = false
  await projection.catchUp()
  t.same(shows(), ['a 0', 'b 0', 'c 0', 'd 0'])
})

transcoding<Purse, number>(Purse, { name: 'purse', encode: ({ coins }) => coins, decode: (coins) => new Purse(coins) })
const Told = defineEvent('Told', ['what'])
@event('Started')
class Teller extends Aggregate {
  @event(Told)
  tell(what: Date | Map<string, Date> | Set<string> | Uint8Array | Purse | readonly string[]) {
    this.what = what
  }
  what: unknown
}

t.test('a view may hold what events carry, of whatever kind', async (t) => {
  for (const what of [
    new Date(0),
    new Map([['a', new Date(0)]]),
    new Set('a'),
    Uint8Array.of(1),
    new Purse(1),
    ['a'],
  ]) {
    const app = open()
    const teller = new Teller()
    teller.tell(what)
    teller.tell(what)
    await app.save(teller)
    let isDown = true
    let calls = 0
    const projection = new Projection(app.notificationLog, () => [] as unknown[], [
      on(Told, (view: unknown[], { payload, version }) => {
        calls++
        view.push(payload.what)
        if (isDown && version === 3) throw new Error('down')
      }),
    ])
    await t.rejects(projection.catchUp(), { message: 'down' })
    t.same([projection.view.length, projection.position], [1, 2], what.constructor.name)
    isDown = false
    t.equal((await projection.catchUp()).length, 2, what.constructor.name)
    t.equal(calls, 3, 'no handler was called again')
  }
})

t.test('what a handler changes in an instance of a class, frozen or not, is not kept unnoticed', async (t) => {
  const purses = [
    Object.freeze(new Tally(0)),
    Object.freeze(
      new (class Bag extends Map {
        put() {
          this.set(this.size, 1)
        }
        get coins() {
          return this.size
        }
      })(),
    ),
  ]
  for (const purse of purses) {
    const app = open()
    await learn(app, 'a', 'b')
    let fails = true
    const projection = new Projection(app.notificationLog, () => ({ purse }), {
      Learnt: (view) => {
        view.purse.put()
        if (fails && view.purse.coins === 2) throw new Error('half-way')
      },
    })
    await t.rejects(projection.catchUp(), { message: 'half-way' })
    fails = false
    await t.rejects(projection.catchUp(), /cannot be undone/, purse.constructor.name)
  }
  const app = open()
  const teller = new Teller()
  teller.tell(new Purse(0))
  teller.tell(new Purse(0))
  await app.save(teller)
  const projection = new Projection(app.notificationLog, () => [] as Purse[], {
    Told: (view, { payload, version }) => {
      view.push(payload.what as Purse)
      view[0]?.put()
      if (version === 3) throw new Error('half-way')
    },
  })
  await t.rejects(projection.catchUp(), { message: 'half-way' })
  await t.rejects(projection.catchUp(), /cannot be undone/, 'nor where an event carries it')
})

t.test('what a handler has frozen cannot be restored', async (t) => {
  const app = open()
  await learn(app, 'a')
  for (const spoil of [
    (view: { list: string[] }) => Object.freeze(view.list.fill('b')),
    (view: object) => Object.preventExtensions(Object.assign(view, { more: 1 })),
    (view: object) =>
      Object.preventExtensions(Object.assign(view, { list: undefined })) && Reflect.deleteProperty(view, 'list'),
  ]) {
    const projection = new Projection(app.notificationLog, () => ({ list: ['a'] }), {
      Learnt: (view) => {
        spoil(view)
        throw new Error('half-way')
      },
    })
    await t.rejects(projection.catchUp(), { message: 'half-way' })
    await t.rejects(projection.catchUp(), /cannot be undone: call rebuild/)
  }
})

t.test('all handlers of an event are called, in order, and undone together', async (t) => {
  const app = open()
  await learn(app, 'a')
  let fails = true
  const projection = new Projection(app.notificationLog, () => [] as string[], [
    on(Learnt, async (view: string[]) => {
      await undefined
      view.push('first')
    }),
    on(Learnt, (view: string[]) => {
      view.push('second')
      if (fails) throw new Error('half-way')
    }),
  ])
  await t.rejects(projection.catchUp(), { message: 'half-way' })
  t.same(projection.view, [])
  fails = false
  t.same(await projection.catchUp(), ['first', 'second'])
})

t.test('a handler that calls catchUp() of its own projection is refused at once', async (t) => {
  const app = open()
  await learn(app, 'a')
  const refused = { code: 'HANDLER_FAILED', cause: { name: 'TypeError', message: /waits for the handler/ } }
  const command = async (own: Projection<object>) => {
    await app.notificationLog.max()
    await own.catchUp()
  }
  for (const wait of [(own: Projection<object>) => own.catchUp(), command]) {
    const projection: Projection<object> = new Projection(app.notificationLog, () => ({}), {
      Learnt: () => wait(projection),
    })
    await t.rejects(projection.catchUp(), refused)
    await t.rejects(projection.catchUp(), refused, 'and again')
  }
  await learn(app, 'b')
  const later: Projection<object> = new Projection(app.notificationLog, () => ({}), {
    Learnt: (_, { payload: { trick } }) => (trick === 'b' ? command(later) : undefined),
  })
  await t.rejects(later.catchUp(), refused, 'also if its calls before were not asynchronous')
  await t.rejects(later.catchUp(), refused)
  const late: Promise<unknown>[] = []
  const projection: Projection<number[]> = new Projection(app.notificationLog, () => [] as number[], {
    Learnt: (view) => {
      late.push(new Promise((resolve) => setTimeout(resolve, 1)).then(() => projection.catchUp()))
      view.push(1)
    },
  })
  await projection.catchUp()
  t.same(
    await Promise.all(late),
    [
      [1, 1],
      [1, 1],
    ],
    'after the handler it may be called',
  )
  let go: () => void = () => undefined
  const gate = new Promise<void>((resolve) => {
    go = resolve
  })
  const slow = new Projection(app.notificationLog, () => [] as number[], {
    Learnt: (view) => gate.then(() => view.push(1)),
  })
  const both = [slow.catchUp(), new Promise((resolve) => setTimeout(resolve, 1)).then(() => slow.catchUp())]
  setTimeout(go, 5)
  t.same(
    await Promise.all(both),
    [
      [1, 1],
      [1, 1],
    ],
    'others may call it meanwhile',
  )
})

t.test('in a browser, a handler is refused until it awaits something', async (t) => {
  const { getBuiltinModule } = process
  t.teardown(() => Object.assign(process, { getBuiltinModule }))
  Object.assign(process, { getBuiltinModule: undefined })
  const app = open()
  await learn(app, 'a')
  const projection: Projection<object> = new Projection(app.notificationLog, () => ({}), {
    Learnt: () => projection.catchUp(),
  })
  await t.rejects(projection.catchUp(), { cause: { name: 'TypeError', message: /waits for the handler/ } })
})

t.test('what comes before an event that cannot be read is applied', async (t) => {
  const app = open()
  await learn(app, ...'abcdefg')
  const [, row] = await app.recorder.notifications({ limit: 2 })
  await app.recorder.append([{ aggregateId: 'odd', version: 1, topic: String(row?.topic), state: 'broken' }])
  await learn(app, 'h')
  const projection = new Projection(app.notificationLog, () => [] as unknown[], {
    Learnt: (view, { payload }) => view.push(payload.trick),
  })
  for (let i = 0; i < 2; i++) {
    await t.rejects(projection.catchUp(), { code: 'CORRUPT_EVENT', message: /odd/ })
    t.same([projection.view, projection.position], [[...'abcdefg'], 8])
  }
  const born = new Projection(app.notificationLog, () => ({ count: 0 }), { Born: (view) => ++view.count })
  t.same(await born.catchUp(), { count: 2 }, 'and what no handler is for is not even read')
})
