/** Spans and metrics, as OpenTelemetry's own SDK collects them. */
import { context, metrics, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import {
  Aggregate,
  Application,
  boundary,
  defineEvent,
  defineSlice,
  event,
  MemoryRecorder,
  ProcessApplication,
  Projection,
  StoredProjection,
  type Table,
} from 'dog-school'
import { instrument } from 'dog-school/opentelemetry'
import { sqlite } from 'dog-school/sqlite'
import t from 'tap'

const spans = new InMemorySpanExporter()
trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] }))
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
const measured = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
const reader = new PeriodicExportingMetricReader({ exporter: measured, exportIntervalMillis: 2 ** 30 })
metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }))
t.teardown(() => reader.shutdown())

@event('Registered')
class Dog extends Aggregate {
  static override readonly topic = 'kennel:Dog'
  readonly tricks: string[] = []
  constructor(readonly name: string) {
    super({ id: `${name}@example.org` })
  }
  @event('TrickAdded')
  addTrick(trick: string) {
    this.tricks.push(trick)
  }
}

class Kennel extends Application {
  async register(name: string) {
    await this.save(new Dog(name))
    return `${name}@example.org`
  }
  async addTrick(id: string, trick: string) {
    const dog = await this.repository.get(Dog, id)
    if (trick === 'fly') throw Object.assign(new Error(`${dog.name} cannot fly`), { code: 'NO_WINGS' })
    dog.addTrick(trick)
    await this.save(dog)
  }
  readonly teachSurely = (id: string, trick: string) => this.retry(() => this.addTrick(id, trick))
}

/** What was traced since this was asked last, as a tree: the name of each span with those inside of it. */
function traced(): unknown[] {
  const all = spans.getFinishedSpans()
  spans.reset()
  type Span = (typeof all)[number]
  const start = ({ startTime: [seconds, nanoseconds] }: Span) => seconds * 1e9 + nanoseconds
  const inside = (parent: string | undefined): unknown[] =>
    all
      .filter(({ parentSpanContext }) => parentSpanContext?.spanId === parent)
      .sort((a, b) => start(a) - start(b))
      .map((span) => {
        const error = span.attributes['error.type'] ? ` ${span.attributes['error.type']}` : ''
        const own = inside(span.spanContext().spanId)
        return own.length > 0 ? [`${span.name}${error}`, own] : `${span.name}${error}`
      })
  return inside(undefined)
}

/** The points of a metric so far: its attributes and what it counted. */
async function points(name: string) {
  await reader.forceFlush()
  const found = measured
    .getMetrics()
    .at(-1)
    ?.scopeMetrics.flatMap(({ metrics }) => metrics)
  return (found?.find(({ descriptor }) => descriptor.name === name)?.dataPoints ?? []).map(({ attributes, value }) => {
    if (typeof value === 'number') return { attributes, count: value, sum: value }
    const { count, sum } = value as { count: number; sum: number }
    return { attributes, count, sum }
  })
}

const load = ['load Dog', ['select stored_events']]
const append = 'append stored_events'

t.test('a command loads, decides and appends', async (t) => {
  for (const recorder of [new MemoryRecorder(), sqlite(':memory:')]) {
    const kennel = new Kennel(recorder, { cacheSize: 0 })
    const end = await instrument(kennel)
    const id = await kennel.register('fido')
    t.strictSame(traced(), [['kennel register', ['decide', append]]])
    await kennel.addTrick(id, 'sit')
    t.strictSame(traced(), [['kennel addTrick', [load, 'decide', append]]])
    await t.rejects(kennel.addTrick(id, 'fly'), { code: 'NO_WINGS' })
    t.strictSame(traced(), [['kennel addTrick NO_WINGS', [load]]], 'an error is told by its code')

    end()
    await kennel.addTrick(id, 'sit')
    t.strictSame(traced(), [], 'and it can be ended')
    await kennel.close()
  }
})

