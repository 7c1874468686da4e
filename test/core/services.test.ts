/** What a service needs besides state: metadata, clocks, lasting names and subclasses. */
import { AsyncLocalStorage } from 'node:async_hooks'
import {
  Aggregate,
  Application,
  type DomainEvent,
  defineEvent,
  event,
  MemoryRecorder,
  type Metadata,
  setSources,
} from 'dog-school'
import t from 'tap'

@event('Born')
class Animal extends Aggregate {
  readonly tricks: string[] = []
  constructor(readonly name: string) {
    super()
  }
  @event('TrickAdded')
  addTrick(trick: string) {
    this.tricks.push(trick)
  }
}

@event('Whelped')
class Puppy extends Animal {
  static override readonly aliases: readonly string[] = ['Whelp']
  static born(name: string) {
    return new Puppy(name)
  }
  private constructor(name: string) {
    super(name)
  }
}

class School extends Application {
  readonly #registered: string[] = []
  commands = 0
  async register(name: string, metadata?: Metadata) {
    this.commands++
    const puppy = Puppy.born(name)
    await this.save(puppy, { metadata })
    this.#registered.push(puppy.id)
    return puppy.id
  }
  readonly registerAtOnce = async (...names: string[]) => {
    const puppies = names.map((name) => Puppy.born(name))
    await this.save(...puppies)
    return puppies.map(({ id }) => id)
  }
}

t.test('metadata is recorded with the events of a save, and read by followers', async (t) => {
  const school = new School()
  const id = await school.register('Fido', { user: 'ann', correlation: 7n })
  await school.register('Rex')
  const [first, second] = await school.notificationLog.select()
  t.strictSame(first?.metadata, { user: 'ann', correlation: 7n })
  t.notOk(second && 'metadata' in second, 'none is none')
  const [event] = await school.repository.history(id)
  t.strictSame(event?.metadata, { user: 'ann', correlation: 7n })
  t.throws(() => Object.assign(event?.metadata ?? {}, { user: 'bob' }), TypeError)
  await t.rejects(school.register('Max', { user: () => 'ann' }), {
    code: 'INVALID_PAYLOAD',
    message: /metadata\.user/,
  })
  await t.rejects(school.register('Max', { _type_: 'bigint', _data_: '5', left: undefined }), {
    code: 'INVALID_PAYLOAD',
  })
  t.strictSame(Puppy.born('Max').pendingEvents[0]?.metadata, {}, 'where there is none, it is empty')
  const [row] = await school.recorder.select(id)
  t.match(row?.state, /"name":"Fido","_metadata":\{"user":"ann","correlation":\{"_type_":"bigint","_data_":"7"\}\}\}$/)
  const refused = { name: 'TypeError', message: /^save\(\) takes (aggregates|as options)/ }
  for (const wrong of [{ metdata: { user: 'ann' } }, { metadata: 'ann' }, [Puppy.born('Max')]])
    await t.rejects(school.save(Puppy.born('Max'), wrong as never), refused)
  t.equal(await school.notificationLog.max(), 2)

  const odd = Puppy.born('Max')
  await school.save(odd, { metadata: { _type_: 'bigint' } })
  const copies = new School()
  const [recorded] = await school.repository.history(odd.id)
  await t.rejects(copies.save(recorded as DomainEvent, { metadata: { _data_: '5' } }), { code: 'INVALID_PAYLOAD' })
  await copies.save(recorded as DomainEvent, { metadata: { user: 'ann' } })
  t.strictSame((await copies.notificationLog.select())[0]?.metadata, { _type_: 'bigint', user: 'ann' })
})

t.test('an application that adds metadata to each save loses none, however its commands are written', async (t) => {
  const caller = new AsyncLocalStorage<Metadata>()
  class Audited extends School {
    override save(...what: Parameters<Application['save']>) {
      return super.save({ metadata: caller.getStore() }, ...what)
    }
  }
  const school = new Audited()
  await Promise.all(
    ['ann', 'bob'].map((user) =>
      caller.run({ user }, async () => {
        await school.register('Fido', { request: user })
        await school.registerAtOnce('Rex')
        await school.saveTracked({ applicationName: user, notificationId: 1 }, Puppy.born('Max'))
      }),
    ),
  )
  const log = await school.notificationLog.select()
  const found = log.map(({ metadata }) => metadata as Record<string, string>)
  t.equal(school.commands, 2)
  t.same(
    ['ann', 'bob'].map((user) => found.filter((each) => each?.user === user)),
    ['ann', 'bob'].map((user) => [{ user, request: user }, { user }, { user }]),
  )
})

/** Version 4, without dashes. */
const uuid = /^[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}$/

t.test('a test can replace the clock and the ids, and restore them', async (t) => {
  let count = 0
  const back = setSources({ now: () => 0, newId: () => `id ${++count}` })
  const [fido, rex] = [Puppy.born('Fido'), Puppy.born('Rex')]
  t.strictSame([fido.id, rex.id, fido.createdOn], ['id 1', 'id 2', '1970-01-01T00:00:00+00:00'])
  back()
  t.match(Puppy.born('Max').id, uuid)
  t.not(Puppy.born('Max').createdOn, fido.createdOn)
})

