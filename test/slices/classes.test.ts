/** Slices on the events of classes that were renamed, extended, changed or are not there. */
import {
  Aggregate,
  type AggregateClass,
  Application,
  type Boundary,
  boundary,
  defineEvent,
  defineSlice,
  type EventType,
  events,
  type FormerEvents,
  MemoryRecorder,
  type NewEvent,
  type Recorder,
  statesOf,
  Topics,
} from 'dog-school'
import t from 'tap'
import { z } from 'zod'

class School extends Application {}
const record = (app: Application, ...made: NewEvent<object>[]) =>
  defineSlice({ boundary: () => ({}), decide: () => made }).run(app)
const topicsIn = async (recorder: Recorder) => (await recorder.notifications()).map(({ topic }) => topic)
const count = (...types: unknown[]) =>
  types.reduce<Boundary<number>>((all, type) => all.on(type as EventType, (n) => n + 1), boundary(0))

t.test('what a class was called before is in the boundary, and what its events were', async (t) => {
  const recorder = new MemoryRecorder()
  const Renamed = defineEvent('HoundRenamed', z.object({ name: z.string() }))
  const Went = defineEvent('HoundWent', z.object({ where: z.string() }))
  const Dachs = events(
    class Dachs extends Aggregate {
      static override readonly topic: string = 'now:Dachs'
      static override readonly aliases = ['old:Hound2', 'Hund']
      static override readonly former: FormerEvents = {
        Barked: () => [],
        Called: ({ _name }) => [['HoundRenamed', { name: _name }]],
      }
      rename(name: string) {
        return name
      }
      go(where: string) {
        return where
      }
    },
    { constructor: defineEvent('DachsBorn', z.object({})), rename: Renamed, go: Went },
  )
  const names = boundary([] as string[]).on(Renamed, (all, { payload }) => [...all, payload.name])
  const app = new School(recorder, { aggregates: [Dachs] })
  const state = (name: string) =>
    `{"timestamp":{"_type_":"datetime_iso","_data_":"2026-01-01T00:00:00+00:00"},"originator_topic":"school:Hund","name":${JSON.stringify(name)}}`
  for (const [i, topic] of ['now:Dachs', 'old:Hound2', 'school:Hund', 'school:Dachs', '__main__:Dachs'].entries())
    await recorder.append([
      { aggregateId: `d${i}`, version: 1, topic: `${topic}.DachsBorn`, state: state('') },
      { aggregateId: `d${i}`, version: 2, topic: `${topic}.HoundRenamed`, state: state(topic) },
    ])
  await recorder.append([
    {
      aggregateId: 'd1',
      version: 3,
      topic: 'old:Hound2.Called',
      state: state('').replace('"name":""', '"_name":"Max"'),
    },
  ])
  await recorder.append([
    { aggregateId: 'x', version: 1, topic: 'school:HoundRenamed', state: state('before there was a class') },
  ])
  await recorder.append([
    { aggregateId: 'd0', version: 3, topic: 'now:Dachs.Barked', state: state('') },
    { aggregateId: 'd0', version: 4, topic: 'now:Dachs.Barked', state: state('') },
  ])
  const found = await statesOf(app, { names })
  const { newest, none } = await statesOf(app, {
    newest: names.newest(),
    none: boundary('none')
      .on(Went, () => 'some')
      .newest(),
  })
  t.strictSame([newest, none], [['before there was a class'], 'none'], 'the newest that still means something')
  t.strictSame(found.names, [
    'now:Dachs',
    'old:Hound2',
    'school:Hund',
    'school:Dachs',
    '__main__:Dachs',
    'Max',
    'before there was a class',
  ])
  await record(app, Renamed.of({ name: 'Moritz' }, 'd1'), Went.of({ where: 'home' }, 'd1'))
  t.strictSame((await topicsIn(recorder)).slice(-2), ['now:Dachs.HoundRenamed', 'now:Dachs.HoundWent'])
  t.equal((await app.repository.get(Dachs, 'd1')).version, 5)
})