t.test('a retry has its attempts inside, and the conflict in one of them', async (t) => {
  const kennel = new Kennel(new MemoryRecorder(), { cacheSize: 0 })
  const id = await kennel.register('fido')
  const end = await instrument(kennel)
  let isFirst = true
  await kennel.retry(async () => {
    const dog = await kennel.repository.get(Dog, id)
    if (isFirst) await kennel.addTrick(id, 'beg')
    isFirst = false
    dog.addTrick('sit')
    await kennel.save(dog)
  })
  const between = ['kennel addTrick', [load, 'decide', append]]
  const lost = ['attempt kennel VERSION_CONFLICT', [load, 'decide', between, `${append} VERSION_CONFLICT`]]
  t.strictSame(traced(), [['retry kennel', [lost, ['attempt kennel', [load, 'decide', append]]]]])
  await kennel.teachSurely(id, 'spin')
  t.strictSame(traced(), [['kennel teachSurely', [['retry kennel', [['attempt kennel', [between]]]]]]])
  end()
})

t.test('a slice reads its boundary, decides and appends, and decides again after a conflict', async (t) => {
  const Enrolled = defineEvent('Enrolled', ['course', 'dog'], { tags: ({ course }) => [`course:${course}`] })
  const enrol = defineSlice({
    boundary: ({ course }: { course: string; dog: string }) => ({
      dogs: boundary(0, `course:${course}`).on(Enrolled, (dogs) => dogs + 1),
    }),
    decide({ dogs }, params) {
      if (dogs >= 2) throw Object.assign(new Error(`${params.course} is full`), { code: 'FULL' })
      return Enrolled.of(params)
    },
  })
  class Courses extends Application {
    readonly enrol = (dog: string) => enrol.run(this, { course: 'agility', dog })
  }
  for (const recorder of [new MemoryRecorder(), sqlite(':memory:')]) {
    const courses = new Courses(recorder)
    const end = await instrument(courses)
    const decided = ['read stored_events', 'decide']
    const right = ['attempt courses', [...decided, append]]
    await courses.enrol('fido')
    t.strictSame(traced(), [['courses enrol', [['retry courses', [right]]]]])
    // Both read before one of them appends.
    await Promise.all([courses.enrol('rex'), courses.enrol('luna').catch(() => undefined)])
    const conflict = ['attempt courses BOUNDARY_CONFLICT', [...decided, `${append} BOUNDARY_CONFLICT`]]
    const refused = ['attempt courses FULL', ['read stored_events']]
    t.strictSame(traced(), [
      ['courses enrol', [['retry courses', [right]]]],
      ['courses enrol FULL', [['retry courses FULL', [conflict, refused]]]],
    ])
    end()
    await courses.close()
  }
})

t.test('what a stored view reads and writes is inside of it', async (t) => {
  for (const recorder of [new MemoryRecorder(), sqlite(':memory:')]) {
    const kennel = new Kennel(recorder)
    await kennel.register('fido')
    const handlers = {
      Registered: async (dogs: Table<number>) => dogs.set('all', ((await dogs.get('all')) ?? 0) + 1),
    }
    const dogs = new StoredProjection(kennel, { name: 'dogs', form: '1', handlers })
    const end = await instrument(kennel, dogs)
    await dogs.catchUp()
    const steps = ['viewState views', ['follow kennel', ['notifications stored_events']], 'viewRows views']
    t.strictSame(traced(), [['project dogs', [...steps, 'saveView views']]])
    end()
    await kennel.close()
  }
})

t.test('following, projecting and reacting', async (t) => {
  const kennel = new Kennel()
  const id = await kennel.register('fido')
  await kennel.addTrick(id, 'sit')
  const view = new Projection(kennel.notificationLog, (): string[] => [], {
    Registered: (view, { payload }) => void view.push(String(payload.name)),
  })
  const end = await instrument(kennel, view)
  await view.catchUp()
  const follow = ['follow kennel', ['notifications stored_events']]
  t.strictSame(traced(), [['project view', [follow]]])

  for await (const { id } of kennel.follow()) if (id === 2) break
  t.strictSame(traced(), [follow])

  const counter = new ProcessApplication(undefined, { name: 'counter' })
  const endCounter = await instrument(counter)
  counter.on('Registered', ({ payload }) => new Dog(`twin of ${payload.name}`))
  t.equal(counter.rules[0]?.handle.length, 1, 'what it may read depends on it')
  t.equal(await counter.catchUpWith(kennel), 1)
  const told = traced().flat(9)
  t.ok(told.includes('react kennel') && told.includes(append) && told.includes('follow kennel'), String(told))
  endCounter()
  t.equal(counter.rules[0]?.handle.length, 1)
  end()
})

