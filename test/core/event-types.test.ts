/** Event types: schemas checked only at the call, changed events, and classes written in other ways. */
import * as library from 'dog-school'
import {
  Aggregate,
  type AggregateClass,
  Application,
  type DomainEvent,
  defineEvent,
  type EventSchema,
  event,
  events,
  type FormerEvents,
  MemoryRecorder,
  on,
  Projection,
} from 'dog-school'
import t from 'tap'
import ts from 'typescript'
import { z } from 'zod'

/** A validator by hand, as the Standard Schema specification has it. */
const schema = (validate: (value: { n: number }) => unknown): EventSchema<{ n: number }, { n: number }> => ({
  '~standard': { version: 1, validate: (value) => validate(value as { n: number }) },
})
const open = (recorder = new MemoryRecorder(), ...aggregates: AggregateClass<Aggregate>[]) =>
  new Application(recorder, { name: 'types', cacheSize: 0, aggregates })

t.test('a schema transforms the arguments once', async (t) => {
  let asked = 0
  const Set_ = defineEvent(
    'Set',
    schema(({ n }) => ({ value: { n: n * 2 + 0 * asked++ } })),
    { fields: ['n'] },
  )
  @event('Made')
  class Counter extends Aggregate {
    n = 0
    @event(Set_)
    set(n: number) {
      this.n = n
    }
    @event('Both')
    both(n: number) {
      this.set(n)
    }
  }
  const app = open()
  const counter = new Counter()
  counter.set(1)
  t.equal(counter.n, 2)
  t.equal(asked, 1)
  await app.save(counter)
  t.equal((await app.repository.get(Counter, counter.id)).n, 2)
  counter.both(5)
  t.equal(counter.n, 5, 'part of another event: the schema is not asked again, as it is not in a replay')
  t.equal(asked, 1)
})

t.test('a stricter rule makes nothing unreadable, and verify() reports it', async (t) => {
  const recorder = new MemoryRecorder()
  const define = (least: number) => {
    const rule = schema((value) => (value.n < least ? { issues: [{ message: 'too small', path: ['n'] }] } : { value }))
    class Jar extends Aggregate {
      static override readonly topic: string = 'types:Jar'
      n = 0
      set(n: number) {
        this.n = n
      }
    }
    return events(Jar, { constructor: 'JarMade', set: defineEvent('JarSet', rule, { fields: ['n'] }) })
  }
  const Old = define(1)
  const jar = new Old()
  jar.set(1)
  await open(recorder).save(jar)
  t.same(await open(recorder).verify(), [])
  const New = define(3)
  t.throws(() => new New().set(1), /n: too small/)
  const app = open(recorder)
  t.equal((await app.repository.get(New, jar.id)).n, 1)
  const progress: number[][] = []
  const misfits = await app.verify({ onProgress: (done, all) => void progress.push([done, all]) })
  t.match(misfits, [{ position: 2, aggregateId: jar.id, topic: 'types:Jar.JarSet', problem: /too small/ }])
  t.equal(misfits.length, 1)
  t.same(
    progress,
    [
      [2, 3],
      [3, 3],
    ],
    'two rows and a replay',
  )

  const one = new MemoryRecorder()
  await one.append([{ aggregateId: 'x', version: 1, topic: 'types:Nobody.Born', state: '{}' }])
  t.match(await open(one).verify(), [{ position: 1, problem: { code: 'CORRUPT_EVENT' } }], 'the last row, too')
})

