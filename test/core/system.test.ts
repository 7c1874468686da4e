/** Systems of applications: step by step, until all is quiet, and for good. */
import { setImmediate as settled } from 'node:timers/promises'
import {
  Aggregate,
  Application,
  defineEvent,
  event,
  MemoryRecorder,
  ProcessApplication,
  type Recorder,
  System,
  type Upstream,
} from 'dog-school'
import { sqlite } from 'dog-school/sqlite'
import * as fc from 'fast-check'
import t from 'tap'

const Thrown = defineEvent('Thrown', ['left', 'by'])

/** A ball that is thrown on as often as `left` says. */
@event(Thrown)
class Ball extends Aggregate {
  constructor(
    readonly left: number,
    readonly by: string,
  ) {
    super()
  }
}
const ground = (recorder?: Recorder, name = 'ground') => new Application(recorder, { name })
/** Throws on each ball that it sees, until there are no throws left. */
class Player extends ProcessApplication {
  broken = false
  constructor(name: string, recorder?: Recorder) {
    super(recorder, { name })
    this.on(Thrown, ({ payload: { left } }, _work) => {
      if (this.broken) throw new Error('my paw hurts')
      return Number(left) > 0 ? new Ball(Number(left) - 1, name) : undefined
    })
  }
}
const thrown = async ({ notificationLog }: Application) =>
  (await notificationLog.select()).map(({ payload }) => `${payload.by} ${payload.left}`)
/** Waits until something is so, however long a busy machine takes. */
async function until(isSo: () => unknown) {
  while (!(await isSo())) await settled()
}
/** Waits until each pipe has seen all there is. */
async function quiet({ pipes }: System) {
  for (let calm = 0; calm < 3; calm++) {
    await settled()
    for (const { upstream, position, error } of pipes)
      if (!error && position < (await upstream.notificationLog.max())) calm = 0
  }
}

t.test('one step is one event, for each pipe in turn', async (t) => {
  const [school, rex, bob] = [ground(), new Player('rex'), new Player('bob')]
  const system = new System([
    [school, rex, bob],
    [school, bob],
  ])
  t.equal(await system.step(), undefined)
  await school.save(new Ball(1, 'ann'))
  await school.save(new Ball(0, 'ann'))
  const steps: string[] = []
  for (let step = await system.step(); step; step = await system.step())
    steps.push(`${step.pipe}: ${step.event.payload.by} ${step.event.payload.left}, ${step.recorded}`)
  t.strictSame(steps, [
    'ground → rex: ann 1, 1',
    'rex → bob: rex 0, ',
    'ground → bob: ann 1, 1',
    'ground → rex: ann 0, ',
    'ground → bob: ann 0, ',
  ])
  t.strictSame(await thrown(bob), ['bob 0'])
  t.strictSame(
    system.pipes.map((pipe) => [`${pipe}`, pipe.position, pipe.isRunning]),
    [
      ['ground → rex', 2, false],
      ['rex → bob', 1, false],
      ['ground → bob', 2, false],
    ],
  )
  t.equal(await system.settle(), 0)
  await school.save(new Ball(3, 'ann'))
  t.equal(await system.settle(), 3)
  await system.close()
  await t.rejects(school.save(new Ball(1, 'ann')), { code: 'CLOSED' })
  await t.rejects(bob.save(new Ball(1, 'ann')), { code: 'CLOSED' })
})

t.test('a step is one event, also for a handler that records by itself', async (t) => {
  const school = ground()
  await school.save(new Ball(2, 'ann'), new Ball(1, 'bob'))
  const catcher = new ProcessApplication(undefined, { name: 'catcher' })
  catcher.on(Thrown, async ({ payload: { left } }, { tracking }) => {
    await catcher.saveTracked(tracking, ...Array.from({ length: Number(left) }, () => new Ball(0, 'catcher')))
  })
  const system = new System([[school, catcher]])
  const steps = [await system.step(), await system.step(), await system.step()]
  t.strictSame(
    steps.map((step) => step && [step.event.id, step.recorded]),
    [[1, [1, 2]], [2, [3]], undefined],
  )
  await school.save(new Ball(0, 'ann'), new Ball(1, 'ann'))
  t.equal(await system.settle(), 2)
})

t.test('who throws for ever is found, and those who only throw for long are not', async (t) => {
  const [school, rex, bob] = [ground(), new Player('rex'), new Player('bob')]
  const system = new System([[school, rex, bob, rex]])
  await school.save(new Ball(90, 'ann'))
  t.equal(await system.settle({ rounds: 100 }), 1 + 90)
  await school.save(new Ball(1e9, 'ann'))
  await t.rejects(system.settle({ rounds: 20 }), {
    code: 'ENDLESS_REACTION',
    message: /^After 20 rounds and \d+ reactions, there is no end in rex → bob, bob → rex/,
  })
  const twins = new ProcessApplication(undefined, { name: 'twins' }).on(Thrown, (_event, _work) => [
    new Ball(1, 'a'),
    new Ball(1, 'b'),
  ])
  await twins.save(new Ball(1, 'ann'))
  await t.rejects(new System([[twins, twins]]).settle({ rounds: 50 }), {
    code: 'ENDLESS_REACTION',
    message: /twins → twins/,
  })
})