t.test('a view in the background, and one that goes on from where it is stored', async (t) => {
  const kennel = new Kennel()
  const id = await kennel.register('fido')
  const tricks = () =>
    new StoredProjection<number>(kennel, {
      ...{ name: 'tricks', form: '1' },
      handlers: { TrickAdded: (rows, { payload }) => rows.set(String(payload.trick), 1) },
    })
  const [view, again] = [tricks(), tricks()]
  const end = await instrument(view, again)
  const counts = () =>
    spans.getFinishedSpans().map(({ attributes }) => attributes['messaging.batch.message_count'] as number)
  view.start()
  await view.seen(1)
  await kennel.addTrick(id, 'sit')
  await view.seen(2)
  await view.stop()
  t.equal(
    counts().reduce((sum, count) => sum + count),
    2,
  )
  t.strictSame([...new Set(traced())], ['project tricks'])
  await kennel.addTrick(id, 'beg')
  await again.step()
  t.strictSame(counts(), [1], 'of those before, it has seen none')
  t.strictSame(traced(), ['project tricks'])
  end()
  await view.catchUp()
  t.strictSame(traced(), [])
})

t.test('what is measured', async (t) => {
  const kennel = new Kennel(sqlite(':memory:'), { name: 'measured' })
  const end = await instrument(kennel)
  const id = await kennel.register('fido')
  await kennel.addTrick(id, 'sit')
  await kennel.addTrick(id, 'beg')
  await t.rejects(kennel.addTrick(id, 'fly'))
  await kennel.notificationLog.select()
  const own = (attributes: Record<string, unknown>, key: string, value: string) => attributes[key] === value
  const operations = (await points('dogschool.operation.duration')).filter(
    ({ attributes }) => attributes['dogschool.application'] === 'measured',
  )
  t.strictSame(
    operations.map(({ attributes, count }) => [
      attributes['dogschool.operation'],
      attributes['code.function.name'],
      attributes['error.type'],
      count,
    ]),
    [
      ['command', 'register', undefined, 1],
      ['load', undefined, undefined, 3],
      ['command', 'addTrick', undefined, 2],
      ['command', 'addTrick', 'NO_WINGS', 1],
    ],
  )
  const appends = (await points('db.client.operation.duration')).filter(({ attributes }) =>
    own(attributes, 'db.operation.name', 'append'),
  )
  t.ok(
    appends.some(
      ({ attributes }) =>
        own(attributes, 'db.system.name', 'sqlite') && own(attributes, 'db.collection.name', 'stored_events'),
    ),
  )
  const events = await points('dogschool.events')
  t.ok(events.find(({ attributes }) => own(attributes, 'dogschool.event.topic', 'kennel:Dog.TrickAdded'))!.count >= 2)
  const consumed = await points('messaging.client.consumed.messages')
  t.match(
    consumed.find(({ attributes }) => own(attributes, 'messaging.destination.name', 'measured')),
    { count: 3 },
  )
  end()
  await kennel.close()
})

const secondsOf = ([seconds, nanoseconds]: readonly [number, number] = [0, 0]) => seconds + nanoseconds / 1e9

t.test('a duration is that of the span, in seconds, and of the right metric', async (t) => {
  const kennel = new Kennel(new MemoryRecorder(), { name: 'exact' })
  await kennel.register('fido')
  const view = new Projection(kennel.notificationLog, () => ({}), { Registered: () => undefined })
  const copies = new ProcessApplication(new MemoryRecorder(), { name: 'copies' })
  copies.on('Registered', () => undefined)
  const decided = async () =>
    (await points('dogschool.operation.duration')).find(
      ({ attributes }) => attributes['dogschool.operation'] === 'decide',
    )?.sum ?? 0
  spans.reset()
  const before = await decided()
  const end = await instrument(kennel, Object.assign(view, { name: 'exact view' }), copies)
  await kennel.addTrick('fido@example.org', 'sit')
  const decide = spans.getFinishedSpans().find(({ name }) => name === 'decide')
  t.ok(Math.abs((await decided()) - before - secondsOf(decide?.duration)) < 1e-5, 'decide')
  spans.reset()
  await t.rejects(kennel.addTrick('fido@example.org', 'fly'), { code: 'NO_WINGS' })
  await view.catchUp()
  await copies.catchUpWith(kennel)
  const all = spans.getFinishedSpans()
  spans.reset()
  end()
  const kinds: Readonly<Record<string, readonly [kind: number, metric: string, attribute: string, value: string]>> = {
    'exact addTrick': [0, 'dogschool.operation.duration', 'dogschool.application', 'exact'],
    'project exact view': [4, 'messaging.process.duration', 'messaging.destination.name', 'exact view'],
    'react exact': [4, 'messaging.process.duration', 'messaging.destination.name', 'exact'],
  }
  for (const [name, [kind, metric, attribute, value]] of Object.entries(kinds)) {
    const span = all.find((each) => each.name === name)
    t.equal(span?.kind, kind, name)
    const isError = name === 'exact addTrick'
    t.equal(span?.status.code, isError ? 2 : 0, name)
    const point = (await points(metric)).find(
      ({ attributes }) =>
        attributes[attribute] === value &&
        attributes['dogschool.operation'] !== 'load' &&
        (attributes['error.type'] === 'NO_WINGS') === isError,
    )
    t.ok(Math.abs((point?.sum ?? 0) - secondsOf(span?.duration)) < 1e-5, `${name}: ${point?.sum}`)
  }
  t.ok(all.filter(({ name }) => / stored_events$/.test(name)).every(({ kind }) => kind === 2))
  const consumed = await points('messaging.client.consumed.messages')
  t.ok(consumed.every(({ attributes }) => attributes['messaging.operation.name'] === 'follow'))
})

