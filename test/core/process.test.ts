/** Applications that react to others: each event is dealt with once, whatever happens in between. */
import { setImmediate as settled } from 'node:timers/promises'
import {
  Aggregate,
  AggregateNotFoundError,
  type AppendOptions,
  Application,
  boundary,
  defineEvent,
  defineSlice,
  event,
  MemoryRecorder,
  ProcessApplication,
  type Recorder,
  type StoredEvent,
  type Work,
} from 'dog-school'
import { sqlite } from 'dog-school/sqlite'
import * as fc from 'fast-check'
import t from 'tap'
import { z } from 'zod'
import { Later } from './later'

const Learnt = defineEvent('Learnt', z.object({ trick: z.string() }))

@event('Born')
class Pup extends Aggregate {
  @event(Learnt)
  learn(trick: string) {
    return trick
  }
}
@event('Opened')
class Tally extends Aggregate {
  count = 0
  constructor(readonly trick: string) {
    super({ id: `tally:${trick}` })
  }
  @event('Counted')
  add() {
    this.count++
  }
}
@event('Noted')
class Note extends Aggregate {
  constructor(readonly about: string) {
    super()
  }
}

const kennel = (recorder: Recorder = new MemoryRecorder()) => new Application(recorder, { name: 'kennel' })
const learn = async (app: Application, ...tricks: string[]) => {
  const pup = new Pup()
  for (const trick of tricks) pup.learn(trick)
  await app.save(pup)
}

/** Counts how often each trick was learnt. */
class Tallies extends ProcessApplication {
  constructor(recorder?: Recorder) {
    super(recorder, { name: 'tallies' })
    this.on(Learnt, ({ payload }, work) => this.count(payload.trick, work))
  }
  async count(trick: string, { repository }: Pick<Work, 'repository'>) {
    const id = `tally:${trick}`
    const tally = (await repository.has(Tally, id)) ? await repository.get(Tally, id) : new Tally(trick)
    tally.add()
    return tally
  }
  async of(trick: string) {
    return (await this.repository.get(Tally, `tally:${trick}`)).count
  }
}

const numRuns = process.env.DOG_SCHOOL_LONG === '1' ? 100 : 20

t.test('what follows from an event is recorded, with why', async (t) => {
  const [school, tallies] = [kennel(), new Tallies()]
  await learn(school, 'sit', 'beg', 'sit')
  t.equal(await tallies.catchUpWith(school), 3, 'nobody asked for Born')
  t.equal(await tallies.of('sit'), 2)
  t.equal(await tallies.recorder.maxTrackingId('kennel'), 4)
  await school.save(new Pup(), { metadata: { correlation: 'visit 7' } })
  const pup = new Pup()
  pup.learn('sit')
  await school.save(pup, { metadata: { correlation: 'visit 8', user: 'ann' } })
  t.equal(await tallies.catchUpWith(school), 1)
  const log = await tallies.notificationLog.select()
  t.strictSame(
    log.map(({ name, metadata }) => [name, metadata]),
    [
      ['Opened', { causation: 'kennel:2', correlation: 'kennel:2' }],
      ['Counted', { causation: 'kennel:2', correlation: 'kennel:2' }],
      ['Opened', { causation: 'kennel:3', correlation: 'kennel:3' }],
      ['Counted', { causation: 'kennel:3', correlation: 'kennel:3' }],
      ['Counted', { causation: 'kennel:4', correlation: 'kennel:4' }],
      ['Counted', { causation: 'kennel:7', correlation: 'visit 8' }],
    ],
  )
  t.equal(await tallies.catchUpWith(school), 0)
})

