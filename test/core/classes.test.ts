/** What is recorded is what a replay finds: classes that are wrapped, borrowed from, made within one another. */
import { Aggregate, Application, defineEvent, type EventSchema, event, events, MemoryRecorder } from 'dog-school'
import t from 'tap'

const open = (recorder = new MemoryRecorder()) => new Application(recorder, { name: 'classes', cacheSize: 0 })

t.test('an event that a replay would not find is refused before it is recorded', async (t) => {
  type Method = (this: Dog, trick: string) => void
  const loud = (method: Method, _context: unknown): Method =>
    function (trick) {
      method.call(this, trick)
    }
  @event('Born')
  class Dog extends Aggregate {
    tricks: string[] = []
    @event('TrickAdded')
    add(trick: string) {
      this.tricks.push(trick)
    }
    @loud
    @event('Barked')
    bark(trick: string) {
      this.tricks.push(trick)
    }
  }
  @event('Whelped')
  class Puppy extends Dog {
    @event('TrickAdded')
    override add(trick: string) {
      super.add(`${trick}!`)
    }
    past(trick: string) {
      super.add(trick)
    }
  }
  @event('Hatched')
  class Bird extends Aggregate {
    tricks: string[] = []
  }
  const [puppy, bird] = [new Puppy(), new Bird()]
  const refused = /add\(\) would record 'TrickAdded', but a replay of Puppy would run add\(\) of its own/
  t.throws(() => puppy.past('sit'), refused)
  t.throws(() => Dog.prototype.add.call(puppy, 'sit'), refused)
  t.throws(() => Dog.prototype.add.call(bird as never, 'sit'), /a replay of Bird would run nothing/)
  t.same([puppy.tricks, puppy.version, bird.version], [[], 1, 1])
  puppy.add('sit')
  t.same(puppy.tricks, ['sit!'])
  t.throws(() => new Dog().bark('woof'), /replay of Dog would run nothing.*write @event\('Barked'\) above it/)

  class Cat extends Aggregate {
    tricks: string[] = []
    add(trick: string) {
      this.tricks.push(trick)
    }
  }
  const Made = events(Cat, { constructor: 'Born', add: 'TrickAdded' })
  const inner = Made.prototype.add
  Made.prototype.add = function (trick) {
    inner.call(this, trick)
  }
  t.throws(() => new Made().add('sit'), /replay of Cat would run nothing.*write @event\('TrickAdded'\) above it/)
})

t.test('a method and the creation may share the name of their events', async (t) => {
  const Born = defineEvent('NameSet', ['name'], [({ name }) => ({ name: `born ${name}` })])
  const define = (born: 'NameSet' | typeof Born) => {
    class Dog extends Aggregate {
      static override readonly topic: string = 'classes:Dog'
      all: unknown[]
      constructor(name: string) {
        super()
        this.all = [name]
      }
      rename(name: string, by: number) {
        this.all.push(name, by)
      }
    }
    return events(Dog, { constructor: born, rename: 'NameSet' })
  }
  const [Before, Now] = [define('NameSet'), define(Born)]
  const dog = new Before('a')
  dog.rename('b', 7)
  const recorder = new MemoryRecorder()
  await open(recorder).save(dog)
  t.same((await open(recorder).repository.get(Before, dog.id)).all, ['a', 'b', 7])
  const app = open(recorder)
  t.same((await app.repository.get(Now, dog.id)).all, ['born a', 'b', 7])
  t.same(
    (await app.notificationLog.select()).map(({ payload }) => payload),
    [{ name: 'born a' }, { name: 'b', by: 7 }],
  )
  const later = new Now('c')
  await app.save(later)
  t.same((await app.repository.get(Now, later.id)).all, ['c'], 'it is recorded as its own version, not the method’s')
})

t.test('an event method that another one or a constructor calls is never asked for today’s rules', async (t) => {
  const schema = (least: number, otherwise: number): EventSchema<{ n: number }, { n: number }> => ({
    '~standard': {
      version: 1,
      validate: (value) => {
        const { n = otherwise } = value as { n?: number }
        return n < least ? { issues: [{ message: 'too small' }] } : { value: { n } }
      },
    },
  })
  const define = (least: number, otherwise: number) => {
    class Jar extends Aggregate {
      static override readonly topic: string = 'classes:Jar'
      all: unknown[] = []
      constructor(n: number) {
        super()
        this.put(n)
      }
      put(n?: number) {
        this.all.push(n)
      }
      twice(n: number) {
        this.put(n)
        this.put()
      }
    }
    const Put = defineEvent('Put', schema(least, otherwise), { fields: ['n'] })
    return events(Jar, { constructor: 'Made', put: Put as never, twice: 'Twice' })
  }
  const jar = new (define(1, 1))(0)
  jar.twice(2)
  jar.put()
  t.throws(() => jar.put(0), /too small/)
  t.same(jar.all, [0, 2, undefined, 1], 'a rule, and a default, are for the call that is recorded')
  const recorder = new MemoryRecorder()
  await open(recorder).save(jar)
  t.same((await open(recorder).repository.get(define(4, 7), jar.id)).all, jar.all)
})

t.test('another aggregate of its class may be made before super()', async (t) => {
  @event('Born')
  class Dog extends Aggregate {
    names: string[] = []
    readonly boss: Dog | undefined
    constructor(readonly name: string) {
      const boss = name.length < 3 ? new Dog(`${name}s`) : undefined
      super({ id: boss ? new Dog(`${name}-boss`).id + name : `id-${name}` })
      this.boss = boss
    }
    @event('Renamed')
    rename(name: string) {
      this.names.push(name)
    }
  }
  class Pup extends Dog {}
  for (const Type of [Dog, Pup]) {
    const dog = new Type('a')
    const boss = dog.boss as Dog
    dog.rename('b')
    boss.rename('c')
    t.same([dog.version, boss.version, boss.boss?.version], [2, 2, 2 - 1])
    t.same([dog.id, boss.id, boss.boss?.id], ['id-a-bossa', 'id-as-bossas', 'id-ass'])
    t.same([dog.pendingEvents[0]?.payload, boss.pendingEvents[0]?.payload], [{ name: 'a' }, { name: 'as' }])
    const again = Type.replay(dog.pendingEvents)
    t.same([again.id, again.name, again.names], [dog.id, 'a', ['b']])
    t.ok(again instanceof Type && dog instanceof Type)
  }
})

t.test('what has no first event says so', async (t) => {
  const leaked: Aggregate[] = []
  class Cat extends Aggregate {
    constructor(readonly lives: number) {
      super()
      leaked.push(this)
      if (lives < 1) throw new RangeError('dead')
    }
    static make(lives: number) {
      return new Cat(lives)
    }
    move() {}
  }
  const Made = events(Cat, { constructor: 'Born', move: 'Moved' })
  t.throws(() => Made.make(9), /This Cat would have no first event: use the class that events\(\)/)
  leaked.length = 0
  t.throws(() => new Made(0), RangeError)
  const half = leaked[0] as InstanceType<typeof Made>
  t.throws(() => half.move(), { code: 'HALF_APPLIED', message: /The constructor of this Cat threw: create a new one/ })
  await t.rejects(open().save(half), { code: 'HALF_APPLIED' })
})