t.test('no id, no payload and no message is in any span or metric', async (t) => {
  const kennel = new Kennel(new MemoryRecorder(), { cacheSize: 0 })
  const end = await instrument(kennel)
  const id = await kennel.register('secretive')
  await kennel.addTrick(id, 'hide-and-seek')
  await t.rejects(kennel.addTrick(id, 'fly'))
  await t.rejects(kennel.addTrick('nobody@example.org', 'sit'), { code: 'AGGREGATE_NOT_FOUND' })
  const all = spans.getFinishedSpans()
  const text = JSON.stringify(all.map(({ name, attributes, status, events }) => ({ name, attributes, status, events })))
  await reader.forceFlush()
  const figures = JSON.stringify(measured.getMetrics().at(-1)?.scopeMetrics)
  for (const word of ['secretive', 'example.org', 'hide-and-seek', 'cannot fly'])
    t.notOk(`${text}${figures}`.includes(word), word)
  t.match(text, /AGGREGATE_NOT_FOUND/)
  t.ok(all.length > 10)
  spans.reset()
  end()
})

t.test('what an application has in its fields can be used as before', async (t) => {
  class Post {
    readonly sent = 0
  }
  const http = Object.assign(() => 'got', { post: () => 'posted' })
  class Service extends Application {
    readonly Post = Post
    readonly http = http
  }
  const service = new Service()
  await instrument(service)
  t.ok(new service.Post() instanceof Post)
  t.strictSame([service.http(), service.http.post()], ['got', 'posted'])
  t.strictSame(traced(), ['service http'])
})

t.test('twice is once, what another wrapped stays, and what cannot be watched is refused', async (t) => {
  const kennel = new Kennel()
  const [end, endAgain] = [await instrument(kennel), await instrument(kennel, kennel)]
  const { register } = kennel
  kennel.register = (name) => register.call(kennel, name.toLowerCase())
  await kennel.register('FIDO')
  t.strictSame(traced(), [['kennel register', ['decide', append]]])
  endAgain()
  end()
  t.equal(await kennel.register('REX'), 'rex@example.org')
  t.strictSame(traced(), [])
  await instrument(kennel)
  await kennel.register('LUNA')
  t.strictSame(traced().length, 1, 'and it can be watched again')
  traced()

  // A store of several applications, which reads by way of another of its methods.
  const store = new (class extends MemoryRecorder {
    override notifications = () => this.read([{}])
  })()
  const both = [new Kennel(store), new Kennel(store)] as const
  await instrument(...both)
  await both[1].register('FIDO')
  await both[1].notificationLog.select()
  t.strictSame(traced(), [
    ['kennel register', ['decide', append]],
    ['follow kennel', ['notifications stored_events']],
  ])
  await t.rejects(instrument(new MemoryRecorder() as never), TypeError)
  for (const [wrong, told] of [
    [{}, 'not Object'],
    [undefined, 'not Object'],
    [[kennel], 'not Array'],
    [Kennel, 'not Kennel itself'],
  ])
    await t.rejects(instrument(wrong as never), { name: 'TypeError', message: told as string })
})