t.test(
  'verify() replays what is before a snapshot, checks what events have become, and knows transformations',
  async (t) => {
    const recorder = new MemoryRecorder()
    const define = (most: number, former: FormerEvents = {}, recorded?: EventSchema) => {
      class Pot extends Aggregate {
        static override readonly topic: string = 'types:Pot'
        static override readonly snapshotVersion = 1
        static override readonly former = former
        n = 0
        fill(n: number) {
          if (n > most) throw new RangeError(`${n} is too much`)
          this.n = n
        }
        label(text: number) {
          this.n += text
        }
        drop(_n: number) {}
      }
      const Labelled = defineEvent('PotLabelled', z.object({ text: z.string().transform(({ length }) => length) }), {
        recorded,
      })
      const places = {
        constructor: 'PotMade',
        fill: defineEvent('PotFilled', z.object({ n: z.number() })),
        label: Labelled,
      }
      return events(Pot, former.PotDropped ? places : { ...places, drop: 'PotDropped' })
    }
    const number = z.object({ text: z.number() })
    const Old = define(9, undefined, number)
    const pot = new Old()
    pot.fill(9)
    for (let n = 0; n < 20; n++) pot.fill(1)
    pot.drop(7)
    pot.label('abc' as never)
    const app = open(recorder)
    await app.save(pot)
    await app.takeSnapshot(Old, pot.id)
    t.same(await app.verify(), [])
    const told = async (type: typeof Old) =>
      (await new Application(recorder, { name: 'types', aggregates: [type] }).verify()).map(
        ({ position, problem }) => `${position}: ${problem.message}`,
      )
    t.match(await told(define(8, undefined, number)), [/^undefined: Version 2 of .* 9 is too much/])
    const wrong = { PotDropped: ({ _n }: Record<string, unknown>) => [['PotFilled', { n: String(_n) }]] as const }
    t.match(await told(define(9, wrong, number)), [/^23: fill\(\) refuses this: n: .*expected number/])
    t.match(await told(define(9, { PotDropped: () => [] })), [/^24: label\(\) refuses this: text: .*expected string/])
  },
)

t.test('verify() goes on after what does not fit', async (t) => {
  const recorder = new MemoryRecorder()
  const define = (isStrict: boolean) => {
    const rule = z.object({ n: z.number().min(isStrict ? 3 : 0) })
    class Cup extends Aggregate {
      static override readonly topic: string = 'types:Cup'
      constructor(readonly n: number) {
        super()
      }
      fill(n: number) {
        if (isStrict && n > 8) throw new RangeError(`${n} is too much`)
      }
      drop() {}
    }
    const places = { constructor: defineEvent('CupMade', rule), fill: defineEvent('CupFilled', rule) }
    return events(Cup, isStrict ? places : { ...places, drop: 'CupDropped' })
  }
  const Old = define(false)
  // Refused by a schema, by a body, and unreadable: each in another order.
  const [small, full, late] = [new Old(1), new Old(3), new Old(3)]
  small.fill(9)
  full.fill(9)
  full.drop()
  full.fill(2)
  late.drop()
  late.fill(9)
  const app = open(recorder)
  await app.save(small, full, late)
  t.same(await app.verify(), [])
  const today = new Application(recorder, { name: 'types', aggregates: [define(true)] })
  const told = (await today.verify()).map(({ position, aggregateId, problem }) => [
    position,
    [small, full, late].findIndex(({ id }) => id === aggregateId),
    problem.message.replaceAll(aggregateId, 'it'),
  ])
  t.match(told, [
    [1, 0, /class Cup refuses this: n: Too small/],
    [5, 1, /Version 3 of it is a CupDropped, but Cup has no/],
    [6, 1, /fill\(\) refuses this: n: Too small/],
    [8, 2, /Version 2 of it is a CupDropped, but Cup has no/],
    [undefined, 0, /Version 2 of it \(CupFilled\) has happened, but .* 9 is too much/],
    [undefined, 1, /Version 2 of it \(CupFilled\) has happened, but .* 9 is too much/],
  ])
  t.equal(told.length, 6)
})

