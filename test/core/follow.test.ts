/** Following a log: nothing is missed, nothing comes twice, and it ends in every way that it can. */
import { getEventListeners } from 'node:events'
import {
  Aggregate,
  Application,
  defineEvent,
  event,
  type FollowableLog,
  follow,
  type LoggedEvent,
  MemoryRecorder,
  Projection,
  type Recorder,
} from 'dog-school'
import { sqlite } from 'dog-school/sqlite'
import * as fc from 'fast-check'
import t from 'tap'
import { z } from 'zod'
import { Later } from './later'

const Learnt = defineEvent('Learnt', ['trick'])

@event('Born')
class Pup extends Aggregate {
  constructor(readonly name: string) {
    super()
  }
  @event(Learnt)
  learn(trick: string) {
    return trick
  }
}
/** A memory recorder that counts those who watch. */
class Watched extends MemoryRecorder {
  watching = 0
  override watch(wake: () => void) {
    this.watching++
    const leave = super.watch(wake)
    let left = false
    return () => {
      if (!left) this.watching--
      left = true
      leave()
    }
  }
}
const open = (recorder: Recorder = new MemoryRecorder()) => new Application(recorder, { name: 'kennel' })
const litter = async (app: Application, size: number) => {
  for (let i = 1; i <= size; i++) await app.save(new Pup(`pup ${i}`))
}
const names = (list: readonly LoggedEvent[]) => list.map(({ payload }) => payload.name)
/** Lets everything go on that waits for nothing. */
const settled = () => new Promise((resolve) => setImmediate(resolve))

t.test('gives what there is, then what comes, and ends with break', async (t) => {
  const recorder = new Watched()
  const app = open(recorder)
  await litter(app, 3)
  const seen: LoggedEvent[] = []
  for await (const event of app.follow({ after: 1, limit: 1 })) {
    seen.push(event)
    if (seen.length === 2) void settled().then(() => litter(app, 2))
    t.equal(recorder.watching, 1)
    if (seen.length === 4) break
  }
  t.strictSame(names(seen), ['pup 2', 'pup 3', 'pup 1', 'pup 2'])
  t.equal(recorder.watching, 0)
})

t.test('releases its watcher and its signal, in whatever way it ends', async (t) => {
  const recorder = new Watched()
  const app = open(recorder)
  await litter(app, 2)
  const { signal } = new AbortController()
  const isReleased = (way: string) => {
    t.equal(recorder.watching, 0, way)
    t.equal(getEventListeners(signal, 'abort').length, 0, way)
  }
  for await (const _ of app.follow({ signal })) break
  isReleased('break')
  await t.rejects(async () => {
    for await (const _ of app.follow({ signal })) throw new Error('no')
  })
  isReleased('an error in the loop')
  const waiting = app.follow({ after: 2, signal })
  const next = waiting.next()
  await settled()
  t.equal(recorder.watching, 1)
  await waiting.return()
  t.strictSame(await next, { done: true, value: undefined })
  isReleased('return, while it waits')
  for await (const _ of app.follow({ signal }).pages()) break
  isReleased('break, by pages')
  await t.rejects(app.follow({ after: 9, signal }).next(), { code: 'LOG_CHANGED' })
  isReleased('an error of the log')
  const last = app.follow({ after: 2, signal })
  const none = last.next()
  await app.close()
  t.strictSame(await none, { done: true, value: undefined })
  isReleased('close')
  t.strictSame(await last.next(), { done: true, value: undefined })
  await t.rejects(app.follow({ signal }).next(), { code: 'CLOSED' })
  isReleased('closed before')
})

t.test('an aborted signal ends it quietly: before, between, while it waits, and while the log hangs', async (t) => {
  const recorder = new Watched()
  const app = open(recorder)
  await litter(app, 3)
  const seen: LoggedEvent[] = []
  for await (const event of app.follow({ signal: AbortSignal.abort() })) seen.push(event)
  t.equal(seen.length, 0)
  const between = new AbortController()
  for await (const event of app.follow({ signal: between.signal })) {
    seen.push(event)
    between.abort()
  }
  t.equal(seen.length, 1, 'what was read already does not come any more')
  const waits = new AbortController()
  const follower = app.follow({ after: 3, signal: waits.signal })
  const next = follower.next()
  await settled()
  waits.abort(new Error('enough'))
  t.strictSame(await next, { done: true, value: undefined })
  const hangs: FollowableLog = {
    max: async () => 1,
    logId: async () => 'x',
    watch: (wake) => recorder.watch(wake),
    select: () => new Promise(() => undefined),
  }
  const stuck = new AbortController()
  const never = follow(hangs, { signal: stuck.signal }).next()
  await settled()
  stuck.abort()
  t.strictSame(await never, { done: true, value: undefined })
  t.equal(recorder.watching, 0)
})

