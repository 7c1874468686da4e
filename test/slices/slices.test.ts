/** Decisions that span aggregates: what they read, what they record, and what they refuse. */
import { randomBytes } from 'node:crypto'
import { Application, boundary, defineEvent, defineSlice, MemoryRecorder, statesOf } from 'dog-school'
import { aesGcm, SubjectKeys } from 'dog-school/encryption'
import { given } from 'dog-school/testing'
import t from 'tap'
import { z } from 'zod'
import { CapacityChanged, CourseDefined, capacityOf, change, define, enrol, StudentEnrolled } from './courses'

class Courses extends Application {}

t.test('a slice reads its boundary, decides, and records', async (t) => {
  const app = new Courses()
  await define.run(app, { course: 'c1', capacity: 2 })
  await define.run(app, { course: 'c2', capacity: 2 })
  await enrol.run(app, { course: 'c1', student: 'ann' })
  await t.rejects(enrol.run(app, { course: 'c1', student: 'ann' }), { message: 'ann is in c1 already' })
  await t.rejects(enrol.run(app, { course: 'c3', student: 'ann' }), { message: 'There is no course c3' })
  await enrol.run(app, { course: 'c1', student: 'bob' })
  await t.rejects(enrol.run(app, { course: 'c1', student: 'cid' }), { message: 'c1 is full' })
  await change.run(app, { course: 'c1', capacity: 3 })
  t.strictSame(await change.run(app, { course: 'c1', capacity: 3 }), [], 'nothing follows')
  const [entry, ...none] = await enrol.run(app, { course: 'c1', student: 'cid' })
  const log = await app.notificationLog.select()
  t.strictSame(
    log.map(({ topic }) => topic),
    [
      'courses:CourseDefined',
      'courses:CourseDefined',
      'courses:StudentEnrolled',
      'courses:StudentEnrolled',
      'courses:CapacityChanged',
      'courses:StudentEnrolled',
    ],
  )
  t.strictSame(none, [])
  t.match(entry, { id: 6, name: 'StudentEnrolled', payload: { course: 'c1', student: 'cid' } })
  t.match(log.at(-1), { ...entry, version: 1 })
  t.equal(new Set(log.map(({ aggregateId }) => aggregateId)).size, 6, 'each is a history of its own')
  t.strictSame(await app.verify(), [])
})

t.test('an event in the boundary makes it decide again; one outside of it does not', async (t) => {
  const app = new Courses()
  await define.run(app, { course: 'c1', capacity: 1 })
  await define.run(app, { course: 'c2', capacity: 1 })
  let asked = 0
  const slow = defineSlice({
    boundary: ({ course }: { course: string }) => ({ capacity: capacityOf(course) }),
    decide: ({ capacity }, { course }) => {
      asked++
      return CapacityChanged.of({ course, capacity: (capacity ?? 0) + 1 })
    },
  })
  await Promise.all([slow.run(app, { course: 'c1' }), slow.run(app, { course: 'c2' })])
  t.equal(asked, 2)
  await Promise.all([slow.run(app, { course: 'c1' }), slow.run(app, { course: 'c1' })])
  t.equal(asked, 5)
  const log = await app.notificationLog.select()
  t.strictSame(
    log.filter((each) => CapacityChanged.is(each)).map(({ payload }) => `${payload.course} ${payload.capacity}`),
    ['c1 2', 'c2 2', 'c1 3', 'c1 4'],
  )
})

t.test('it gives up after five attempts, or as many as it is told', async (t) => {
  const topic = 'courses:CourseDefined'
  const state = '{"timestamp":{"_type_":"datetime_iso","_data_":"2026-01-01T00:00:00+00:00"},"course":"c","capacity":1}'
  for (const [options, attempts] of [[undefined, 5] as const, [{ attempts: 2, delay: 0 }, 2] as const]) {
    const app = new Courses()
    let asked = 0
    const unlucky = defineSlice({
      boundary: () => ({ capacity: capacityOf('c') }),
      decide: () => {
        asked++
        // Another writer is always faster.
        void app.recorder.append([{ aggregateId: `x${asked}`, version: 1, topic, state, tags: ['course:c'] }])
        return CourseDefined.of({ course: 'c', capacity: asked })
      },
    })
    await t.rejects(unlucky.run(app, undefined, options), { code: 'BOUNDARY_CONFLICT' })
    t.equal(asked, attempts)
  }
})