t.test('handlers are typed, may return nothing, one or many, and metadata', async (t) => {
  const school = kennel()
  await learn(school, 'sit', 'beg', 'roll', 'jump')
  const seen: string[] = []
  const app = new ProcessApplication(undefined, { name: 'notes' })
    .on(Learnt, (event, { from }) => {
      // @ts-expect-error there is no such field
      seen.push(event.payload.trik ?? `${from} ${event.payload.trick.toUpperCase()}`)
      if (event.payload.trick === 'beg') return [new Note('a'), new Note('b'), { metadata: { user: 'ann' } }]
      if (event.payload.trick === 'roll') return new Note('c').collectEvents()
      return undefined
    })
    .on('Born', async (event) => {
      seen.push(event.name)
    })
    .on('kennel:Pup.Learnt', async ({ payload }) => (payload.trick === 'beg' ? new Note('d') : undefined))
  // @ts-expect-error a number cannot be recorded
  const wrong = () => app.on(Learnt, () => 5)
  t.type(wrong, 'function')
  t.equal(await app.catchUpWith(school), 5)
  t.strictSame(seen, ['Born', 'kennel SIT', 'kennel BEG', 'kennel ROLL', 'kennel JUMP'])
  const log = await app.notificationLog.select()
  t.strictSame(
    log.map(({ payload, metadata }) => [payload.about, metadata?.causation, metadata?.user]),
    [
      ['a', 'kennel:3', 'ann'],
      ['b', 'kennel:3', 'ann'],
      ['d', 'kennel:3', undefined],
      ['c', 'kennel:4', undefined],
    ],
  )
  t.throws(() => app.on(7 as never, () => undefined), TypeError)
  t.throws(() => app.on(Pup as never, () => undefined), { name: 'TypeError', message: /, not Pup$/ })
  t.throws(() => app.on('', () => undefined), { name: 'TypeError', message: /, not ''$/ })
  t.throws(() => app.on('Born', 'x' as never), TypeError)
})

t.test('goes on for good, with what comes, until it is stopped', async (t) => {
  const [school, tallies] = [kennel(), new Tallies()]
  await learn(school, 'sit')
  const stop = new AbortController()
  const reacting = tallies.reactTo(school, { signal: stop.signal })
  await t.rejects(tallies.reactTo(school), TypeError, 'it does so already')
  for (let i = 2; i < 6; i++) {
    for await (const { name } of tallies.follow({ after: await tallies.notificationLog.max() })) {
      if (name === 'Counted') break
    }
    t.equal(await tallies.of('sit'), i - 1)
    await learn(school, 'sit')
  }
  stop.abort()
  await reacting
  await learn(school, 'sit')
  await tallies.catchUpWith(school)
  t.equal(await tallies.of('sit'), 6)
  const closed = tallies.reactTo(school)
  await settled()
  await school.close()
  await closed
  const other = kennel()
  const busy = new ProcessApplication(undefined, { name: 'busy' }).on('Born', () => undefined)
  const ended = busy.reactTo(other)
  await settled()
  await busy.close()
  await ended
  await t.rejects(tallies.catchUpWith(school), { code: 'REACTION_FAILED', cause: { code: 'CLOSED' } })
  await t.rejects(new Tallies().reactTo(school), { cause: { code: 'CLOSED' } }, 'it has never been open')
  const last = kennel()
  const late = new ProcessApplication(undefined, { name: 'late' }).on('Born', () => last.close())
  await last.save(...Array.from({ length: 1001 }, () => new Pup()))
  await t.rejects(late.catchUpWith(last), { cause: { code: 'CLOSED' } }, 'it did not come to the end')
})

t.test('is stopped between two events, and goes on with the next', async (t) => {
  const school = kennel()
  await learn(school, 'sit', 'beg', 'roll')
  const [stop, seen] = [new AbortController(), [] as string[]]
  const app = new ProcessApplication(undefined, { name: 'notes' }).on(Learnt, ({ payload: { trick } }, _work) => {
    seen.push(trick)
    if (trick === 'beg') stop.abort()
    return new Note(trick)
  })
  await app.reactTo(school, { signal: stop.signal })
  t.strictSame(seen, ['sit', 'beg'])
  t.equal(await app.recorder.maxTrackingId('kennel'), 3)
  t.equal(await app.catchUpWith(school), 1)
  t.equal(await app.notificationLog.max(), 3)
})

t.test('events that no handler is for need no commit of their own, and their position moves on', async (t) => {
  class Counted extends MemoryRecorder {
    appends = 0
    override append(events: readonly StoredEvent[], options?: AppendOptions) {
      this.appends++
      return super.append(events, options)
    }
  }
  const recorder = new Counted()
  const [school, tallies] = [kennel(), new Tallies(recorder)]
  const stop = new AbortController()
  const reacting = tallies.reactTo(school, { signal: stop.signal })
  for (let i = 1; i <= 2100; i++) {
    await school.save(new Pup())
    if (i % 100 === 0) await settled()
  }
  t.equal(recorder.appends, 3, 'one says which log this is')
  // How many events come at a time is left to chance, so the second of the two may be the last one of all.
  const reached = await recorder.maxTrackingId('kennel')
  t.ok(reached >= 2000)
  stop.abort()
  await reacting
  t.equal(recorder.appends, reached === 2100 ? 3 : 4)
  t.equal(await recorder.maxTrackingId('kennel'), 2100)
})