t.test('calls of next that do not wait for one another get one event each', async (t) => {
  const app = open()
  await litter(app, 3)
  const follower = app.follow({ limit: 2 })
  const five = Promise.all(Array.from({ length: 5 }, () => follower.next()))
  await settled()
  await litter(app, 2)
  t.strictSame(
    (await five).map(({ value }) => value?.id),
    [1, 2, 3, 4, 5],
  )
  const eager = app.follow()
  const three = [eager.next(), eager.next(), eager.next()]
  const fourth = three[0]?.then(() => eager.next())
  t.strictSame(
    (await Promise.all([...three, fourth])).map((each) => each?.value?.id),
    [1, 2, 3, 4],
    'and the one that was called last comes last',
  )
  const [first, second] = [app.follow({ after: 9 }), app.follow({ after: 5 })]
  await t.rejects(first.next())
  t.strictSame(await first.next(), { done: true, value: undefined })
  const both = [second.next(), second.next()]
  await second.return()
  t.strictSame(await Promise.all(both), [
    { done: true, value: undefined },
    { done: true, value: undefined },
  ])
})

t.test('holds one page at a time, and reads no further than it is asked to', async (t) => {
  class Counted extends MemoryRecorder {
    readonly sizes: number[] = []
    override async notifications(query?: Parameters<MemoryRecorder['notifications']>[0]) {
      const rows = await super.notifications(query)
      this.sizes.push(rows.length)
      return rows
    }
  }
  const recorder = new Counted()
  const app = open(recorder)
  await litter(app, 100)
  let [count, most] = [0, 0]
  for await (const event of app.follow({ limit: 7 })) {
    count++
    most = Math.max(most, recorder.sizes.reduce((sum, size) => sum + size, 0) - count)
    if (event.id === 100) break
  }
  t.equal(most, 6)
  t.ok(recorder.sizes.every((size) => size <= 7))
})

t.test('topics are types, names or stored topics, and say what the payload is', async (t) => {
  const app = open()
  const Bitten = defineEvent('Bitten', z.object({ where: z.string() }))
  @event('Met')
  class Cat extends Aggregate {
    @event(Bitten)
    bite(where: string) {
      return where
    }
  }
  const [pup, cat] = [new Pup('Fido'), new Cat()]
  pup.learn('sit')
  cat.bite('tail')
  await app.save(pup, cat)
  const ids = async (topics: readonly (string | typeof Learnt | typeof Bitten)[], count: number) => {
    const found: number[] = []
    const follower = app.follow({ topics })
    for (let i = 0; i < count; i++) found.push((await follower.next()).value?.id as number)
    const none = follower.next()
    await settled()
    t.equal(follower.position, 4, 'it is past those that it leaves out')
    await follower.return()
    t.strictSame(await none, { done: true, value: undefined })
    return found
  }
  t.strictSame(await ids([Learnt], 1), [2])
  t.strictSame(await ids(['Learnt', Bitten], 2), [2, 4])
  t.strictSame(await ids(['kennel:Cat.Met', 'Born'], 2), [1, 3])
  t.strictSame(await ids(['kennel:Cat.Met', 'kennel:Pup.Born'], 2), [1, 3])
  t.strictSame(await ids(['Nothing'], 0), [])
  t.strictSame(await ids([], 0), [])
  for await (const event of app.follow({ topics: [Bitten, 'Born'] })) {
    if (event.name === 'Bitten') {
      t.equal(event.payload.where.toUpperCase(), 'TAIL')
      break
    }
    t.equal(event.payload.name, 'Fido')
    // @ts-expect-error only these two names can come
    t.notOk(event.name === 'Learnt')
  }
  for (const wrong of [{ topics: 'Born' }, { topics: [1] }, { after: -1 }, { after: 1.5 }, { limit: 0 }])
    t.throws(() => app.follow(wrong as never), TypeError)
})