t.test('without a store, a slice decides on new events', async (t) => {
  const given = [
    CourseDefined.of({ course: 'c1', capacity: 1 }),
    CourseDefined.of({ course: 'c2', capacity: 5 }),
    StudentEnrolled.of({ course: 'c2', student: 'ann' }),
  ]
  t.strictSame(enrol.decide(given, { course: 'c1', student: 'ann' }), [
    StudentEnrolled.of({ course: 'c1', student: 'ann' }),
  ])
  const full = [...given, StudentEnrolled.of({ course: 'c1', student: 'bob' })]
  t.throws(() => enrol.decide(full, { course: 'c1', student: 'ann' }), { message: 'c1 is full' })
  t.throws(() => enrol.decide(given, { course: 'c2', student: 'ann' }), { message: 'ann is in c2 already' })

  const seen: unknown[] = []
  const look = boundary(0).on(CourseDefined, (state, event) => {
    seen.push([event.id, event.aggregateId, event.version, event.topic, Number.isNaN(Date.parse(event.timestamp))])
    return state
  })
  const say = (id?: string) => CourseDefined.of({ course: 'c1', capacity: 1 }, id)
  defineSlice({ boundary: () => ({ look }), decide: () => undefined }).decide([say('a'), say('b'), say('a'), say()])
  t.strictSame(
    seen,
    [
      [1, 'a', 1, 'CourseDefined', false],
      [2, 'b', 1, 'CourseDefined', false],
      [3, 'a', 2, 'CourseDefined', false],
      [4, '', 1, 'CourseDefined', false],
    ],
    'handlers see them as they would be in a log',
  )
})

t.test('metadata and tracking, as with save, and through it', async (t) => {
  class Audited extends Courses {
    override save(...what: Parameters<Application['save']>) {
      return super.save({ metadata: { user: 'ann' } }, ...what)
    }
  }
  const app = new Audited(undefined, { name: 'courses' })
  const tracking = { applicationName: 'shop', notificationId: 3 }
  await define.run(app, { course: 'c1', capacity: 1 }, { metadata: { request: 7 }, tracking })
  t.strictSame((await app.notificationLog.select())[0]?.metadata, { user: 'ann', request: 7 })
  t.equal(await app.recorder.maxTrackingId('shop'), 3)
  await t.rejects(define.run(app, { course: 'c2', capacity: 1 }, { tracking }), { code: 'TRACKING_CONFLICT' })
  const next = { applicationName: 'shop', notificationId: 4 }
  t.strictSame(await change.run(app, { course: 'c1', capacity: 1 }, { tracking: next }), [])
  t.equal(await app.recorder.maxTrackingId('shop'), 4, 'that nothing follows is recorded, too')
  t.equal(await app.notificationLog.max(), 1)
})

t.test('given, when, then', async () => {
  const ann = { course: 'c1', student: 'ann' }
  const defined = CourseDefined.of({ course: 'c1', capacity: 1 })
  await given(enrol, defined).when(ann).then(StudentEnrolled.of(ann))
  await given(enrol, defined, StudentEnrolled.of({ ...ann, student: 'bob' }))
    .when(ann)
    .thenThrows('c1 is full')
  await given(change, defined).when({ course: 'c1', capacity: 1 }).then()
  // @ts-expect-error a parameter is missing
  void (() => given(enrol, defined).when({ course: 'c1' }))
})

t.test('encrypted events, and people who were forgotten', async (t) => {
  const Joined = defineEvent('MemberJoined', z.object({ member: z.string(), name: z.string() }), {
    tags: ({ member }) => [`member:${member}`],
    personal: { subject: ({ member }) => member, fields: ['name'] },
  })
  const key = randomBytes(32)
  const keys = new SubjectKeys()
  const app = new Courses(undefined, { cipher: aesGcm(key), keys })
  const nameOf = (member: string) => boundary('nobody', `member:${member}`).on(Joined, (_, { payload }) => payload.name)
  const join = defineSlice({
    boundary: ({ member }: { member: string; name: string }) => ({ before: nameOf(member) }),
    decide({ before }, params) {
      if (before !== 'nobody') throw new Error(`${params.member} is ${before}`)
      return Joined.of(params)
    },
  })
  await join.run(app, { member: 'm1', name: 'Ann' })
  await t.rejects(join.run(app, { member: 'm1', name: 'Bob' }), { message: 'm1 is Ann' })
  await keys.forget('m1')
  await t.rejects(join.run(app, { member: 'm1', name: 'Bob' }), { message: 'm1 is forgotten' })
})