t.test(
  'subclasses: an event about an aggregate is one of its class, and a new one of the class that others extend',
  async (t) => {
    const Born = defineEvent('ParentBorn', z.object({}))
    const Moved = defineEvent('ParentMoved', z.object({}))
    const Parent = events(
      class Parent extends Aggregate {
        move() {}
      },
      { constructor: Born, move: Moved },
    )
    const Child = events(
      class Child extends Parent {
        static override readonly topic: string = 'school:Child'
      },
      {},
    )
    const recorder = new MemoryRecorder()
    const app = new School(recorder, { aggregates: [Parent, Child] })
    const child = new Child()
    await app.save(child)
    await record(app, Moved.of({}, child.id), Born.of({}, 'one'), Moved.of({}, 'one'))
    t.strictSame(await topicsIn(recorder), [
      'school:Child.ParentBorn',
      'school:Child.ParentMoved',
      'school:Parent.ParentBorn',
      'school:Parent.ParentMoved',
    ])
    t.strictSame(await statesOf(app, { n: count(Born, Moved) }), { n: 4 })
    t.strictSame(await app.verify(), [])
  },
)

t.test('where several classes begin with one type, a slice does not guess', async (t) => {
  const Born = defineEvent('TwinBorn', z.object({}))
  const [One, Two] = ['One', 'Two'].map((name) =>
    events(
      class extends Aggregate {
        static override readonly topic: string = `school:Twin${name}`
      },
      { constructor: Born },
    ),
  ) as unknown as [AggregateClass<Aggregate> & (new () => Aggregate), AggregateClass<Aggregate>]
  await t.rejects(record(new School(), Born.of({})), {
    name: 'TypeError',
    message: /^TwinBorn begins a .* and a .*: give each/,
  })
  const recorder = new MemoryRecorder()
  await record(new School(recorder, { aggregates: [Two] }), Born.of({}))
  t.strictSame(await topicsIn(recorder), ['school:TwinTwo.TwinBorn'], 'the one that the application lists')
  const app = new School(recorder)
  await app.save(new One())
  await record(app, Born.of({}))
  t.strictSame(
    (await topicsIn(recorder)).slice(1),
    ['school:TwinOne.TwinBorn', 'school:TwinOne.TwinBorn'],
    'or has used',
  )
})

t.test('a class that was defined again is one class', async (t) => {
  Topics.redefinition = true
  t.teardown(() => {
    Topics.redefinition = false
  })
  const Born = defineEvent('AgainBorn', z.object({}))
  const define = () =>
    events(
      class extends Aggregate {
        static override readonly topic: string = 'school:Again'
      },
      { constructor: Born },
    )
  define()
  const Again = define()
  const recorder = new MemoryRecorder()
  const app = new School(recorder)
  const [born] = await record(app, Born.of({}))
  t.ok((await app.repository.get(Again, born?.aggregateId as string)) instanceof Again)
})