t.test('a field that a schema left out stays out', async (t) => {
  const text = z.string().transform((value) => value.trim() || undefined)
  const recorder = new MemoryRecorder()
  const define = (carries: EventSchema<object, object>, fields?: string[]) => {
    class Note extends Aggregate {
      static override readonly topic: string = 'types:Note'
      all: unknown[][] = []
      add(text: unknown, tag?: unknown) {
        this.all.push([text, tag])
      }
    }
    const Noted = defineEvent('Noted', carries, fields ? { fields } : {})
    return events(Note, { constructor: 'NoteMade', add: Noted } as never)
  }
  const loaded = async (type: ReturnType<typeof define>, id: string) =>
    (await open(recorder).repository.get(type, id)).all
  const Blank = define(z.object({ text: z.string(), tag: text }))
  const note = new Blank()
  note.add('hi', ' ')
  const Secret = define(
    z.object({ text: z.string(), tag: z.string() }).transform(({ text }) => ({ text })),
    ['text', 'tag'],
  )
  const secret = new Secret()
  secret.add('hi', 'password')
  t.same([note.all, secret.all], [[['hi', undefined]], [['hi', undefined]]])
  await open(recorder).save(note)
  await open(recorder).save(secret)
  t.same([await loaded(Blank, note.id), await loaded(Secret, secret.id)], [note.all, secret.all])

  // What was optional and is required now was not recorded either.
  const Optional = define(z.object({ text: z.string(), tag: z.string().optional() }))
  const once = new Optional()
  once.add('hi')
  await open(recorder).save(once)
  t.same(await loaded(define(z.object({ text: z.string(), tag: z.string() })), once.id), [['hi', undefined]])
})

t.test('a field may have the name of what every object inherits', async (t) => {
  class Thing extends Aggregate {
    all: unknown[][] = []
    add(first?: unknown, second?: unknown) {
      this.all.push([first, second])
    }
  }
  const Added = defineEvent('Added', z.object({ valueOf: z.string().optional(), constructor: z.string().optional() }))
  const Made = events(Thing, { constructor: 'ThingMade', add: Added } as never)
  const thing = new Made()
  thing.add()
  thing.add('a')
  t.same(thing.all, [
    [undefined, undefined],
    ['a', undefined],
  ])
  const app = open()
  await app.save(thing)
  t.same((await app.repository.get(Made, thing.id)).all, thing.all)
})

t.test('what is promised is refused with an explanation, and its failure later ends no program', async (t) => {
  // Node would end the program for it after the test.
  const failing = () => Promise.reject(new Error('late'))
  class Late extends Aggregate {
    set(n: number) {
      return n
    }
  }
  const late = defineEvent('LateSet', schema(failing), { fields: ['n'] })
  const Made = events(Late, { constructor: 'LateMade', set: late })
  t.throws(() => new Made().set(1), /schema is async.*validate before the call/)
  // What a library of its own promises, or a query that runs once somebody waits for it.
  // biome-ignore lint/suspicious/noThenProperty: that is the case
  const thenable = { then: () => t.fail('it was waited for') }
  const later = defineEvent(
    'LateSet',
    schema(() => thenable),
    { fields: ['n'] },
  )
  class Slow extends Aggregate {
    set(n: number) {
      return n
    }
  }
  const Lazy = events(Slow, { constructor: 'SlowMade', set: later })
  t.throws(() => new Lazy().set(1), /schema is async/)
  class Query extends Aggregate {
    ask(_n: number): unknown {
      return thenable
    }
    fail(): unknown {
      return failing()
    }
  }
  const Asked = events(Query, { constructor: 'QueryMade', ask: 'Asked', fail: 'Failed' })
  for (const call of [(made: Query) => made.ask(1), (made: Query) => made.fail()]) {
    const asked = new Asked()
    t.throws(() => call(asked), { name: 'TypeError', message: /returned a promise/ })
    t.throws(() => asked.collectEvents(), { code: 'HALF_APPLIED' })
  }
  t.throws(() => defineEvent('Bad', {} as never), /must be a schema/)
})