t.test('what is no decision is refused', async (t) => {
  const app = new Courses()
  const deciding = (decide: () => unknown) =>
    defineSlice({ name: 'odd', boundary: () => ({}), decide: decide as never }).run(app)
  await t.rejects(
    deciding(async () => []),
    { name: 'TypeError', message: /^odd decides asynchronously/ },
  )
  for (const what of [null, 'x', [undefined], {}, [{ name: 'CourseDefined', payload: {} }]])
    await t.rejects(
      deciding(() => what),
      { name: 'TypeError', message: /^odd decides on new events/ },
    )
  t.throws(() => defineSlice({ boundary: () => ({}) } as never), { name: 'TypeError', message: /'decide'/ })
  t.throws(() => defineSlice(undefined as never), { name: 'TypeError', message: /'boundary'/ })
  t.equal(await app.notificationLog.max(), 0)
})

t.test('what is no boundary is refused, because it would protect nothing', async (t) => {
  const app = new Courses()
  await define.run(app, { course: 'c', capacity: 1 })
  for (const tag of ['', 7, undefined, ['a']])
    t.throws(() => boundary(0, tag as string), { name: 'TypeError', message: /^A tag is a string/ })
  const count = boundary(0).on(CourseDefined, (all) => all + 1)
  const handlers: unknown[][] = [['CourseDefined', () => 0], [undefined, () => 0], [CourseDefined], [CourseDefined, 1]]
  for (const each of handlers)
    t.throws(() => boundary(0).on(...(each as Parameters<(typeof count)['on']>)), {
      name: 'TypeError',
      message: /^on\(\) takes an event type and a function/,
    })
  const refused = async (wrong: unknown, message: RegExp) => {
    const boundaries = wrong as { count: typeof count }
    const slice = defineSlice({
      boundary: () => boundaries,
      decide: () => CourseDefined.of({ course: 'd', capacity: 1 }),
    })
    await t.rejects(slice.run(app), { name: 'TypeError', message }, 'in a slice')
    t.throws(() => slice.decide([CourseDefined.of({ course: 'c', capacity: 1 })]), { name: 'TypeError', message })
    await t.rejects(statesOf(app, boundaries), { name: 'TypeError', message })
  }
  for (const wrong of [
    undefined,
    null,
    count,
    [count],
    new Map([['count', count]]),
    Promise.resolve({ count }),
    { count: 0 },
    7,
  ])
    await refused(wrong, /is an object of boundaries, not async/)
  await refused({ count, none: boundary(0) }, /reads no events for 'none': add \.on\(/)
  await refused(
    { later: boundary(0).on(CourseDefined, (async () => 0) as never) },
    /The handler of CourseDefined is async/,
  )
  for (const initial of [0, null, false, () => undefined])
    await refused(
      { lost: boundary<unknown>(initial).on(CourseDefined, () => undefined) },
      /The handler of CourseDefined returned nothing/,
    )
  t.strictSame(await statesOf(app, { gone: boundary<unknown>(undefined).on(CourseDefined, () => undefined) }), {
    gone: undefined,
  })
  for (const wrong of [9, 'x', []])
    await t.rejects(define.run(app, { course: 'd', capacity: 1 }, wrong as never), {
      name: 'TypeError',
      message: /^The options of .* are an object: /,
    })
  const waiting = boundary<unknown>(Promise.resolve(0)).on(CourseDefined, () => 0)
  await t.rejects(statesOf(app, { waiting }), { code: 'INVALID_PAYLOAD' })
  for (const other of [undefined, {}, app.recorder]) {
    const message = /takes the application first/
    await t.rejects(define.run(other as never, { course: 'd', capacity: 1 }), { name: 'TypeError', message })
    await t.rejects(statesOf(other as never, { count }), { name: 'TypeError', message })
  }
  t.equal(await app.notificationLog.max(), 1)
})

t.test('a boundary starts afresh for each decision', async (t) => {
  const app = new Courses()
  const names = boundary(new Set<string>()).on(CourseDefined, (all, { payload }) => all.add(payload.course))
  const made = boundary(() => ({ list: [] as string[] })).on(CourseDefined, (all, { payload }) => {
    all.list.push(payload.course)
    return all
  })
  const seen: unknown[] = []
  const look = defineSlice({
    boundary: () => ({ names, made }),
    decide: ({ names, made }) => void seen.push([...names], made.list),
  })
  await define.run(app, { course: 'c', capacity: 1 })
  await look.run(app)
  await look.run(app)
  t.strictSame(seen, [['c'], ['c'], ['c'], ['c']])
})

t.test('of the newest event alone, no other is read', async (t) => {
  const Created = defineEvent('InvoiceCreated', z.object({ number: z.int() }))
  const Paid = defineEvent('InvoicePaid', z.object({ number: z.int() }), {
    tags: ({ number }) => [`invoice:${number}`],
  })
  const next = boundary(1)
    .on(Created, (_, { payload }) => payload.number + 1)
    .newest()
  const open = boundary(0)
    .newest()
    .on(Created, (count) => count + 1)
  const paid = (number: number) => boundary(false, `invoice:${number}`).on(Paid, () => true)
  const create = defineSlice({
    boundary: () => ({ next, open, paid: paid(1) }),
    decide: ({ next, open, paid }) => {
      if (next > 1 && !(open === 1 && paid)) throw new Error('the first one was not paid')
      return Created.of({ number: next })
    },
  })
  const app = new Courses()
  await create.run(app)
  await t.rejects(create.run(app), { message: 'the first one was not paid' })
  await defineSlice({ boundary: () => ({}), decide: () => Paid.of({ number: 1 }) }).run(app)
  let read = 0
  const { recorder } = app
  recorder.read = async (...args) => {
    const rows = await MemoryRecorder.prototype.read.apply(recorder, args)
    read += rows.length
    return rows
  }
  await Promise.all(Array.from({ length: 20 }, () => create.run(app, undefined, { attempts: 100, delay: 0 })))
  const log = await app.notificationLog.select()
  t.strictSame(
    log.filter((each) => Created.is(each)).map(({ payload }) => payload.number),
    Array.from({ length: 21 }, (_, i) => i + 1),
  )
  read = 0
  await create.run(app)
  t.equal(read, 3)

  // An event that comes in between is in none of the states.
  const { maxNotificationId } = MemoryRecorder.prototype
  recorder.maxNotificationId = async () => {
    const position = await maxNotificationId.call(recorder)
    await recorder.append([
      { aggregateId: 'late', version: 0, topic: 'courses:InvoiceCreated', state: '{"number":99}' },
    ])
    return position
  }
  const count = boundary(0).on(Created, (all) => all + 1)
  t.strictSame(await statesOf(app, { next, count }), { next: 23, count: 22 })
  const given = [Created.of({ number: 7 }), Paid.of({ number: 1 }), Created.of({ number: 8 })]
  t.strictSame(create.decide(given), [Created.of({ number: 9 })])
})

t.test('types: parameters, states, events and decisions', async () => {
  const app = new Courses()
  const never = () => {
    // @ts-expect-error a parameter is missing
    enrol.run(app, { course: 'c1' })
    // @ts-expect-error all of them are
    enrol.run(app)
    // @ts-expect-error there is no such option
    enrol.run(app, { course: 'c1', student: 'ann' }, { attemps: 1 })
    // @ts-expect-error the state is a number
    boundary(0).on(CourseDefined, () => 'one')
    // @ts-expect-error a misspelt field
    boundary(0).on(CourseDefined, (_, { payload }) => payload.capacty)
    // @ts-expect-error a handler is not async
    boundary(0).on(CourseDefined, async () => 1)
    // @ts-expect-error a decision is not async
    defineSlice({ boundary: () => ({}), decide: async () => [] })
    // @ts-expect-error not an event
    defineSlice({ boundary: () => ({}), decide: () => ['CourseDefined'] })
    // @ts-expect-error of the wrong type
    defineSlice({ boundary: () => ({}), decide: () => CourseDefined.of({ course: 'c', capacity: 'many' }) })
    // @ts-expect-error there is no such state
    defineSlice({ boundary: () => ({ count: boundary(0) }), decide: ({ cuont }) => void cuont })
    defineSlice({
      boundary: ({ n }: { n: number }) => ({ count: boundary(0, String(n)) }),
      // @ts-expect-error the state is a number
      decide: ({ count }) => void count.toUpperCase(),
    })
  }
  void never
})