t.test('a type can name the class, for a program that does not have it or knows it by a short name', async (t) => {
  const recorder = new MemoryRecorder()
  const Born = defineEvent('AbsentBorn', ['name'], { topic: 'Absent', tags: ({ name }) => [`name:${name}`] })
  const Moved = defineEvent('AbsentMoved', ['from', 'to'], { topic: 'school:Absent' })
  const without = new School(recorder)
  await record(without, Born.of({ name: 'Rex' }, 'rex'), Moved.of({ to: 'b', from: 'a' }, 'rex'))
  t.match(await recorder.notifications({ tagged: true }), [
    {
      topic: 'school:Absent.AbsentBorn',
      version: 1,
      state: /"originator_topic":"school:Absent","name":"Rex"}$/,
      tags: ['name:Rex'],
    },
    { topic: 'school:Absent.AbsentMoved', version: 2, state: /"},"from":"a","to":"b"}$/ },
  ])
  t.strictSame(await statesOf(without, { n: count(Born, Moved) }), { n: 2 })
  t.strictSame(await without.verify(), [])
  await t.rejects(record(without, defineEvent('AbsentMoved', []).of({}, 'rex')), { name: 'TypeError' })

  class Absent extends Aggregate {
    readonly places: string[] = []
    constructor(readonly name: string) {
      super()
    }
    move(from: string, to: string) {
      this.places.push(from, to)
    }
  }
  const Present = events(Absent, { constructor: 'AbsentBorn', move: 'AbsentMoved' })
  const app = new School(recorder)
  t.strictSame((await app.repository.get(Present, 'rex')).places, ['a', 'b'])
  await record(app, Moved.of({ to: 'd', from: 'c' }, 'rex'))
  const [max] = await record(app, Born.of({ name: 'Max' }))
  t.equal((await app.repository.get(Present, max?.aggregateId as string)).name, 'Max')
  t.strictSame((await app.repository.get(Present, 'rex')).places, ['a', 'b', 'c', 'd'])
  t.strictSame(await statesOf(app, { n: count(Born, Moved) }), { n: 4 })
  await t.rejects(record(app, Born.of({ name: 'Rex' }, 'rex')), { code: 'VERSION_CONFLICT' })
  await t.rejects(record(app, Moved.of({ from: 'a', to: 'b' })), {
    name: 'TypeError',
    message: /is not how a Absent begins/,
  })
  const Odd = defineEvent('AbsentMoved', ['from', 'over'], { topic: 'Absent' })
  await t.rejects(record(app, Odd.of({ from: 'a', over: 'b' }, 'rex')), {
    code: 'INVALID_PAYLOAD',
    message: /'over' is no parameter/,
  })
  await t.rejects(record(app, defineEvent('AbsentLeft', [], { topic: 'Absent' }).of({}, 'rex')), {
    name: 'TypeError',
    message: /is no event of rex/,
  })
  for (const topic of ['', 'a b', 'a:b:c', 'school:Dog.', ':Dog'])
    t.throws(() => defineEvent('Moved', [], { topic }), {
      name: 'TypeError',
      message: /not the stored name of a class/,
    })
})

t.test('what a class checks is checked where a type only names it', async (t) => {
  class Bowl extends Aggregate {
    litres = 0
    fill(litres: number) {
      this.litres += litres
    }
  }
  const schema = z.object({ litres: z.number().positive() })
  events(Bowl, { constructor: 'BowlMade', fill: defineEvent('BowlFilled', schema) })
  const Made = defineEvent('BowlMade', [], { topic: 'Bowl' })
  const app = new School()
  await record(app, Made.of({}, 'bowl'))
  for (const Filled of [
    defineEvent('BowlFilled', ['litres'], { topic: 'Bowl' }),
    defineEvent('BowlFilled', z.object({ litres: z.number() }), { topic: 'Bowl' }),
  ]) {
    await t.rejects(record(app, Filled.of({ litres: -1 }, 'bowl')), { code: 'INVALID_PAYLOAD' })
    await record(app, Filled.of({ litres: 2 }, 'bowl'))
  }
  t.equal(await app.notificationLog.max(), 3)
})

t.test('a class that is wrong is in nobody else’s way', async (t) => {
  const Born = defineEvent('FineBorn', z.object({}))
  events(
    class Wrong extends Aggregate {
      one() {}
      two() {}
    },
    { constructor: 'WrongBorn', one: 'Same', two: 'Same' },
  )
  events(class Nothing extends Aggregate {}, {})
  const Fine = events(class Fine extends Aggregate {}, { constructor: Born })
  const app = new School()
  const [born] = await record(app, Born.of({}))
  t.ok(await app.repository.has(Fine, born?.aggregateId as string))
})

t.test('a new event that begins something meets one that has just begun', async (t) => {
  const Born = defineEvent('RacedBorn', z.object({}))
  const Raced = events(
    class Raced extends Aggregate {
      constructor() {
        super({ id: 'raced' })
      }
    },
    { constructor: Born },
  )
  const recorder = new MemoryRecorder()
  const app = new School(recorder)
  const { select } = recorder
  recorder.select = async (...args) => {
    const found = await select.apply(recorder, args)
    recorder.select = select
    await new School(recorder).save(new Raced())
    return found
  }
  await t.rejects(record(app, Born.of({}, 'raced')), { code: 'VERSION_CONFLICT' })
  t.equal(await recorder.maxNotificationId(), 1)
  t.ok(Raced)
})