t.test('renamed, split, retired', async (t) => {
  const recorder = new MemoryRecorder()
  const old = () => {
    class Cat extends Aggregate {
      static override readonly topic: string = 'types:Cat'
      log: string[] = []
      named(name: string) {
        this.log.push(name)
      }
      moved(both: string) {
        this.log.push(both)
      }
      slept() {
        this.log.push('zzz')
      }
    }
    return events(Cat, { constructor: 'CatBorn', named: 'Named', moved: 'Moved', slept: 'Slept' })
  }
  const now = () => {
    class Cat extends Aggregate {
      static override readonly topic: string = 'types:Cat'
      static override readonly former = {
        Named: (payload: object) => [['Called', payload]] as never,
        Moved: ({ both }: { both?: string }) => (both ?? '').split('-').map((at) => ['Went', { at }]) as never,
        Slept: () => [],
      }
      log: string[] = []
      called(name: string) {
        this.log.push(`called ${name}`)
      }
      went(at: string) {
        this.log.push(`went ${at}`)
      }
    }
    return events(Cat, { constructor: 'CatBorn', called: 'Called', went: 'Went' })
  }
  const cat = new (old())()
  cat.named('Tom')
  cat.moved('a-b')
  cat.slept()
  cat.named('Tim')
  await open(recorder).save(cat)
  const Cat = now()
  const app = open(recorder)
  const loaded = await app.repository.get(Cat, cat.id)
  t.same(loaded.log, ['called Tom', 'went a', 'went b', 'called Tim'])
  t.equal(loaded.version, 5)
  const names = ['CatBorn', 'Called', 'Went', 'Went', 'Called']
  t.same(
    (await app.notificationLog.select()).map(({ name }) => name),
    names,
  )
  t.same(
    (await app.repository.history(cat.id)).map(({ name }) => name),
    names,
  )
  t.same(await app.verify(), [])
  loaded.went('c')
  await app.save(loaded)
  t.equal((await app.repository.get(Cat, cat.id)).log.length, 5)
  const [row] = await recorder.select(cat.id)
  await recorder.append([{ ...row, version: 7, topic: 'types:Cat.toString' } as never])
  await t.rejects(
    app.repository.get(Cat, cat.id),
    { code: 'UNKNOWN_TOPIC' },
    'what every object has became of no event',
  )
})

t.test('a creation that was renamed or split', async (t) => {
  const recorder = new MemoryRecorder()
  class Old extends Aggregate {
    static override readonly topic: string = 'types:Dog'
    constructor(readonly whole: string) {
      super()
    }
  }
  const old = new (events(Old, { constructor: 'Registered' }))('Fido the Great')
  await open(recorder).save(old)
  const define = (former: (whole: string) => readonly unknown[]) => {
    class Dog extends Aggregate {
      static override readonly topic: string = 'types:Dog'
      static override readonly former = { Registered: ({ whole }: { whole: string }) => former(whole) } as never
      titles: string[] = []
      constructor(readonly name: string) {
        super()
      }
      honour(title: string) {
        this.titles.push(title)
      }
    }
    const Honoured = defineEvent('Born', z.object({ title: z.string() }))
    return events(Dog, { constructor: 'Born', honour: Honoured })
  }
  const Dog = define((whole) => {
    const [name = '', ...title] = whole.split(' ')
    return [
      ['Born', { name }],
      ['Born', { title: title.join(' ') }],
    ]
  })
  const app = open(recorder)
  const dog = await app.repository.get(Dog, old.id)
  t.match(dog, { name: 'Fido', titles: ['the Great'], version: 1 })
  dog.honour('sir')
  await app.save(dog)
  t.match(await app.repository.get(Dog, old.id), { titles: ['the Great', 'sir'], version: 2 })
  const present = [{ name: 'Fido' }, { title: 'the Great' }, { title: 'sir' }]
  t.same(
    (await app.repository.history(old.id)).map(({ payload }) => payload),
    present,
  )
  t.same(
    (await app.notificationLog.select()).map(({ payload }) => payload),
    present,
  )
  t.same(await app.verify(), [])

  const row = `Version 1 of ${old.id}: static former of Dog fails for Registered`
  const unfit: [former: (whole: string) => readonly unknown[], says: string][] = [
    [() => [], 'an aggregate needs its first event'],
    [(whole) => [['Honoured', { title: whole }]], "there is no @event('Honoured') above the class"],
    [() => [['Born', { name: undefined }]], "Born needs 'name', but is given only {  }"],
    ...[undefined, null, 'Born', ['Born', { name: 'Rex' }], [['Born']], [['Born', 'Rex']], {}].map(
      (wrong): [() => readonly unknown[], string] => [() => wrong as never, 'it must return a list of events, such as'],
    ),
    [(whole) => [['Born', { nam: whole }]], "Born needs 'name', but is given only { nam }"],
    [
      (whole) => [
        ['Born', { name: whole }],
        ['Born', { titel: '' }],
      ],
      "Born needs 'title', but is given only { titel }",
    ],
    [(whole) => [['Born', { name: (whole as never as { a: { b: string } }).a.b }]], 'Cannot read properties'],
  ]
  for (const [former, says] of unfit) {
    const Unfit = define(former)
    const own = open(recorder, Unfit)
    const told = { code: 'CORRUPT_EVENT', message: new RegExp(`^${`${row}: ${says}`.replace(/[(){}]/g, '\\$&')}`) }
    await t.rejects(own.repository.get(Unfit, old.id), told)
    await t.rejects(own.repository.history(old.id), told)
  }
})

