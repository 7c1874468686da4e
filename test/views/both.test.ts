/** What views in memory and stored ones have in common: each test runs with either kind, on either store. */
import {
  type Application,
  type Handlers,
  type LiveView,
  MemoryRecorder,
  on,
  Projection,
  type Recorder,
  type Rows,
  StoredProjection,
  type Table,
  type ViewOptions,
} from 'dog-school'
import { sqlite } from 'dog-school/sqlite'
import t, { type Test } from 'tap'
import { gate, Learnt, learn, open, Pup } from './kennel'

/** How often each trick was learnt: what handlers do, in terms of either kind. */
interface Counts {
  get(trick: string): number | undefined | Promise<number | undefined>
  set(trick: string, count: number): unknown
}
type Counting = (counts: Counts, trick: string, position: number) => unknown
const add = async (counts: Counts, trick: string): Promise<void> =>
  void counts.set(trick, ((await counts.get(trick)) ?? 0) + 1)

interface Kind {
  readonly name: string
  recorder(): Recorder
  make(school: Application, count?: Counting, options?: ViewOptions): View
}
interface View {
  readonly live: LiveView<Map<string, number> | Rows<number>, never>
  /** All that is in a view, as text. */
  show(view?: Map<string, number> | Rows<number>): Promise<string>
}

async function text(view: Map<string, number> | Rows<number>): Promise<string> {
  const rows: string[] = []
  for await (const [key, value] of view) rows.push(`${key}:${value}`)
  return rows.sort().join(' ')
}
const handlersOf = <V extends Counts>(count: Counting): Handlers<V> => [
  on(Learnt, (counts: V, { payload, id }) => count(counts, String(payload.trick), id)),
]
const shown = <V extends Map<string, number> | Rows<number>>(live: LiveView<V, never>): View => ({
  live: live as never,
  show: (view = live.view) => text(view),
})

const inMemory: Kind = {
  name: 'in memory',
  recorder: () => new MemoryRecorder(),
  make: (school, count = add, options) =>
    shown(new Projection(school.notificationLog, () => new Map<string, number>(), handlersOf(count), options) as never),
}
const stored = (name: string, recorder: () => Recorder): Kind => ({
  name,
  recorder,
  make: (school, count = add, options) =>
    shown(
      new StoredProjection<number>(school, {
        ...{ name: 'counts', form: '1', ...options },
        handlers: handlersOf<Table<number>>(count),
      }) as never,
    ),
})
const kinds: readonly Kind[] = [
  inMemory,
  stored('stored in memory', () => new MemoryRecorder()),
  stored('stored in SQLite', () => sqlite(':memory:')),
]

function each(name: string, check: (t: Test, kind: Kind, school: Application) => Promise<void>): void {
  for (const kind of kinds)
    t.test(`${name}, ${kind.name}`, async (t) => {
      const school = open(kind.recorder())
      t.teardown(() => school.close())
      await check(t, kind, school)
    })
}
const failed = (position: number, message = 'down') => ({
  ...{ code: 'HANDLER_FAILED', position, eventName: 'Learnt' },
  message: new RegExp(`Learnt at position ${position} failed in .*: ${message}`),
})

each('it catches up, by more than a page', async (t, { make }, school) => {
  const { live, show } = make(school)
  await live.catchUp()
  t.equal(live.position, 0)
  for (let i = 0; i < 25; i++) await learn(school, ...Array.from({ length: 100 }, (_, i) => `${i % 3}`))
  await live.catchUp()
  t.equal(await show(), '0:850 1:825 2:825')
  t.equal(live.position, 2525)
})

each(
  'what is before an event whose handler throws is kept, and the next call tries that event again',
  async (t, { make }, school) => {
    let isDown = true
    const tried: string[] = []
    const { live, show } = make(school, async (counts, trick) => {
      tried.push(trick)
      await add(counts, trick)
      counts.set('half', 0)
      counts.set('half', 1)
      if (isDown && trick === 'c') throw new Error('down')
    })
    await learn(school, 'a', 'b', 'c', 'd')
    for (let i = 0; i < 3; i++) {
      await t.rejects(live.catchUp(), failed(4))
      t.equal(await show(), 'a:1 b:1 half:1')
      t.equal(live.position, 3)
    }
    isDown = false
    await live.catchUp()
    t.equal(await show(), 'a:1 b:1 c:1 d:1 half:1')
    t.strictSame(tried, ['a', 'b', 'c', 'c', 'c', 'c', 'd'])
  },
)