t.test('an error stops it at its event; what came before is recorded, and it can be tried again', async (t) => {
  const [school, app] = [kennel(), new ProcessApplication(undefined, { name: 'notes' })]
  await learn(school, 'sit', 'beg', 'roll', 'jump')
  let isDown = true
  const calls: string[] = []
  app.on(Learnt, ({ payload: { trick } }, _work) => {
    calls.push(trick)
    if (trick === 'roll' && isDown) throw new Error('the mail is down')
    return new Note(trick)
  })
  for (let i = 0; i < 2; i++)
    await t.rejects(app.catchUpWith(school), {
      code: 'REACTION_FAILED',
      message: 'notes cannot react to kennel:4 (Learnt): the mail is down',
      from: 'kennel',
      to: 'notes',
      position: 4,
      cause: { message: 'the mail is down' },
    })
  isDown = false
  t.equal(await app.catchUpWith(school), 2)
  t.strictSame(calls, ['sit', 'beg', 'roll', 'roll', 'roll', 'jump'])
  const log = await app.notificationLog.select()
  t.strictSame(
    log.map(({ payload }) => payload.about),
    ['sit', 'beg', 'roll', 'jump'],
  )
})

t.test('what a handler must not return, and what it must', async (t) => {
  const school = kennel()
  await learn(school, 'sit')
  const fails = async (handle: (work: Work) => unknown, cause: object, before?: (app: Application) => unknown) => {
    const app = new ProcessApplication(undefined, { name: 'notes' }).on(
      Learnt,
      (_event, work) => handle(work) as undefined,
    )
    await before?.(app)
    const size = await app.notificationLog.max()
    await t.rejects(app.catchUpWith(school), { code: 'REACTION_FAILED', position: 2, cause })
    t.equal(await app.notificationLog.max(), size)
    t.equal(await app.recorder.maxTrackingId('kennel'), 0)
  }
  await fails(() => 5, { name: 'TypeError' })
  await fails(() => [new Note('x'), null], { name: 'TypeError' })
  await fails(() => ({ tracking: { applicationName: 'kennel', notificationId: 9 } }), { name: 'TypeError' })
  await fails(() => ({ metadata: { odd: () => 1 } }), { code: 'INVALID_PAYLOAD' })
  await fails(() => Promise.reject(new Error('later')), { message: 'later' })
  await fails(({ repository }) => repository.get(Note, 'none'), { code: 'AGGREGATE_NOT_FOUND' })
  await fails(
    async ({ repository }) => {
      const tally = await repository.get(Tally, 'tally:x')
      tally.add()
    },
    { name: 'TypeError', message: /^Tally tally:x was changed and not returned/ },
    (app) => app.save(new Tally('x')),
  )
  await fails(
    ({ repository }) => repository.get(Note, 'tally:x'),
    { code: 'UNKNOWN_TOPIC' },
    (app) => app.save(new Tally('x')),
  )
  // Somebody else's aggregate has a history that is not in this store.
  const [first] = await school.notificationLog.select()
  const pup = await school.repository.get(Pup, first?.aggregateId as string)
  pup.learn('beg')
  const thief = new ProcessApplication(undefined, { name: 'notes' }).on(Learnt, () => pup)
  await t.rejects(thief.catchUpWith(school), { code: 'REACTION_FAILED', cause: { code: 'VERSION_GAP' } })
})