t.test('without onError, the console says what has stopped', async (t) => {
  const [school, rex] = [ground(), new Player('rex')]
  rex.broken = true
  await school.save(new Ball(1, 'ann'))
  const said = t.capture(console, 'error')
  const system = new System([[school, rex]])
  system.start()
  await quiet(system)
  t.match(said.args(), [[/^ground → rex has stopped, until resume\(\) is called\. ReactionError: .* my paw hurts$/]])
  await system.close()
})

t.test('who throws for ever can be stopped', async (t) => {
  const [rex, bob] = [new Player('rex'), new Player('bob')]
  const system = new System([[rex, bob, rex]])
  system.start()
  await rex.save(new Ball(1e9, 'ann'))
  await until(async () => (await bob.notificationLog.max()) > 1)
  await system.stop()
  const before = await bob.notificationLog.max()
  await settled()
  t.equal(await bob.notificationLog.max(), before, 'nobody throws any more')
  await system.close()
})

t.test('an error stops one pipe, the others go on, and it can be tried again', async (t) => {
  const [school, rex, bob] = [ground(), new Player('rex'), new Player('bob')]
  const errors: string[] = []
  const system = new System(
    [
      [school, rex],
      [school, bob],
    ],
    { onError: ({ message }, pipe) => errors.push(`${pipe}: ${message}`) },
  )
  rex.broken = true
  await school.save(new Ball(1, 'ann'))
  const message = 'rex cannot react to ground:1 (Thrown): my paw hurts'
  await t.rejects(system.settle(), { code: 'REACTION_FAILED', message, from: 'ground', to: 'rex', position: 1 })
  t.strictSame(await thrown(bob), ['bob 0'])
  await t.rejects(system.step(), { message })
  await t.rejects(system.step(), { code: 'REACTION_FAILED' }, 'the next has nothing to do')
  system.start()
  system.start()
  await quiet(system)
  t.strictSame(errors, [`ground → rex: ${message}`])
  t.match(system.pipes[0]?.error, { message })
  t.strictSame(
    system.pipes.map(({ isRunning }) => isRunning),
    [false, true],
  )
  await school.save(new Ball(5, 'ann'))
  await quiet(system)
  t.strictSame(await thrown(bob), ['bob 0', 'bob 4'])
  system.resume()
  await quiet(system)
  t.equal(errors.length, 2)
  rex.broken = false
  system.resume(system.pipes[0])
  await quiet(system)
  t.strictSame(await thrown(rex), ['rex 0', 'rex 4'])
  t.equal(system.pipes[0]?.error, undefined)
  await t.rejects(system.step(), TypeError, 'it is running')
  await system.stop()
  system.resume()
  t.ok(
    system.pipes.every(({ isRunning }) => !isRunning),
    'only what failed is tried again',
  )
  t.equal(await system.step(), undefined)
  await system.close()
})

t.test('stops at once, also just after the start, and tells of a handler that hangs', async (t) => {
  const school = ground()
  await school.save(new Ball(1, 'ann'))
  let go: (() => void) | undefined
  const lazy = new ProcessApplication(undefined, { name: 'lazy' }).on(
    Thrown,
    () => new Promise<Ball>((resolve) => (go = () => resolve(new Ball(0, 'lazy')))),
  )
  /** Waits until the handler is at work, and hands out what ends it. */
  const atWork = async () => {
    await until(() => go)
    const end = go
    go = undefined
    return end as () => void
  }
  const errors: Error[] = []
  const system = new System([[school, lazy]], { onError: (error) => errors.push(error) })
  system.start()
  await system.stop()
  t.equal(system.pipes[0]?.isRunning, false)
  system.start()
  const late = await atWork()
  await t.rejects(system.stop({ timeout: 10 }), { code: 'REACTION_HANGS', message: /ground:1 \(Thrown\) after 10 ms/ })
  t.match(system.pipes[0]?.error, { code: 'REACTION_HANGS' })
  late()
  await settled()
  t.equal(await lazy.notificationLog.max(), 0, 'it came too late')
  system.resume()
  ;(await atWork())()
  await quiet(system)
  t.strictSame(await thrown(lazy), ['lazy 0'])
  t.strictSame(errors, [])
  await school.save(new Ball(1, 'ann'))
  await atWork()
  await t.rejects(system.close({ timeout: 10 }), { code: 'REACTION_HANGS', message: /ground:2 \(Thrown\) after 10 ms/ })
  await t.rejects(school.save(new Ball(1, 'ann')), { code: 'CLOSED' }, 'all are closed')
})