t.test('TypeScript’s experimentalDecorators', async (t) => {
  const { outputText } = ts.transpileModule(
    `@event('Born') class Dog extends Aggregate {
      tricks: string[] = []
      constructor(readonly name: string) { super() }
      @event('TrickAdded') addTrick(trick: string) { if (trick === '') throw new RangeError('x'); this.tricks.push(trick) }
    }
    result = Dog`,
    { compilerOptions: { experimentalDecorators: true, target: ts.ScriptTarget.ES2022 } },
  )
  const Dog = new Function('event', 'Aggregate', `let result; ${outputText}; return result`)(event, library.Aggregate)
  const dog = new Dog('Fido')
  dog.addTrick('sit')
  t.throws(() => dog.addTrick(''), RangeError)
  const app = open()
  await app.save(dog)
  const loaded = await app.repository.get(Dog, dog.id)
  t.match(loaded, { name: 'Fido', tricks: ['sit'], version: 2 })
})

t.test('a type knows its events from those of another class with one name', async (t) => {
  const DogBorn = defineEvent('Born', z.object({ name: z.string() }))
  const Moved = defineEvent('Moved', ['to'])
  const define = (topic: string, born: 'Born' | typeof DogBorn) => {
    class Pet extends Aggregate {
      static override readonly topic: string = topic
      constructor(readonly name: string) {
        super()
      }
      move(to: string) {
        return to
      }
    }
    return events(Pet, { constructor: born, move: Moved })
  }
  const [Dog, Cat] = [define('types:Dog', DogBorn), define('types:Cat', 'Born')]
  class Pup extends Dog {}
  const recorder = new MemoryRecorder()
  const app = new Application(recorder, { name: 'types', aggregates: [Dog, Pup, Cat] })
  const [cat, dog, pup] = [new Cat('Tom'), new Dog('Fido'), new Pup('Rex')]
  for (const each of [cat, dog, pup]) each.move('home')
  const mine = [cat, dog, pup].flatMap(({ pendingEvents }) => pendingEvents)
  await app.save(cat, dog, pup)
  const log = await app.notificationLog.select()
  const past = (await Promise.all([cat, dog, pup].map(({ id }) => app.repository.history(id)))).flat()
  for (const all of [mine, log, past] as DomainEvent[][]) {
    t.same(
      all.filter((each) => DogBorn.is(each)).map(({ payload }) => payload.name),
      ['Fido', 'Rex'],
    )
    t.equal(all.filter((each) => Moved.is(each)).length, 3, 'a type that both classes record')
    t.equal(all.filter((each) => defineEvent('Born').is(each)).length, 3, 'a type that no class records')
    t.notOk(all.some((each) => DogBorn.is({ ...each, name: 'Moved' } as never)))
  }
  const names = new Projection(app.notificationLog, () => [] as string[], [
    on(DogBorn, (view: string[], { payload }) => void view.push(payload.name)),
  ])
  t.same(await names.catchUp(), ['Fido', 'Rex'])
  t.same(Object.keys(log[0] as object), ['id', 'topic', 'name', 'payload', 'aggregateId', 'version', 'timestamp'])
})