t.test('who is followed needs a name of its own, and a store of its own', async (t) => {
  const app = new Tallies()
  for (const wrong of [undefined, {}, { name: '', notificationLog: app.notificationLog }, { name: 'x' }])
    await t.rejects(app.catchUpWith(wrong as never), TypeError)
  const recorder = new MemoryRecorder()
  await app.catchUpWith(kennel(recorder))
  await t.rejects(app.catchUpWith(kennel()), { code: 'REACTION_FAILED', cause: { code: 'LOG_CHANGED' } })
  const stop = new AbortController()
  const reacting = app.reactTo(kennel(recorder), { signal: stop.signal })
  await t.rejects(app.catchUpWith(kennel()), { name: 'TypeError', message: /another application called kennel/ })
  t.throws(() => app.on('Born', () => undefined), { name: 'TypeError', message: /^tallies reacts already/ })
  stop.abort()
  await reacting
  await t.rejects(app.catchUpWith(new Application(recorder, { name: 'vet' })), {
    message: /^tallies cannot follow vet: it shares a store with kennel, so each event there would come twice/,
    cause: { name: 'TypeError' },
  })
  const [school, own] = [kennel(recorder), new Tallies(recorder)]
  await learn(school, 'sit')
  t.equal(await own.catchUpWith(school), 1, 'its own may be the same')
  t.equal(await own.of('sit'), 1)
})

t.test('a log that was cut, or has an event that cannot be read, stops it there', async (t) => {
  const recorder = new MemoryRecorder()
  const [school, tallies] = [kennel(recorder), new Tallies()]
  await learn(school, 'sit')
  await recorder.append([
    { aggregateId: 'x', version: 1, topic: 'kennel:Pup.Born', state: '{' },
    { aggregateId: 'x', version: 2, topic: 'kennel:Pup.Learnt', state: '{' },
  ])
  await learn(school, 'sit')
  await t.rejects(tallies.catchUpWith(school), {
    code: 'REACTION_FAILED',
    message: /^tallies cannot follow kennel: Position 4: /,
    cause: { code: 'CORRUPT_EVENT' },
  })
  t.equal(await tallies.of('sit'), 1)
  t.equal(await tallies.recorder.maxTrackingId('kennel'), 2)
  const ahead = new Tallies()
  await ahead.recorder.append([], { tracking: { applicationName: 'kennel', notificationId: 99 } })
  const cut = { code: 'REACTION_FAILED', cause: { code: 'LOG_CHANGED', message: /up to 99/ } }
  await t.rejects(ahead.reactTo(school), cut)
  await t.rejects(ahead.catchUpWith(school), cut)
})

t.test('another log under the same name is refused, also after a restart', async (t) => {
  const [recorder, school] = [new MemoryRecorder(), kennel()]
  await learn(school, 'sit')
  await Promise.all([new Tallies(recorder).catchUpWith(school), new Tallies(recorder).catchUpWith(school)])
  const other = kennel()
  await learn(other, 'sit', 'beg', 'roll')
  const message = /^tallies cannot follow kennel: This is log \S+ of kennel, but the positions/
  await t.rejects(new Tallies(recorder).catchUpWith(other), { message, cause: { code: 'LOG_CHANGED' } })
  await learn(school, 'sit')
  const again = new Application(school.recorder, { name: 'kennel', aggregates: [Pup] })
  t.equal(await new Tallies(recorder).catchUpWith(again), 1)
  // Whoever tracked before there were such marks goes on.
  const before = new MemoryRecorder()
  await before.append([], { tracking: { applicationName: 'kennel', notificationId: 2 } })
  t.equal(await new Tallies(before).catchUpWith(school), 1)
})

t.test('a handler that hangs does not keep it from closing, and what it returns later is not recorded', async (t) => {
  const school = kennel()
  await learn(school, 'sit', 'beg')
  const recorder = new MemoryRecorder()
  let go: ((note: Note) => void) | undefined
  const app = new ProcessApplication(recorder, { name: 'notes' }).on(
    Learnt,
    () => new Promise<Note>((resolve) => (go = resolve)),
  )
  const reaction = await app.reactionTo(school)
  const reacting = app.reactTo(school)
  while (!go) await settled()
  await t.rejects(reaction.stop(20), {
    code: 'REACTION_HANGS',
    message: /^notes still reacts to kennel:2 \(Learnt\) after 20 ms/,
  })
  await t.rejects(reacting, { code: 'REACTION_HANGS' })
  go(new Note('too late'))
  await settled()
  t.equal(await recorder.maxNotificationId(), 0)
  await app.close()
  // One that heeds the signal ends at once, and is tried again next time.
  const [stop, polite] = [new AbortController(), new ProcessApplication(undefined, { name: 'polite' })]
  let begun = 0
  polite.on(Learnt, (_event, { signal }) => {
    begun++
    return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
  })
  const ended = polite.reactTo(school, { signal: stop.signal })
  while (begun < 1) await settled()
  stop.abort()
  await ended
  t.equal(await polite.recorder.maxTrackingId('kennel'), 0)
  const again = polite.reactTo(school)
  while (begun < 2) await settled()
  await polite.close()
  await again
})