t.test('ids have one form, also where a page is served without TLS', async (t) => {
  t.intercept(crypto, 'randomUUID', { value: undefined })
  const ids = Array.from({ length: 1000 }, () => Puppy.born('Max').id)
  t.same(
    ids.filter((id) => !uuid.test(id)),
    [],
  )
  t.equal(new Set(ids).size, 1000)
})

t.test('an aggregate that is loaded as its base class has its own class', async (t) => {
  const recorder = new MemoryRecorder()
  const id = await new School(recorder).register('Fido')
  const school = new School(recorder)
  const fido = await school.repository.get(Animal, id)
  t.ok(fido instanceof Puppy)
  t.ok((await school.repository.get(Animal, id)) instanceof Puppy, 'from what is remembered, too')
  @event('Born')
  class Cat extends Aggregate {}
  t.strictSame(
    [
      await school.repository.has(Animal, id),
      await school.repository.has(Puppy, id),
      await school.repository.has(Cat, id),
    ],
    [true, true, false],
  )
  await t.rejects(school.repository.get(Cat, id), { code: 'UNKNOWN_TOPIC' })
  t.strictSame([JSON.parse(JSON.stringify(fido)).id, `${fido}`], [id, `Puppy ${id}`])
})

t.test('names that another build may change are refused before anything is recorded', async (t) => {
  const recorder = new MemoryRecorder()
  const school = new Application(recorder, { name: 'kennel' })
  for (const topic of [':x', 'a:', 'x:', 'a b', '']) {
    @event('Born')
    class Odd extends Aggregate {
      static override readonly topic: string = topic
    }
    await t.rejects(async () => school.save(new Odd()), TypeError, JSON.stringify(topic))
  }
  const nameless = (() => {
    @event('Born')
    class Nameless extends Aggregate {}
    Object.defineProperty(Nameless, 'name', { value: '' })
    return Nameless
  })()
  await t.rejects(async () => school.save(new nameless()), { name: 'TypeError', message: /static readonly topic/ })
  class Animal2 extends Animal {}
  await t.rejects(async () => school.save(new Animal2('Fido')), {
    name: 'TypeError',
    message: /Animal2.*another build/,
  })
  t.equal(await recorder.maxNotificationId(), 0)
  for (const options of [{ name: '' }, { name: 'a:b' }, { name: 'a b' }])
    t.throws(() => new Application(recorder, options), /The name of an application has no spaces or colons/)
  t.throws(() => new (class extends Application {})(), { name: 'TypeError', message: /name: 'kennel'/ })
  class School2 extends Application {}
  t.throws(() => new School2(), { name: 'TypeError', message: /'School2'/ })
  t.equal(new School2(recorder, { name: 'kennel' }).name, 'kennel')
  t.equal(new Application().name, 'application')
})

t.test('an alias is completed as a topic is, and not inherited', async (t) => {
  const { mapper } = new Application(undefined, { name: 'kennel' })
  class Heir extends (Puppy as unknown as typeof Animal) {}
  t.ok(mapper.topics.names('kennel:Whelp', Puppy))
  t.notOk(mapper.topics.names('kennel:Whelp', Heir))
})

t.test('one body for each event, on every level of a class', async (t) => {
  class Learner extends Animal {
    @event('TrickAdded')
    learn(trick: string) {
      this.tricks.push(trick)
    }
  }
  t.throws(() => new Learner('Fido'), { name: 'TypeError', message: /Two methods record 'TrickAdded'/ })
  class Other extends Animal {
    @event('Learnt')
    override addTrick(trick: string) {
      this.tricks.push(trick)
    }
  }
  t.throws(() => new Other('Fido'), { name: 'TypeError', message: /as another event, 'Learnt'/ })
  const again = Symbol('again')
  @event('Born')
  class Odd extends Aggregate {
    tricks: string[] = []
    @event('Repeated')
    [again](trick: string) {
      this.tricks.push(trick)
    }
  }
  const odd = new Odd()
  odd[again]('sit')
  t.strictSame(Odd.replay(odd.collectEvents()).tricks, ['sit'])
})

t.test('an upcast that throws names its row, for every reader', async (t) => {
  const recorder = new MemoryRecorder()
  const old = new Application(recorder)
  {
    @event('Born')
    class Dog extends Aggregate {
      @event('Barked') bark(how: string) {
        return how
      }
    }
    const dog = new Dog({ id: 'fido' } as never)
    dog.bark('wuff')
    await old.save(dog)
  }
  @event('Born')
  class Dog extends Aggregate {
    @event(defineEvent('Barked', ['how'], [() => null as never]))
    bark(how: string) {
      return how
    }
  }
  const school = new Application(recorder, { aggregates: [Dog] })
  const [row] = await recorder.notifications()
  const refused = { code: 'CORRUPT_EVENT', message: /^Version 2 of .*upcast 1 of Barked/ }
  await t.rejects(school.notificationLog.select(), refused)
  await t.rejects(school.repository.history(String(row?.aggregateId)), refused)
  await t.rejects(school.repository.get(Dog, String(row?.aggregateId)), refused)
  t.match(await school.verify(), [{ position: 2, problem: refused }])
})