t.test('a type tells creation from a method with the same name', async (t) => {
  const [Made, Renamed] = [defineEvent('Named', ['name']), defineEvent('Named', ['name'])]
  class Dog extends Aggregate {
    constructor(public name: string) {
      super()
    }
    rename(name: string) {
      this.name = name
    }
  }
  for (const [made, rename] of [
    [Made, Renamed],
    ['Named', Renamed],
    [Made, 'Named'],
    [Made, Made],
  ] as const) {
    // An own class for each.
    const Each = events(
      class extends Dog {
        static override readonly topic = 'types:Each'
        constructor(name: string) {
          super(name)
        }
        override rename(name: string) {
          super.rename(name)
        }
      },
      { constructor: made, rename } as never,
    )
    const dog = new Each('Fido')
    dog.rename('Rex')
    const app = open(new MemoryRecorder(), Each)
    const all = dog.pendingEvents
    await app.save(dog)
    for (const found of [
      all,
      await app.notificationLog.select(),
      await app.repository.history(dog.id),
    ] as DomainEvent[][])
      for (const type of [Made, Renamed])
        t.same(
          found.map((each) => type.is(each)),
          [made === type, rename === type],
        )
  }
})

t.test('an override has the type of what it overrides', (t) => {
  const Learned = defineEvent('Learned', ['trick'])
  class Dog extends Aggregate {
    tricks: string[] = []
    learn(trick: string) {
      this.tricks.push(trick)
    }
  }
  const over = (base: string | typeof Learned, by: string | typeof Learned) => {
    class Known extends Dog {
      override learn(trick: string) {
        super.learn(trick)
      }
    }
    class Pup extends events(Known, { constructor: 'Born', learn: base }) {
      override learn(trick: string) {
        super.learn(trick)
      }
    }
    const pup = new (events(Pup, { learn: by }))()
    pup.learn('sit')
    return Learned.is(pup.pendingEvents[1] as DomainEvent)
  }
  t.throws(
    () => over(Learned, 'Learned'),
    /overrides learn\(\) by its name alone, so .* lose their type: write @event\(Learned\)/,
  )
  t.equal(over(Learned, Learned), true)
  t.equal(over('Learned', Learned), true)
  t.equal(over('Learned', 'Learned'), false)
  t.equal(over(Learned, defineEvent('Learned', ['trick'])), false, 'another type, as the author says')
  t.end()
})

t.test('methods may have a symbol as their key in events()', (t) => {
  const add = Symbol('add')
  class Dog extends Aggregate {
    [add](trick: string) {
      return trick
    }
  }
  const Made = events(Dog, { constructor: 'Born', [add]: 'Added' })
  const dog = new Made()
  dog[add]('sit')
  t.match(dog.pendingEvents[1], { name: 'Added', payload: { trick: 'sit' } })
  t.throws(() => events(Dog, { [Symbol('none')]: 'Added' } as never), /has no method Symbol\(none\)\(\) of its own/)
  t.end()
})

t.test('a rest parameter is refused, whatever names its field', (t) => {
  class Dog extends Aggregate {
    add(...tricks: string[]) {
      return tricks
    }
  }
  class Pack extends Aggregate {
    constructor(..._names: string[]) {
      super()
    }
  }
  const refused = /(add\(\)|class Pack) has a rest parameter, of which.*take an array/
  const places = (of: object): never => ({ constructor: 'Born', ...of }) as never
  const schema = z.object({ tricks: z.array(z.string()) })
  t.throws(() => events(Dog, places({ add: defineEvent('Added', ['tricks']) })), refused)
  t.throws(() => events(Dog, places({ add: defineEvent('Added', schema) })), refused)
  t.throws(() => events(Pack, places({ constructor: defineEvent('Born', ['_names']) })), refused)
  t.throws(() => events(Dog, places({ add: 'Added' })), /rest parameter `... tricks` takes many values/)
  t.end()
})