t.test('what is no system is refused', async (t) => {
  const [school, rex, bob] = [ground(), new Player('rex'), new Player('bob')]
  const refused = (pipelines: unknown, message: RegExp) =>
    t.throws(() => new System(pipelines as never), { name: 'TypeError', message })
  refused([[school]], /two or more/)
  refused([school], /two or more/)
  refused(undefined, /two or more/)
  for (const rounds of [0, Number.NaN]) await t.rejects(new System([]).settle({ rounds }), /needs 1 round or more/)
  refused([[rex, school]], /ground cannot react to rex/)
  refused([[{ notificationLog: school.notificationLog }, rex]], /has a name/)
  refused(
    [
      [school, rex],
      [school, rex, bob],
    ],
    /ground → rex is there twice/,
  )
  refused(
    [
      [school, rex],
      [ground(), bob],
    ],
    /Two applications of this system are called ground/,
  )
  const recorder = new MemoryRecorder()
  const shared = new System([
    [ground(recorder, 'one'), rex],
    [ground(recorder, 'two'), rex],
  ])
  await t.rejects(shared.settle(), { message: /rex cannot follow two: it shares a store with one/ })
})

t.test('a pipe may start far away', async (t) => {
  const [school, rex] = [ground(), new Player('rex')]
  const log = school.notificationLog
  let isDown = false
  const far: Upstream = {
    name: 'far',
    notificationLog: {
      max: async () => {
        if (isDown) throw new Error('no connection')
        return log.max()
      },
      select: (query) => log.select(query),
      logId: () => log.logId(),
      watch: (wake) => log.watch(wake),
    },
  }
  const system = new System([[far, rex]], { onError: () => undefined })
  await school.save(new Ball(1, 'ann'))
  t.equal(await system.settle(), 1)
  isDown = true
  await t.rejects(system.settle(), /no connection/)
  system.start()
  await until(() => system.pipes[0]?.error)
  t.match(system.pipes[0]?.error, { message: /no connection/ })
  isDown = false
  await school.save(new Ball(1, 'ann'))
  system.resume()
  await quiet(system)
  t.equal((await thrown(rex)).length, 2)
  await system.close()
  t.equal(await log.max(), 2, 'what is far away stays open')
})

const players = ['a', 'b', 'c']
const stores = { memory: () => new MemoryRecorder(), sqlite: () => sqlite(':memory:') }
for (const [store, make] of Object.entries(stores))
  t.test(`${store}: step by step, at once, and for good, any system does the same`, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.tuple(fc.constantFrom('ground', ...players), fc.constantFrom(...players)), {
          minLength: 1,
          maxLength: 6,
          selector: (pipe) => pipe.join(),
        }),
        fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 5 }),
        fc.boolean(),
        async (pipes, throws, restart) => {
          const results: string[] = []
          for (const way of ['steps', 'settle', 'start'] as const) {
            const stores = new Map(['ground', ...players].map((name) => [name, make()]))
            const begin = () => {
              const school = ground(stores.get('ground'))
              const all = new Map<string, Application>(
                players.map((name) => [name, new Player(name, stores.get(name))]),
              )
              all.set('ground', school)
              const system = new System(
                pipes.map(([from, to]) => [all.get(from) as Upstream, all.get(to) as Player] as const),
              )
              return { school, all, system }
            }
            let { school, all, system } = begin()
            for (const [i, left] of throws.entries()) {
              if (way === 'start') system.start()
              await school.save(new Ball(left, `ann ${i}`))
              if (way === 'steps' && i % 2) await system.step()
              if (way === 'settle' && i % 2) await system.settle()
              if (restart) {
                await system.stop()
                ;({ school, all, system } = begin())
              }
            }
            if (way === 'start') {
              system.start()
              await quiet(system)
              await system.stop()
            }
            if (way === 'settle') await system.settle()
            while (way === 'steps' && (await system.step()));
            const logs: string[] = []
            for (const [name, each] of all)
              for (const { payload, metadata } of await each.notificationLog.select())
                logs.push(`${name}: ${payload.by} ${payload.left} ${metadata?.correlation}`)
            for (const { upstream, process } of system.pipes) {
              const [tracked, max] = [
                await process.recorder.maxTrackingId(upstream.name),
                await upstream.notificationLog.max(),
              ]
              logs.push(`${upstream.name} → ${process.name}: ${tracked} of ${max}`)
              if (tracked !== max) throw new Error(`${way}: ${logs.at(-1)}`)
            }
            results.push(logs.sort().join('\n'))
            for (const recorder of stores.values()) await recorder.close()
          }
          if (new Set(results).size > 1) throw new Error(results.join('\n\n'))
        },
      ),
      { numRuns: process.env.DOG_SCHOOL_LONG === '1' ? 60 : 10 },
    )
  })