each('what was saved is seen', async (t, { make }, school) => {
  const { live, show } = make(school)
  await live.seen(await learn(school, 'a'))
  t.equal(await show(), 'a:1')
  const before = live.seen([5, 1])
  await learn(school, 'b')
  t.equal(live.position < 5, true)
  await learn(school, 'c')
  await before
  t.match(await show(), /a:1 b:1/)
  t.equal(await text(await live.seen(1)), await show(), 'it resolves with the view')
  const pup = new Pup()
  pup.learn('d')
  await live.seen(await school.save(pup))
  t.match(await show(), /d:1/, 'all of the positions that a save resolves with')
  const { position } = live
  await live.seen(await school.save(pup))
  t.equal(live.position, position, 'which may be none')
})

each('several wait for what is not recorded yet, and keep nobody from running', async (t, { make }, school) => {
  const { live, show } = make(school)
  await learn(school, 'a')
  const { notificationLog } = school
  let asked = 0
  t.intercept(notificationLog, 'max', {
    value() {
      asked++
      return school.recorder.maxNotificationId()
    },
  })
  const both = [live.seen(4), live.seen(4)]
  for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate)
  t.ok(asked < 10, `the log was asked ${asked} times`)
  await learn(school, 'b')
  await Promise.all(both)
  t.equal(await show(), 'a:1 b:1')
})

each('in the background it is woken by what is saved, stopped, and started again', async (t, { make }, school) => {
  const { live, show } = make(school)
  t.equal(live.start().start(), live)
  await live.seen(await learn(school, 'a'))
  t.equal(await show(), 'a:1')
  await live.seen(await learn(school, 'b'))
  await live.stop()
  await live.stop()
  const position = await learn(school, 'c')
  for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate)
  t.equal(await show(), 'a:1 b:1', 'it stands still')
  const stopped = live.start().stop()
  live.start()
  await stopped
  await live.seen(position)
  t.equal(await show(), 'a:1 b:1 c:1')
  t.equal(live.problem, undefined)
  await school.close()
  await t.rejects(live.seen(100), { code: 'CLOSED' })
  t.equal(live.problem, undefined, 'that the store is closed is no problem')
})

each('an error in the background stops it, is told, and is what seen() rejects with', async (t, { make }, school) => {
  const problems: Error[] = []
  let isDown = true
  const count: Counting = (counts, trick) => {
    if (isDown && trick === 'b') throw new Error('down')
    return add(counts, trick)
  }
  const { live, show } = make(school, count, {
    onProblem: (problem) => {
      problems.push(problem)
    },
  })
  live.start()
  const seen = live.seen(3)
  await learn(school, 'a', 'b')
  await t.rejects(seen, failed(3))
  t.match(problems, [failed(3)])
  t.equal(live.problem, problems[0])
  isDown = false
  await t.rejects(live.seen(3), failed(3), 'and later')
  t.equal(await show(), 'a:1')
  await live.start().seen(3)
  t.equal(live.problem, undefined)
  t.equal(await show(), 'a:1 b:1')
  t.equal(problems.length, 1)
})

each('a problem is a warning, if nobody hears of it', async (t, { make }, school) => {
  const warned: unknown[][] = []
  t.intercept(console, 'warn', { value: (...args: unknown[]) => warned.push(args) })
  const fail: Counting = () => {
    throw new Error('down')
  }
  const position = await learn(school, 'a')
  await t.rejects(make(school, fail).live.start().seen(position))
  t.match(warned, [[/^HandlerFailedError: The handler of Learnt/]])
  const deaf = make(school, fail, {
    onProblem: () => {
      throw new Error('deaf')
    },
  })
  await t.rejects(deaf.live.start().seen(position))
  await deaf.live.stop()
  t.match(warned, [[/Learnt/], [/^Error: deaf/]])
})