t.test('minified code is refused if its names would be recorded', async (t) => {
  const minified = (text: string) => new Function('A', `return ${text}`)(Aggregate)
  const k = minified('class k extends A{t=[];a(e){this.t.push(e)}}')
  t.throws(
    () => events(k, { constructor: 'Born', a: 'Added' }),
    /was minified, so `e` may be renamed in the next build/,
  )
  const K = events(minified('class k extends A{t=[];a(e){this.t.push(e)}}'), {
    constructor: 'Born',
    a: defineEvent('Added', ['trick']),
  } as never) as unknown as new () => Aggregate & { a(x: string): void }
  const made = new K()
  made.a('sit')
  t.same(made.pendingEvents[1]?.payload, { trick: 'sit' })
  await t.rejects(open().save(made), /another build may rename it.* Write in the class: static readonly topic/)
})

t.test('code that was renamed is refused, even where it kept its white space', async (t) => {
  const places = { constructor: 'Born', moved: 'Moved' } as never
  const define = (text: string, more: Record<string, unknown> = {}) =>
    new Function(...Object.keys(more), `return ${text}`)(...Object.values(more))
  const move = 'moved(t, e) { this.at = [t, e] }'
  const refused =
    /@event\('Moved'\) on moved\(\) cannot name .*`t` may be renamed in the next build.* `[slmp]` for what the class extends.*defineEvent/

  // As esbuild, tsc and a bundler of CommonJS leave it. A build gives its short names anew to what it inherits, too.
  const Pet = define(`class Pet extends l { ${move} }`, { l: Aggregate })
  const inherits = define('class h extends Pet {}', { Pet: events(Pet, { moved: 'Moved' } as never) })
  for (const renamed of [
    events(define(`class h extends (s = l, d = [], s) { ${move} }`, { l: Aggregate, s: 0, d: 0 }), places),
    events(define(`class extends l { ${move} }`, { l: Aggregate }), places),
    events(define(`class h extends m.Aggregate { ${move} }`, { m: { Aggregate } }), places),
    events(define(`class extends m.Aggregate { ${move} }`, { m: { Aggregate } }), places),
    events(define(`class Pet extends m.a { ${move} }`, { m: { a: Aggregate } }), places),
    events(define(`class Pet extends (s = m.Aggregate, d = [], s) { ${move} }`, { m: library, s: 0, d: 0 }), places),
    events(define(`class h extends l { ${move} }`, { l: define('class l extends p {}', { p: Aggregate }) }), places),
    events(inherits, { constructor: 'Born' } as never),
  ])
    t.throws(() => new renamed(), refused)
  const two = define('class hX extends lX { moved(tX, eX) { this.at = [tX, eX] } }', { lX: Aggregate })
  t.throws(() => new (events(two, places))(), /`tX` may be renamed/, 'a second round of names has two letters')
  const constructed = define('class Dog extends l { constructor(t, e) { super() } }', { l: Aggregate })
  t.throws(() => events(constructed, { constructor: 'Born' }), /`t` may be renamed/)

  // Compilers for old engines make functions of classes.
  const old = (name: string) => {
    const made = define(`function ${name}(t, e) { return Reflect.construct(l, [], new.target) }`, { l: Aggregate })
    Object.setPrototypeOf(made, Aggregate)
    Object.setPrototypeOf(made.prototype, Aggregate.prototype)
    return Object.defineProperty(made, 'name', { value: 'Dog' })
  }
  t.throws(() => events(old('h'), { constructor: 'Born' }), /`t` may be renamed/)
  t.same(new (events(old('Dog'), { constructor: 'Born' }))(1, 2).pendingEvents[0].payload, { t: 1, e: 2 })

  // An author may have named the library.
  for (const name of ['lib', 'ds']) {
    const Cat = events(define(`class Cat extends ${name}.Aggregate { ${move} }`, { [name]: library }), places)
    const cat = new Cat()
    cat.moved(1, 2)
    await open().save(cat)
    t.same(cat.pendingEvents, [])
  }

  // The name of a class may be the build's as well.
  const named = { constructor: 'Born', moved: defineEvent('Moved', ['from', 'to']) } as never
  const H = events(define(`class h extends l { ${move} }`, { l: Aggregate }), named)
  await t.rejects(open().save(new H()), /'h' cannot be recorded: another build may rename it/)
  // A bundler numbers a name that occurs twice; that of a decorated class is in a string.
  const numbered = events(class Dog2 extends Aggregate {}, { constructor: 'Born' })
  await t.rejects(open().save(new numbered()), /'Dog2' cannot be recorded: another build may rename it/)
  const topical = events(
    class Dog2 extends Aggregate {
      static override readonly topic = 'types:Dog2'
    },
    { constructor: 'Born' },
  )
  await t.resolves(open().save(new topical()))
  @event('Born')
  class Dog2 extends Aggregate {}
  await t.resolves(open().save(new Dog2()))
  // A tool that renames a parent renames the class as well: here the author has named a whole library shortly.
  t.ok(new (define('class Kennel extends es.Application {}', { es: library }))())
})