const later = (recorder: Recorder) => new Application(recorder, { name: 'kennel', aggregates: [Later] })

t.test('the position to remember is behind an event that was split only when all of it has come', async (t) => {
  const recorder = new MemoryRecorder()
  const pup = new Pup('Fido')
  for (const trick of ['sit', 'nothing', 'beg', 'nothing']) pup.learn(trick)
  await open(recorder).save(pup)
  const follower = later(recorder).follow()
  const seen: unknown[] = []
  for (let i = 0; i < 5; i++) seen.push([(await follower.next()).value?.name, follower.position])
  t.strictSame(seen, [
    ['Arrived', 1],
    ['Tried', 1],
    ['Could', 2],
    ['Tried', 2], // the retired one before it is read again, and says nothing again
    ['Could', 5],
  ])
  const could = later(recorder).follow({ topics: ['Could'] })
  t.equal((await could.next()).value?.id, 2, 'names are those of today')
  const pages = later(recorder).follow({ limit: 1 }).pages()
  const sizes: unknown[] = []
  for (let i = 0; i < 5; i++) {
    const { value } = await pages.next()
    sizes.push([value?.events.length, value?.position, value?.newest])
  }
  t.strictSame(sizes, [
    [1, 1, 5],
    [2, 2, 5],
    [0, 3, 5],
    [2, 4, 5],
    [0, 5, 5],
  ])
})

t.test('another log, or one that was cut, is refused', async (t) => {
  const [app, other] = [open(), open()]
  await litter(app, 3)
  await litter(other, 5)
  const logId = await app.notificationLog.logId()
  t.equal((await app.follow({ after: 2, logId }).next()).value?.id, 3)
  await t.rejects(other.follow({ after: 2, logId }).next(), { code: 'LOG_CHANGED', message: /position 2 / })
  await t.rejects(app.follow({ after: 4 }).next(), { code: 'LOG_CHANGED', message: /ends at position 3/ })
  let length = 3
  const cut: FollowableLog = {
    select: (query) => app.notificationLog.select(query),
    logId: () => app.notificationLog.logId(),
    max: async () => length,
    watch: (wake) => app.notificationLog.watch(wake),
  }
  const follower = follow(cut, { after: 2 })
  t.equal((await follower.next()).value?.id, 3)
  length = 1
  const next = follower.next()
  await settled()
  await litter(app, 1)
  await t.rejects(next, { code: 'LOG_CHANGED' }, 'also while it is followed')
})

t.test('an event that is recorded while the log says how far it is wakes all the same', async (t) => {
  const app = open()
  const { notificationLog } = app
  let isLate = false
  const slow: FollowableLog = {
    select: (query) => notificationLog.select(query),
    logId: () => notificationLog.logId(),
    watch: (wake) => notificationLog.watch(wake),
    async max() {
      const max = await notificationLog.max()
      if (!isLate) await litter(app, 1)
      isLate = true
      await settled()
      return max
    },
  }
  const follower = follow(slow)
  t.equal((await follower.next()).value?.id, 1)
  await follower.return()
})

t.test('what comes before an event that cannot be read is delivered, and the error names its position', async (t) => {
  for (const [state, topic, code] of [
    ['{', 'kennel:Pup.Born', 'CORRUPT_EVENT'],
    ['{}', 'nonsense', 'UNKNOWN_TOPIC'],
  ] as const) {
    const recorder = new MemoryRecorder()
    const app = open(recorder)
    await litter(app, 20)
    await recorder.append([{ aggregateId: 'x', version: 1, topic, state }])
    await litter(app, 20)
    for (const after of [0, 19, 20]) {
      const follower = app.follow({ after })
      for (let id = after + 1; id <= 20; id++) t.equal((await follower.next()).value?.id, id)
      await t.rejects(follower.next(), { code, message: /^Position 21: / })
      t.equal(follower.position, 20)
    }
    t.equal((await app.follow({ after: 21 }).next()).value?.id, 22)
  }
})