t.test('the parts of an event that was split are dealt with together', async (t) => {
  const recorder = new MemoryRecorder()
  await learn(kennel(recorder), 'sit', 'sit')
  const school = new Application(recorder, { name: 'kennel', aggregates: [Later] })
  const tallies = new (class extends Tallies {
    isDown = true
    constructor() {
      super()
      this.on('Tried', ({ payload }, work) => this.count(String(payload.trick), work))
      this.on('Could', ({ payload }, work) => {
        if (this.isDown) throw new Error('down')
        return this.count(String(payload.trick), work)
      })
    }
  })()
  await t.rejects(tallies.catchUpWith(school), { code: 'REACTION_FAILED', position: 2 })
  t.equal(await tallies.notificationLog.max(), 0)
  tallies.isDown = false
  t.equal(await tallies.catchUpWith(school), 2)
  t.equal(await tallies.of('sit'), 4)
})

t.test('another writer of the same aggregate: the handler is asked again', async (t) => {
  const [school, tallies] = [kennel(), new Tallies()]
  await learn(school, ...Array.from({ length: 100 }, (_, i) => `${i % 3}`))
  const command = async (trick: string) => tallies.save(await tallies.count(trick, tallies))
  let isDone = false
  const others = (async () => {
    let done = 0
    for (; !isDone || done < 20; done++) {
      await tallies.retry(() => command(`${done % 3}`), 50)
      if (done % 2) await settled()
    }
    return done
  })()
  t.equal(await tallies.catchUpWith(school), 100)
  isDone = true
  const done = await others
  const counts = await Promise.all(['0', '1', '2'].map((trick) => tallies.of(trick)))
  t.equal(
    counts.reduce((sum, count) => sum + count),
    100 + done,
  )
  const always = new ProcessApplication(undefined, { name: 'stale' }).on(Learnt, async () => {
    const stale = new Tally('x')
    return stale
  })
  await t.rejects(always.catchUpWith(school), {
    code: 'REACTION_FAILED',
    position: 3,
    cause: { code: 'VERSION_CONFLICT' },
  })
  t.equal(await always.recorder.maxTrackingId('kennel'), 2)
})

t.test('a slice that a handler runs tracks the event by itself, and decides once for each', async (t) => {
  const Praised = defineEvent('Praised', z.object({ trick: z.string() }), { tags: ({ trick }) => [trick] })
  const praise = defineSlice({
    boundary: (trick: string) => ({ times: boundary(0, trick).on(Praised, (times) => times + 1) }),
    decide: ({ times }, trick) => (times < 2 ? Praised.of({ trick }) : undefined),
  })
  const [school, recorder] = [kennel(), new MemoryRecorder()]
  await learn(school, 'sit', 'sit', 'beg', 'sit', 'sit')
  const praises = () => {
    const app = new ProcessApplication(recorder, { name: 'praises' })
    return app
      .on(Learnt, async ({ payload }, work) => {
        // Some are recorded by the process, and must not be lost when a slice comes after them.
        if (payload.trick === 'beg') return new Note(`${work.tracking.notificationId}`)
        await praise.run(app, payload.trick, work)
        return undefined
      })
      .on('Born', ({ id }, _work) => new Note(`${id}`))
  }
  const done = await Promise.all([praises().catchUpWith(school), praises().catchUpWith(school)])
  t.equal(done[0] + done[1], 6)
  const log = await praises().notificationLog.select()
  t.strictSame(
    log.map(({ payload, metadata }) => [payload.trick ?? payload.about, metadata?.causation]),
    [
      ['1', 'kennel:1'],
      ['sit', 'kennel:2'],
      ['sit', 'kennel:3'],
      ['4', 'kennel:4'],
    ],
  )
  t.equal(await recorder.maxTrackingId('kennel'), 6)
  const odd = new ProcessApplication(undefined, { name: 'odd' })
  await odd.saveTracked({ applicationName: 'x', notificationId: 1 })
  odd.on('Born', async (_event) => {
    await odd.saveTracked({ applicationName: 'x', notificationId: 1 })
  })
  await t.rejects(odd.catchUpWith(school), {
    code: 'REACTION_FAILED',
    position: 1,
    cause: { code: 'TRACKING_CONFLICT' },
  })
})