t.test('short names that an author wrote are names', async (t) => {
  class D extends Aggregate {
    at: number[] = []
    constructor(readonly n: number) {
      super()
    }
    move(x: number, y: number) {
      this.at.push(x, y)
    }
  }
  const Named = events(D, { constructor: 'Born', move: 'Moved' })
  class E extends Named {
    sum = 0
    add(n: number) {
      this.sum += n
    }
  }
  const Counted = events(E, { add: 'Added' })
  const e = new Counted(1)
  e.move(2, 3)
  e.add(4)
  t.same(
    e.pendingEvents.map(({ payload }) => payload),
    [{ n: 1 }, { x: 2, y: 3 }, { n: 4 }],
  )
  const app = open()
  await app.save(e)
  t.match(await app.repository.get(Counted, e.id), { n: 1, at: [2, 3], sum: 4 })
  t.same(
    (await app.notificationLog.select()).map(({ topic }) => topic),
    ['types:E.Born', 'types:E.Moved', 'types:E.Added'],
  )
})

t.test('white space shows that code is its author’s, and a compiler’s constructor is none', async (t) => {
  const make = (text: string, more: Record<string, unknown> = {}) =>
    new Function('Aggregate', ...Object.keys(more), `return ${text}`)(Aggregate, ...Object.values(more))
  const places = { constructor: 'Born', add: 'Added' } as never
  for (const text of [
    'class Ox extends Aggregate {}',
    'class Ox extends Aggregate {\n}',
    'class Ox extends Aggregate { }',
  ])
    await t.resolves(open().save(new (events(make(text), { constructor: 'Born' }))()), text)
  const dense = events(make('class Ox extends Aggregate{}'), { constructor: 'Born' })
  await t.rejects(open().save(new dense()), /'Ox' cannot be recorded/)
  for (const body of ['add(n){ this.n = n }', 'add(n) {this.n = n}', 'add(n) {}', 'add(n) { this.at = { n } }']) {
    const made = new (events(make(`class Cup extends Aggregate { ${body} }`), places))()
    made.add(2)
    t.same(made.pendingEvents[1].payload, { n: 2 }, body)
  }
  t.throws(() => events(make('class Cup extends Aggregate { add(n){this.n=n} }'), places), /was minified/)

  const Cup = events(make('class Cup extends Aggregate { constructor(name) { super(); this.name = name } }'), {
    constructor: 'Born',
  })
  for (const passesOn of [
    'constructor() { super(...arguments); this.size = 1 }',
    'constructor(...args) { super(...args), this.size = 1 }',
  ]) {
    const mug = new (make(`class Mug extends Cup { ${passesOn} }`, { Cup }))('blue')
    t.same(mug.pendingEvents[0].payload, { name: 'blue' }, passesOn)
  }
  const own = make('class Mug extends Cup { constructor(name, ...rest) { super(...rest) } }', { Cup })
  t.throws(() => new own('blue'), /Mug has a constructor of its own/)
})