const stores = { memory: () => new MemoryRecorder(), sqlite: () => sqlite(':memory:') }
for (const [store, make] of Object.entries(stores))
  t.test(`${store}: whoever stops and goes on, while others write, sees each event once, in order`, async () => {
    const step = fc.oneof(
      fc.record({ write: fc.integer({ min: 1, max: 6 }), of: fc.constantFrom('sit', 'nothing') }),
      fc.record({ take: fc.integer({ min: 1, max: 9 }), abort: fc.boolean() }),
      fc.constant('pause' as const),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 12 }),
        fc.integer({ min: 1, max: 5 }),
        fc.boolean(),
        async (steps, limit, asPages) => {
          const recorder = make()
          const [writer, reader] = [open(recorder), later(recorder)]
          const seen: string[] = []
          const said = ({ id, name }: LoggedEvent) => `${id} ${name}`
          let after = 0
          let written = 0
          const follower = async (take: number, abort: boolean) => {
            const end = new AbortController()
            const following = reader.follow({ after, limit, signal: end.signal })
            if (asPages && after < written) {
              for await (const { events, position } of following.pages()) {
                seen.push(...events.map(said))
                after = position
                if (--take <= 0 || position >= written) break
              }
              return
            }
            // Nothing is kept of a position that was not complete.
            let part: string[] = []
            const keep = (value: LoggedEvent | undefined) => {
              if (!value) return
              part.push(said(value))
              if (following.position < value.id) return
              after = following.position
              seen.push(...part.splice(0))
            }
            while (after < written && take-- > 0) keep((await following.next()).value)
            const next = abort && following.next()
            if (next) end.abort()
            else await following.return()
            if (next) keep((await next).value)
            part = []
          }
          let running = Promise.resolve()
          for (const each of steps) {
            if (each === 'pause') await running
            else if ('take' in each) running = running.then(() => follower(each.take, each.abort))
            else {
              const pup = new Pup('x')
              for (let i = 0; i < each.write; i++) pup.learn(each.of)
              // Nobody waits behind a retired event.
              pup.learn('sit')
              const saved = writer.save(pup)
              running = running.then(async () => {
                written = (await saved).at(-1) as number
              })
            }
          }
          await running
          while (after < written) await follower(Number.POSITIVE_INFINITY, false)
          const whole = (await reader.notificationLog.select()).map(said)
          if (seen.join() !== whole.join()) throw new Error(`saw ${seen}\n not ${whole}`)
          await recorder.close()
        },
      ),
      { numRuns: 60 },
    )
  })

t.test('a long log in memory does not keep others from running', async (t) => {
  const app = open()
  const pups = Array.from({ length: 100 }, () => new Pup('x'))
  for (const pup of pups) for (let i = 0; i < 300; i++) pup.learn('sit')
  await app.save(...pups)
  let turns = 0
  const timer = setInterval(() => turns++)
  for await (const { id } of app.follow({ limit: 100 })) if (id === 30_100) break
  clearInterval(timer)
  t.ok(turns > 2, `${turns} turns`)
})

t.test('nor does whoever records more for each event', async (t) => {
  const app = open()
  await litter(app, 1)
  let count = 0
  const more = async () => {
    if (++count < 100_000) await litter(app, 1)
  }
  const stop = new AbortController()
  setTimeout(() => stop.abort(), 1)
  for await (const _ of app.follow({ signal: stop.signal })) await more()
  t.ok(count < 100_000, `a loop had ${count} turns`)
  count = 0
  const view = new Projection(app.notificationLog, () => ({}), { Born: more }).start()
  await new Promise((resolve) => setTimeout(resolve, 1))
  await view.stop()
  t.ok(count < 100_000, `a view had ${count} events`)
})

t.test('many at once, with many writers, all see the same', async (t) => {
  const app = open(new Watched())
  const all = Array.from({ length: 10 }, async () => {
    const seen: number[] = []
    for await (const { id } of app.follow({ limit: 3 })) if (seen.push(id) === 200) break
    return seen
  })
  await Promise.all(Array.from({ length: 20 }, () => litter(app, 10)))
  const expected = Array.from({ length: 200 }, (_, i) => i + 1)
  for (const seen of await Promise.all(all)) t.strictSame(seen, expected)
  t.equal((app.recorder as Watched).watching, 0)
})