each(
  'seen() ends by its time or its signal, if a handler hangs or nothing is recorded',
  async (t, { make }, school) => {
    const { passed, open } = gate()
    const begun = gate()
    const { live, show } = make(school, async (counts, trick) => {
      if (trick === 'slow') {
        begun.open()
        await passed
      }
      await add(counts, trick)
    })
    await learn(school, 'a', 'slow', 'b')
    const leaving = new AbortController()
    const left = live.seen(4, { signal: leaving.signal, timeout: 60_000 })
    await begun.passed
    const behind = (message: RegExp) => ({ code: 'VIEW_BEHIND', message })
    await t.rejects(
      live.seen(4, { timeout: 20 }),
      behind(/at \d, and the handler of Learnt at position 3 has not ended/),
    )
    live.start()
    await t.rejects(live.seen(4, { timeout: 20 }), behind(/the handler of Learnt at position 3 has not ended/))
    await t.rejects(live.seen(4, { signal: AbortSignal.abort(new Error('enough')) }), { message: 'enough' })
    leaving.abort(new Error('left'))
    await t.rejects(left, { message: 'left' })
    open()
    await live.seen(4, { timeout: 2 ** 40 })
    t.equal(await show(), 'a:1 b:1 slow:1', 'the work has gone on')
    await t.rejects(
      live.seen(9, { timeout: 5 }),
      behind(/has not come to position 9 in 5 ms: it is at 4, and no later event has come/),
    )
    await t.rejects(live.seen(1, { timeout: -1 }), TypeError)
    for (const wrong of [1.5, [1, 1.5], undefined as never]) await t.rejects(live.seen(wrong), /as save\(\) resolves/)
  },
)

each('a handler that is slower than the writers ends with what was there at the call', async (t, { make }, school) => {
  let more = 20
  const { live, show } = make(school, async (counts, trick) => {
    await add(counts, trick)
    if (more-- > 0) await learn(school, 'again', 'again')
  })
  await learn(school, 'a')
  await live.catchUp()
  t.equal(await show(), 'a:1', 'and not with what came meanwhile')
  await live.catchUp()
  await live.catchUp()
  await live.seen(await school.notificationLog.max())
  t.match(await show(), /^a:1 again:\d+$/)
})

each('it goes on by one event, and says which', async (t, { make }, school) => {
  const { live, show } = make(school)
  t.strictSame(await live.step(), [])
  await learn(school, 'a', 'b')
  await learn(school, 'c')
  const steps: string[] = []
  for (let step = await live.step(); step.length > 0; step = await live.step())
    steps.push(`${step.map(({ id, payload }) => `${id} ${payload.trick}`)} → ${live.position}, ${await show()}`)
  t.strictSame(steps, ['2 a → 2, a:1', '3 b → 3, a:1 b:1', '5 c → 5, a:1 b:1 c:1'])
  await live.catchUp()
  t.equal(await show(), 'a:1 b:1 c:1')
})

each('it is read as of any past position', async (t, { make }, school) => {
  const { live, show } = make(school)
  await learn(school, 'a', 'b', 'a')
  await live.catchUp()
  const past: string[] = []
  for (let position = 0; position <= 4; position++) past.push(await show(await live.at(position)))
  t.strictSame(past, ['', '', 'a:1', 'a:1 b:1', 'a:2 b:1'])
  t.equal(await show(), 'a:2 b:1')
  for (const position of [5, -1, 1.5]) await t.rejects(live.at(position), /positions 0 to 4/)
  t.equal(await show(await make(school).live.at(2)), 'a:1', 'of one that has not begun, too')
})

each('it is built again beside, while the old one serves and goes on', async (t, { make }, school) => {
  const { passed, open } = gate()
  let generation = 1
  const { live, show } = make(school, async (counts, trick) => {
    if (generation === 2 && trick === 'c') await passed
    counts.set(`${trick}${generation}`, 1)
  })
  await learn(school, 'a', 'b', 'c')
  await live.catchUp()
  generation = 2
  const progress: unknown[] = []
  const rebuilt = live.rebuild({
    onProgress: (at) => {
      progress.push(at)
    },
  })
  t.equal(await show(), 'a1:1 b1:1 c1:1')
  await learn(school, 'd')
  await live.catchUp()
  t.equal(await show(), 'a1:1 b1:1 c1:1 d2:1')
  open()
  await Promise.all([rebuilt, live.rebuild()])
  t.equal(await show(), 'a2:1 b2:1 c2:1 d2:1')
  t.equal(live.position, 6)
  t.match(progress.at(-1), { position: Number, newest: Number })
  await live.seen(await learn(school, 'e'))
  t.equal(await show(), 'a2:1 b2:1 c2:1 d2:1 e2:1')
})

each('what is caught up while a rebuild ends is in the new view', async (t, { make }, school) => {
  const [building, built, ending, ends] = [gate(), gate(), gate(), gate()]
  let isBeside = false
  const { live, show } = make(school, async (counts, trick) => {
    if (isBeside && trick === 'b') {
      building.open()
      await built.passed
    }
    if (isBeside && trick === 'c') {
      ending.open()
      await ends.passed
    }
    await add(counts, trick)
  })
  await learn(school, 'a', 'b')
  await live.catchUp()
  isBeside = true
  const rebuilt = live.rebuild()
  await building.passed
  await learn(school, 'c')
  built.open()
  await ending.passed
  await learn(school, 'd')
  const caughtUp = live.catchUp()
  ends.open()
  await Promise.all([caughtUp, rebuilt])
  t.equal(await show(), 'a:1 b:1 c:1 d:1')
})