t.test('what a handler records by itself is all that follows from its event', async (t) => {
  const school = kennel()
  await learn(school, 'sit', 'beg')
  const notes = () => new ProcessApplication(undefined, { name: 'notes' })
  const track = (app: Application, trick: string, { tracking }: Work) =>
    app.saveTracked(tracking, new Note(trick)).then(() => undefined)
  const fails = async (app: ProcessApplication) => {
    await t.rejects(app.catchUpWith(school), {
      code: 'REACTION_FAILED',
      position: 2,
      message: /recorded by itself, so what else follows from this event is lost/,
    })
    t.equal(await app.notificationLog.max(), 1)
  }
  const both = notes()
  both.on(Learnt, async ({ payload: { trick } }, work) => {
    await track(both, trick, work)
    return new Note('lost')
  })
  await fails(both)
  const two = notes()
  for (let i = 0; i < 2; i++) two.on(Learnt, ({ payload: { trick } }, work) => track(two, trick, work))
  await fails(two)
  // What was loaded before something was recorded is loaded again.
  const tallies = new Tallies()
  await tallies.save(new Tally('all'))
  const counts: number[] = []
  const mixed = new ProcessApplication(tallies.recorder, { name: 'tallies' })
  mixed.on('Learnt', async (_event, { repository, tracking }) => {
    counts.push((await repository.get(Tally, 'tally:all')).count)
    const tally = await mixed.repository.get(Tally, 'tally:all')
    tally.add()
    await mixed.saveTracked(tracking, tally)
  })
  t.equal(await mixed.catchUpWith(school), 2)
  t.strictSame(counts, [0, 1])
  // What was recorded before a conflict is not asked for again.
  const seen: string[] = []
  const first = notes()
  await first.save(new Tally('all'))
  first.on(Learnt, async ({ payload: { trick } }, work) => {
    seen.push(trick)
    if (trick === 'sit') return track(first, trick, work)
    return seen.length < 7 ? new Tally('all') : new Note(trick)
  })
  t.equal(await first.catchUpWith(school), 2)
  t.strictSame(seen, ['sit', ...Array(6).fill('beg')], 'and a conflict is tried again, for a while')
})

t.test('a handler that reads the store, though many are recorded together, is asked again one by one', async (t) => {
  const school = kennel()
  await learn(school, ...Array.from({ length: 40 }, () => 'sit'))
  const tallies = new ProcessApplication(undefined, { name: 'careless' })
  await tallies.save(new Tally('sit'))
  tallies.on(Learnt, async (_event, _work) => {
    const tally = await tallies.repository.get(Tally, 'tally:sit')
    tally.add()
    return tally
  })
  t.equal(await tallies.catchUpWith(school), 40)
  t.equal((await tallies.repository.get(Tally, 'tally:sit')).count, 40)
})

t.test('a handler that is slower than the writers falls behind, and misses nothing', async (t) => {
  const [school, recorder] = [kennel(), new MemoryRecorder()]
  const app = new ProcessApplication(recorder, { name: 'slow' }).on('Born', async ({ id }, _work) => {
    for (let i = 0; i < 3; i++) await settled()
    return new Note(`${id}`)
  })
  const reacting = app.reactTo(school)
  for (let i = 0; i < 200; i++) {
    await school.save(new Pup())
    if (i % 2) await settled()
  }
  const reaction = await app.reactionTo(school)
  t.ok(reaction.position < 200, 'it is behind')
  while (reaction.position < 200) await settled()
  const log = await app.notificationLog.select()
  t.strictSame(
    log.map(({ payload }) => payload.about),
    Array.from({ length: 200 }, (_, i) => `${i + 1}`),
  )
  await app.close()
  await reacting
})

