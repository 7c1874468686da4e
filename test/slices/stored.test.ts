/** How the events of slices are stored, and read again: by slices, aggregates, followers and verify(). */
import {
  Aggregate,
  Application,
  boundary,
  defineEvent,
  defineSlice,
  type EventType,
  event,
  MemoryRecorder,
  type Notification,
  type Recorder,
  setSources,
  statesOf,
  Topics,
} from 'dog-school'
import t from 'tap'
import { z } from 'zod'

class School extends Application {}

/** Records one event, decided on by nothing. */
const record = (app: Application, made: ReturnType<EventType['of']>) =>
  defineSlice({ boundary: () => ({}), decide: () => made }).run(app)
const rowsOf = (recorder: Recorder): Promise<Notification[]> => recorder.notifications({ tagged: true })

t.test('an event of no class is stored under the application and its name', async (t) => {
  t.teardown(setSources({ now: () => 0, newId: () => 'one' }))
  const Opened = defineEvent('StoredOpened', ['at'], { tags: ({ at }) => [`at:${at}`] })
  const app = new School()
  await record(app, Opened.of({ at: 'noon' }))
  const [row] = await rowsOf(app.recorder)
  const state = '{"timestamp":{"_type_":"datetime_iso","_data_":"1970-01-01T00:00:00+00:00"},"at":"noon"}'
  t.strictSame(row, { id: 1, aggregateId: 'one', version: 1, topic: 'school:StoredOpened', state, tags: ['at:noon'] })
  const [entry] = await app.notificationLog.select()
  t.ok(entry && Opened.is(entry))
  t.match(await app.repository.history('one'), [{ name: 'StoredOpened', payload: { at: 'noon' }, version: 1 }])
  t.equal(await app.repository.has(class Dog extends Aggregate {}, 'one'), false)
})

t.test('it is brought to its present form by upcasts', async (t) => {
  const recorder = new MemoryRecorder()
  const Old = defineEvent('StoredMoved', ['x'])
  await record(new School(recorder), Old.of({ x: 1 }))
  await record(new School(recorder, { name: 'other' }), Old.of({ x: 5 }))
  const Moved = defineEvent('StoredMoved', z.object({ x: z.number(), y: z.number().max(5) }), [
    (payload) => ({ ...payload, y: 9 }),
  ])
  const app = new School(recorder)
  const code = 'UNKNOWN_TOPIC'
  await t.rejects(app.notificationLog.select({ limit: 1 }), {
    code,
    message: /^2 event types are stored as 'school:St/,
  })
  t.match(await app.verify(), [
    { position: 1, problem: { code } },
    { position: 2, problem: { code } },
  ])
  await t.rejects(record(app, Moved.of({ x: 1, y: 1 })), { code }, 'nothing is recorded that cannot be read')

  Topics.redefinition = true
  t.teardown(() => {
    Topics.redefinition = false
  })
  t.match(await app.notificationLog.select(), [{ payload: { x: 1, y: 9 } }, { payload: { x: 5, y: undefined } }])
  t.match(await app.verify(), [{ position: 1, problem: { code: 'INVALID_PAYLOAD' } }, { position: 2 }])
  const total = boundary(0).on(Moved, (sum, { payload }) => sum + payload.x + payload.y)
  t.equal((await statesOf(app, { total })).total, 10)
  await record(app, Moved.of({ x: 1, y: 1 }))
  t.match(JSON.parse(String((await rowsOf(recorder)).at(-1)?.state)), { class_version: 2 })
})

t.test('verify() tells of an event whose type is not there', async (t) => {
  const recorder = new MemoryRecorder()
  const state = '{"timestamp":{"_type_":"datetime_iso","_data_":"1970-01-01T00:00:00+00:00"}}'
  await recorder.append([{ aggregateId: 'x', version: 1, topic: 'school:Forgotten', state }])
  const app = new School(recorder)
  t.match(await app.notificationLog.select(), [{ name: 'Forgotten', payload: {} }])
  t.match(await app.verify(), [
    { position: 1, problem: { code: 'UNKNOWN_TOPIC', message: /no event type is stored so/ } },
  ])
  for (const topic of ['school:', ':Forgotten', 'Forgotten', 'a.b', 'school:Dog.']) {
    const broken = new MemoryRecorder()
    await broken.append([{ aggregateId: 'x', version: 1, topic, state }])
    await t.rejects(new School(broken).notificationLog.select(), { code: 'UNKNOWN_TOPIC', message: /not of the form/ })
  }
})