each(
  'a rebuild that was interrupted goes on where it was, and the old view serves until it is done',
  async (t, { make }, school) => {
    for (let i = 0; i < 30; i++) await learn(school, ...Array.from({ length: 99 }, () => `${i}`))
    let isDown = false
    const tried = new Map<number, number>()
    const { live, show } = make(school, async (counts, trick, position) => {
      tried.set(position, (tried.get(position) ?? 0) + 1)
      if (isDown && position === 2500) throw new Error('down')
      await add(counts, trick)
    })
    await live.catchUp()
    const whole = await show()
    tried.clear()
    isDown = true
    for (let i = 0; i < 2; i++) {
      await t.rejects(live.rebuild(), failed(2500))
      t.equal(await show(), whole)
    }
    t.ok((tried.get(1400) ?? 0) < 2, 'what was built is not built again')
    isDown = false
    const leaving = new AbortController()
    const progress: number[] = []
    const left = live.rebuild({
      signal: leaving.signal,
      onProgress: ({ position }) => {
        progress.push(position)
        leaving.abort(new Error('left'))
      },
    })
    await t.rejects(left, { message: 'left' })
    t.ok((progress[0] ?? 0) >= 2500, 'it went on')
    await live.rebuild()
    t.equal(await show(), whole)
    await live.seen(await learn(school, '0'))
    t.equal(await show(), whole.replace(/^0:99/, '0:100'))
  },
)

each('a log without events can be built from', async (t, { make }, school) => {
  const { live, show } = make(school)
  await live.rebuild()
  t.equal(await show(), '')
  await live.seen(await learn(school, 'a'))
  await live.rebuild()
  t.equal(await show(), 'a:1')
})

each('a handler that waits for its own view is refused, and may stop it', async (t, { make }, school) => {
  for (const wait of ['catchUp', 'step', 'rebuild', 'seen'] as const) {
    const school = open()
    const { live } = make(school, () => live[wait](1 as never))
    await learn(school, 'a')
    await t.rejects(live.catchUp(), { code: 'HANDLER_FAILED', cause: { name: 'TypeError', message: new RegExp(wait) } })
  }
  const { live, show } = make(school, async (counts, trick) => {
    await add(counts, trick)
    if (trick === 'a') await live.stop()
  })
  await learn(school, 'a', 'b')
  live.start()
  await live.seen(2)
  await live.stop()
  t.equal(await show(), 'a:1')
})

each('several handlers of one event run in order, and fail together', async (t, { make }, school) => {
  let fails = true
  const { live, show } = make(school, async (counts, trick) => {
    counts.set('first', 1)
    await null
    if (fails) throw new Error('down')
    counts.set(trick, 1)
  })
  await learn(school, 'a')
  await t.rejects(live.catchUp(), failed(2))
  t.equal(await show(), '')
  fails = false
  await live.catchUp()
  t.equal(await show(), 'a:1 first:1')
})

each(
  'a log that is another one, or shorter than before, is told, and building again mends it',
  async (t, kind, school) => {
    await learn(school, 'a', 'b', 'c')
    const other = open()
    await learn(other, 'x')
    const longer = open()
    await learn(longer, 'x', 'x', 'x', 'x')
    let log = school.notificationLog
    const host = new Proxy(school, {
      get: (_, name) =>
        name === 'notificationLog'
          ? {
              select: (query: object) => log.select(query),
              max: () => log.max(),
              logId: () => log.logId(),
              watch: (wake: () => void) => log.watch(wake),
            }
          : Reflect.get(school, name, school),
    })
    const { live, show } = kind.make(host)
    await live.catchUp()
    for (const [another, message, rebuilt] of [
      [other, /is at position 4, but the log ends at 2: it was cut/, 'x:1'],
      [longer, /belongs to log \S+, and this is log/, 'x:4'],
    ] as const) {
      const before = await show()
      log = another.notificationLog
      for (const ask of [() => live.catchUp(), () => live.step(), () => live.seen(100)] as (() => Promise<unknown>)[])
        await t.rejects(ask(), { code: 'LOG_CHANGED', message })
      t.equal(await show(), before)
      await live.rebuild()
      t.equal(await show(), rebuilt)
      await live.catchUp()
    }
  },
)

// Others may be busy on the same machine.
t.setTimeout(300_000)