t.test('a handler that reads the store finds everything that came before in it', async (t) => {
  const school = kennel()
  await learn(school, 'sit', 'beg', 'sit', 'sit')
  const seen: number[] = []
  const app = new (class extends ProcessApplication {
    constructor() {
      super(undefined, { name: 'plain' })
      this.on(Learnt, async ({ payload }) => {
        seen.push(await this.notificationLog.max())
        const tally = await this.repository.get(Tally, `tally:${payload.trick}`).catch((error) => {
          if (error instanceof AggregateNotFoundError) return new Tally(payload.trick)
          throw error
        })
        tally.add()
        return tally
      })
    }
  })()
  await app.catchUpWith(school)
  t.strictSame(seen, [0, 2, 4, 5])
  t.equal((await app.repository.get(Tally, 'tally:sit')).count, 3)
})

/** Dies at the n-th call, before or after it has done its work: from then on, nothing works. */
function mortal(recorder: Recorder, dies: number, after: boolean): Recorder {
  let calls = 0
  return new Proxy(recorder, {
    get(target, key) {
      const method = Reflect.get(target, key)
      if (typeof method !== 'function' || key === 'watch' || key === 'close') return method.bind?.(target) ?? method
      return async (...args: unknown[]) => {
        if (calls >= dies) throw new Error('killed')
        if (++calls < dies) return method.apply(target, args)
        if (after) await method.apply(target, args)
        throw new Error('killed')
      }
    },
  })
}

const trick = fc.constantFrom('sit', 'beg', 'none')
for (const [store, make] of Object.entries({ memory: () => new MemoryRecorder(), sqlite: () => sqlite(':memory:') }))
  t.test(`${store}: killed at any step, by several processes at once: each event counts once`, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(trick, { maxLength: 4 }), { minLength: 1, maxLength: 6 }),
        fc.array(fc.record({ dies: fc.integer({ min: 1, max: 30 }), after: fc.boolean(), beside: fc.boolean() }), {
          maxLength: 8,
        }),
        async (litters, deaths) => {
          const [up, down] = [make(), make()]
          const school = kennel(up)
          let running: Promise<unknown>[] = []
          const writing = (async () => {
            for (const tricks of litters) await learn(school, ...tricks)
          })()
          for (const { dies, after, beside } of deaths) {
            const tallies = new Tallies(mortal(down, dies, after))
            running.push(tallies.catchUpWith(school).catch(() => undefined))
            if (beside) continue
            await Promise.all(running)
            running = []
          }
          await Promise.all([writing, ...running])
          const last = new Tallies(down)
          await Promise.all([last.catchUpWith(school), new Tallies(down).catchUpWith(school)])
          const learnt = litters.flat()
          for (const each of new Set(learnt)) {
            const [count, expected] = [await last.of(each), learnt.filter((one) => one === each).length]
            if (count !== expected) throw new Error(`${each} was counted ${count} times, not ${expected}`)
          }
          const causes = (await last.notificationLog.select()).flatMap(({ name, metadata }) =>
            name === 'Counted' ? Number(String(metadata?.causation).split(':')[1]) : [],
          )
          if (causes.some((cause, i) => i > 0 && cause <= (causes[i - 1] as number)))
            throw new Error(`out of order: ${causes}`)
          await Promise.all([up.close(), down.close()])
        },
      ),
      { numRuns },
    )
  })

t.test('two that make new aggregates of the same events make each once, however fast each is', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.integer({ min: 1, max: 12 }), async (scheduler, size) => {
      const [school, recorder] = [kennel(), new MemoryRecorder()]
      const notes = () =>
        new ProcessApplication(recorder, { name: 'notes' }).on('Born', async ({ id }, _work) => {
          await scheduler.schedule(Promise.resolve())
          return new Note(`${id}`)
        })
      const both = Promise.all([notes().catchUpWith(school), notes().catchUpWith(school)])
      for (let i = 0; i < size; i++) await school.save(new Pup())
      const all = Promise.all([both, notes().catchUpWith(school), notes().catchUpWith(school)])
      await scheduler.waitFor(all)
      const log = await notes().notificationLog.select()
      const about = log.map(({ payload }) => payload.about)
      if (about.join() !== Array.from({ length: size }, (_, i) => i + 1).join()) throw new Error(`notes on ${about}`)
    }),
    { numRuns },
  )
})