t.test('a slice writes the events of an aggregate, and reads them', async (t) => {
  const Registered = defineEvent('StoredRegistered', z.object({ name: z.string() }), { tags: () => ['dogs'] })
  const Added = defineEvent('StoredAdded', [], { tags: (_, { aggregateId }) => [`dog:${aggregateId}`] })
  const Told = defineEvent('StoredTold')
  @event(Registered)
  class StoredDog extends Aggregate {
    readonly all: unknown[] = []
    constructor(readonly name: string) {
      super()
    }
    @event(Added) add() {
      this.all.push('added')
    }
    @event(Told) tell(what: string, loud: boolean) {
      this.all.push(what, loud)
    }
  }
  const app = new School()
  const [born] = await record(app, Registered.of({ name: 'Fido' }))
  const id = born?.aggregateId as string
  await record(app, Added.of({}, id))
  await record(app, Told.of({ loud: true, what: 'sit' }, id))
  const fido = await app.repository.get(StoredDog, id)
  t.strictSame([fido.name, fido.all, fido.version], ['Fido', ['added', 'sit', true], 3])
  const [, , told] = await rowsOf(app.recorder)
  t.match(
    told,
    { topic: 'school:StoredDog.StoredTold', state: /"what":"sit","loud":true/ },
    'in the order of the class',
  )
  fido.add()
  await app.save(fido)
  const count = boundary(0, `dog:${id}`).on(Added, (n) => n + 1)
  t.strictSame(await statesOf(app, { count }), { count: 2 }, 'those of the aggregate, too')
  t.strictSame(await app.verify(), [])

  const both = [Registered.of({ name: 'Rex' }, 'rex'), Added.of({}, 'rex'), Added.of({}, 'rex')]
  await defineSlice({ boundary: () => ({}), decide: () => both }).run(app)
  t.equal((await app.repository.get(StoredDog, 'rex')).version, 3)

  const refusals: [NonNullable<Parameters<typeof record>[1]>, object][] = [
    [Added.of({}), { name: 'TypeError', message: /StoredAdded is not how a StoredDog begins: say whose it is/ }],
    [Added.of({}, 'nobody'), { code: 'AGGREGATE_NOT_FOUND', message: /nothing with the id nobody/ }],
    [Registered.of({ name: 'Rex' }, 'rex'), { code: 'VERSION_CONFLICT' }],
    [Told.of({ what: 'sit' }, id), { code: 'INVALID_PAYLOAD' }],
    [
      Told.of({ what: 'sit', loud: true, more: 1 }, id),
      { code: 'INVALID_PAYLOAD', message: /'more' is no parameter of tell/ },
    ],
    [defineEvent('StoredOther').of({}, id), { name: 'TypeError', message: /StoredOther is no event of/ }],
  ]
  const before = await app.notificationLog.max()
  for (const [made, error] of refusals) await t.rejects(record(app, made as never), error as Error)
  t.equal(await app.notificationLog.max(), before)
  const [alone] = await record(app, defineEvent('StoredOther').of({}))
  await record(app, defineEvent('StoredOther').of({}, alone?.aggregateId))
  await t.rejects(record(app, Added.of({}, alone?.aggregateId)), {
    name: 'TypeError',
    message: /StoredAdded is no event of/,
  })
})

t.test('a schema that transforms is asked once', async (t) => {
  const Sized = defineEvent('BoxSized', z.object({ size: z.string().transform(Number) }), {
    recorded: z.object({ size: z.number() }),
  })
  @event('BoxMade')
  class Box extends Aggregate {
    size = 0
    @event(Sized) resize(size: number) {
      this.size = size
    }
  }
  const app = new School()
  const box = new Box()
  await app.save(box)
  await record(app, Sized.of({ size: '7' }, box.id))
  t.equal((await app.repository.get(Box, box.id)).size, 7)
  t.match((await rowsOf(app.recorder))[1], { state: /"size":7}$/ })
  t.strictSame(await app.verify(), [])
})

t.test('an aggregate can be saved under a condition, too', async (t) => {
  const Named = defineEvent('CupNamed', ['name'], { tags: ({ name }) => [`cup:${name}`] })
  @event(Named)
  class Cup extends Aggregate {
    constructor(readonly name: string) {
      super()
    }
  }
  const app = new School()
  const unique = (name: string) => ({ failIfEventsMatch: [{ topics: ['school:Cup.CupNamed'], tags: [`cup:${name}`] }] })
  await app.save(new Cup('red'), unique('red'))
  const late = new Cup('red')
  await t.rejects(app.save(late, unique('red')), { code: 'BOUNDARY_CONFLICT' })
  t.equal(late.pendingEvents.length, 1, 'nothing was recorded, so it is still pending')
  t.strictSame(await app.save(late, { ...unique('red'), after: 1 }), [2])
  await t.rejects(app.save(new Cup('blue'), unique('blue'), unique('green')), {
    name: 'TypeError',
    message: 'A save has one failIfEventsMatch: save twice',
  })
  for (const wrong of [{ failIfEventsMatch: {} }, { after: 1 }, { failIfEventMatches: [] }])
    await t.rejects(app.save(new Cup('blue'), wrong as never), { name: 'TypeError' })
  await t.rejects(
    app.save(new Cup('red'), { failIfEventsMatch: [{}, { topics: ['school:Cup.CupNamed', 'CupNamed'] }] }),
    {
      name: 'TypeError',
      message: /^'CupNamed' in failIfEventsMatch is no stored topic/,
    },
  )
  t.equal(await app.notificationLog.max(), 2)

  let runs = 0
  const outcome = await app.retry(async () => {
    const name = `red${++runs > 1 ? runs : ''}`
    return app.save(new Cup(name), unique(name))
  })
  t.strictSame([runs, outcome], [2, [3]], 'retry runs again after this conflict')
})
