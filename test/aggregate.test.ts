/** An aggregate decides, applies and replays; what fails leaves nothing behind. */
import { inspect } from 'node:util'
import { Aggregate, Application, type DomainEvent, event } from 'dog-school'
import t from 'tap'

@event('Registered')
class Dog extends Aggregate {
  readonly tricks: string[] = []
  readonly toys = new Map<string, { bites: number }>()
  mood = 'calm'
  constructor(readonly name: string) {
    super()
  }

  @event('TrickAdded')
  addTrick(trick: string) {
    if (trick === '') throw new RangeError('a trick has a name')
    this.tricks.push(trick)
    return this.tricks.length
  }

  @event('ToyBitten')
  bite(toy: string, fails: boolean) {
    this.mood = 'wild'
    const kept = this.toys.get(toy) ?? { bites: 0 }
    kept.bites++
    this.toys.set(toy, kept)
    this.tricks.push('bite')
    if (fails) throw new Error('half-way')
  }

  @event('ShowGiven')
  giveShow(trick: string) {
    this.mood = 'proud'
    this.addTrick(trick)
    this.addTrick(`${trick} again`)
  }
}

const state = ({ tricks, toys, mood }: Dog) => ({ tricks: [...tricks], toys: structuredClone([...toys]), mood })
const names = (events: readonly DomainEvent[]) => events.map(({ name, version }) => `${version} ${name}`)

t.test('a call is an event, and the events are the state', async (t) => {
  const fido = new Dog('Fido')
  t.equal(fido.addTrick('roll over'), 1, 'what the body returns comes back')
  fido.addTrick('play dead')
  t.strictSame(names(fido.pendingEvents), ['1 Registered', '2 TrickAdded', '3 TrickAdded'])
  t.strictSame(
    fido.pendingEvents.map(({ payload }) => payload),
    [{ name: 'Fido' }, { trick: 'roll over' }, { trick: 'play dead' }],
  )
  t.match(fido.id, /^[0-9a-f]{32}$/)
  t.equal(fido.version, 3)
  t.equal(fido.createdOn, fido.pendingEvents[0]?.timestamp)
  t.equal(fido.modifiedOn, fido.pendingEvents[2]?.timestamp)
  t.match(fido.modifiedOn, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?\+00:00$/)
  const events = fido.collectEvents()
  t.equal(events.length, 3)
  t.strictSame([fido.pendingEvents.length, fido.collectEvents().length, fido.version], [0, 0, 3])
  const again = Dog.replay(events)
  t.ok(again.equals(fido))
  t.strictSame(
    [again.id, again.version, again.createdOn, again.modifiedOn],
    [fido.id, 3, fido.createdOn, fido.modifiedOn],
  )
  t.strictSame(again.pendingEvents, [])
  again.addTrick('fetch ball')
  t.strictSame(names(again.pendingEvents), ['4 TrickAdded'])
  t.notOk(again.equals(fido))
  t.strictSame(fido.tricks, ['roll over', 'play dead'], 'nothing is shared')
})

t.test('an event cannot be changed, and shares nothing with its arguments', async (t) => {
  @event('Registered')
  class Kennel extends Aggregate {
    readonly plans: object[] = []
    @event('Planned')
    plan(plan: { days: number[] }) {
      this.plans.push(plan)
    }
  }
  const kennel = new Kennel()
  const plan = { days: [1] }
  kennel.plan(plan)
  plan.days.push(2)
  const planned = kennel.pendingEvents[1] as DomainEvent
  t.strictSame(planned.payload, { plan: { days: [1] } })
  t.strictSame(kennel.plans, [{ days: [1] }], 'nor does the state share it')
  t.throws(() => Object.assign(planned.payload, { plan: 1 }), TypeError)
  t.throws(() => (planned.payload.plan as typeof plan).days.push(3), TypeError)
  t.throws(() => Object.assign(planned, { version: 9 }), TypeError)
})

t.test('a method that throws records nothing and leaves nothing', async (t) => {
  const fresh = () => new Dog('Fido')
  const saved = async () => {
    const school = new Application()
    const dog = new Dog('Fido')
    dog.bite('ball', false)
    await school.save(dog)
    return dog
  }
  const loaded = async () => {
    const school = new Application()
    const dog = new Dog('Fido')
    dog.bite('ball', false)
    await school.save(dog)
    await school.repository.get(Dog, dog.id)
    return school.repository.get(Dog, dog.id)
  }
  for (const make of [fresh, saved, loaded]) {
    const fido = await make()
    fido.addTrick('sit')
    const [before, version] = [state(fido), fido.version]
    t.throws(
      () => fido.addTrick(''),
      { name: 'RangeError', message: 'a trick has a name' },
      `${make.name}: the error is the body's own`,
    )
    t.throws(() => fido.bite('ball', true), { message: 'half-way' })
    t.throws(() => fido.giveShow(''), RangeError)
    t.strictSame([state(fido), fido.version], [before, version])
    fido.bite('ball', false)
    t.equal(fido.version, version + 1)
  }
  const fido = fresh()
  t.throws(() => fido.bite('ball', true))
  fido.bite('ball', false)
  t.ok(Dog.replay(fido.collectEvents()).equals(fido))
})

t.test('where state is hidden, an aggregate in doubt refuses to go on', async (t) => {
  @event('Opened')
  class Account extends Aggregate {
    #balance = 0
    @event('Paid')
    pay(amount: number) {
      this.#balance += amount
      if (amount < 0) throw new Error('no')
    }
    get balance() {
      return this.#balance
    }
  }
  const account = new Account()
  account.pay(1)
  t.throws(() => account.pay(-1), { message: 'no' })
  t.throws(() => account.pay(1), { code: 'HALF_APPLIED' })
  t.throws(() => account.collectEvents(), { code: 'HALF_APPLIED' })
  const school = new Application()
  await t.rejects(async () => school.save(account), { code: 'HALF_APPLIED' })
  t.equal(await school.notificationLog.max(), 0)
})

t.test('state in a WeakMap that a replay goes on from puts an aggregate in doubt', async (t) => {
  const lists = new WeakMap<object, string[]>()
  const listOf = (dog: object) => lists.get(dog) ?? (lists.set(dog, []).get(dog) as string[])
  @event('Registered')
  class Dog extends Aggregate {
    @event('TrickAdded')
    addTrick(trick: string) {
      listOf(this).push(trick)
      if (trick === '') throw new Error('no')
    }
  }
  @event('Registered')
  class TidyDog extends Aggregate {
    readonly begun = lists.set(this, []) !== undefined
    @event('TrickAdded')
    addTrick(trick: string) {
      listOf(this).push(trick)
      if (trick === '') throw new Error('no')
    }
  }
  const [lazy, tidy] = [new Dog(), new TidyDog()]
  for (const dog of [lazy, tidy]) {
    dog.addTrick('sit')
    t.throws(() => dog.addTrick(''), { message: 'no' })
  }
  t.throws(() => lazy.addTrick('beg'), { code: 'HALF_APPLIED', message: /WeakMap/ })
  tidy.addTrick('beg')
  t.strictSame(lists.get(tidy), ['sit', 'beg'], 'what a constructor fills is filled anew')
})

t.test('an aggregate in doubt keeps its fields, and says why it is', async (t) => {
  @event('Opened')
  class Account extends Aggregate {
    readonly #payments: number[] = []
    balance = 5
    @event('Closed')
    close(how: 'freeze' | 'seal' | 'preventExtensions') {
      const close: (self: object) => object = Object[how]
      close(this)
    }
    @event('Fixed')
    fix() {
      Object.defineProperty(this, 'owner', { value: 'ann' })
    }
    @event('Paid')
    pay(amount: number) {
      this.#payments.push(amount)
      if (Object.isExtensible(this)) Object.assign(this, { last: amount })
      throw new Error('no')
    }
  }
  const [open, frozen, sealed, stiff, fixed] = Array.from({ length: 5 }, () => new Account())
  frozen?.close('freeze')
  sealed?.close('seal')
  stiff?.close('preventExtensions')
  fixed?.fix()
  for (const [account, why] of [
    [open, /#private/],
    [frozen, /frozen/],
    [sealed, /frozen/],
    [stiff, /frozen/],
    [fixed, /a field is frozen/],
  ] as const) {
    t.throws(() => account?.pay(7), { message: 'no' })
    t.throws(() => account?.pay(7), { code: 'HALF_APPLIED', message: why })
    t.equal(account?.balance, 5)
  }
  t.same(open, { balance: 5, last: 7 }, 'as the method left it')
})

t.test('an event method inside another only applies', async (t) => {
  const fido = new Dog('Fido')
  fido.giveShow('roll over')
  t.strictSame(names(fido.pendingEvents), ['1 Registered', '2 ShowGiven'])
  t.strictSame(fido.tricks, ['roll over', 'roll over again'])
  t.ok(Dog.replay(fido.collectEvents()).equals(fido))
})

t.test('a constructor may call an event method: it only applies, too', async (t) => {
  @event('Born')
  class Puppy extends Aggregate {
    readonly tricks: string[] = []
    constructor(first: string) {
      super()
      this.learn(first)
    }
    @event('Learnt')
    learn(trick: string) {
      this.tricks.push(trick)
    }
  }
  const puppy = new Puppy('sit')
  puppy.learn('roll over')
  t.strictSame(names(puppy.pendingEvents), ['1 Born', '2 Learnt'])
  t.strictSame(Puppy.replay(puppy.collectEvents()).tricks, ['sit', 'roll over'])
})

t.test('a constructor that throws leaves the next one alone', async (t) => {
  @event('Born')
  class Picky extends Aggregate {
    constructor(readonly name: string) {
      super()
      if (name === '') throw new Error('no name')
    }
  }
  t.throws(() => new Picky(''), { message: 'no name' })
  t.strictSame(names(new Picky('Rex').pendingEvents), ['1 Born'])
})

t.test('a replay refuses what is not the history of one such aggregate', async (t) => {
  const [fido, rex] = [new Dog('Fido'), new Dog('Rex')]
  fido.addTrick('sit')
  rex.addTrick('sit')
  const [born, learnt] = fido.pendingEvents as [DomainEvent, DomainEvent]
  const refused = { code: 'EVENT_MISMATCH' }
  t.throws(() => Dog.replay([]), refused)
  t.throws(() => Dog.replay([learnt]), refused)
  t.throws(() => Dog.replay([born, born]), refused)
  t.throws(() => Dog.replay([born, rex.pendingEvents[1] as DomainEvent]), refused)
  t.throws(() => Dog.replay([born, learnt, learnt]), refused)
  t.throws(() => Dog.replay([born, { ...learnt, name: 'Flown' } as DomainEvent]), {
    ...refused,
    message: /^Version 2 of \w+ is a Flown, but Dog has no @event\('Flown'\)/,
  })
  @event('Registered')
  class Cat extends Aggregate {
    constructor(readonly name: string) {
      super()
    }
  }
  t.throws(() => Cat.replay([born, learnt]), { ...refused, message: /is an event of a Dog: call Dog.replay/ })
  t.throws(() => Cat.replay([born]), refused)
  t.equal(Cat.replay([{ ...born } as DomainEvent]).name, 'Fido', 'a copy is of no class')
  class Pup extends Cat {}
  t.ok(Cat.replay(new Pup('Tom').pendingEvents) instanceof Pup)
  t.throws(() => Pup.replay(new Cat('Tom').pendingEvents), refused)
  t.ok(new Dog('still fine').version === 1)
})

t.test('ids: random, or of one’s own choice', async (t) => {
  @event('Opened')
  class Shelf extends Aggregate {
    constructor(
      readonly label: string,
      id: string,
    ) {
      super({ id })
    }
  }
  t.equal(new Shelf('a', 'shelf:a').id, 'shelf:a')
  t.equal(new Shelf('a', '123E4567-E89B-12D3-A456-426614174000').id, '123e4567e89b12d3a456426614174000')
  t.throws(() => new Shelf('a', ''), /An id must be a non-empty string, not ''/)
  t.throws(() => new Shelf('a', 7 as never), /An id must be a non-empty string, not number/)
  t.equal(Shelf.replay(new Shelf('a', 'shelf:a').collectEvents()).id, 'shelf:a')
})

t.test('what a person sees', async (t) => {
  const fido = new Dog('Fido')
  fido.addTrick('sit')
  t.match(inspect(fido), /^Dog \{\s+id: '[0-9a-f]{32}',\s+version: 2,\s+name: 'Fido',\s+tricks: \[ 'sit' \],/)
  t.match(inspect(fido), /pendingEvents: 2/)
  t.match(
    inspect(fido.pendingEvents[1]),
    /^DomainEvent \{\s+name: 'TrickAdded',\s+payload: \{ trick: 'sit' \},\s+aggregateId:/,
  )
  t.match(inspect([[[fido]]]), /\[Dog [0-9a-f]{32}\]/)
})

t.test('equality is class, id, version and state', async (t) => {
  const fido = new Dog('Fido')
  const events = fido.collectEvents()
  const [one, two] = [Dog.replay(events), Dog.replay(events)]
  t.ok(one.equals(two))
  one.toys.set('ball', { bites: 1 })
  t.notOk(one.equals(two))
  t.notOk(one.equals(new Dog('Fido')))
  for (const other of [undefined, null, {}, 'Fido']) t.notOk(one.equals(other))
})

t.test('equality sees what is in no field, whether it is frozen, and the end of a chain', (t) => {
  @event('Opened')
  class Box extends Aggregate {
    held: unknown
  }
  const given = new Box().collectEvents()
  const equal = (one: unknown, two: unknown) => {
    const boxes = [Box.replay(given), Box.replay(given)] as const
    boxes[0].held = [one]
    boxes[1].held = [two]
    return boxes[0].equals(boxes[1])
  }
  const chain = (end: number) => {
    let link: object = { end }
    for (let i = 0; i < 50_000; i++) link = { link }
    return link
  }
  const buffer = (n: number) => new Uint8Array([1, n]).buffer
  for (const [what, make] of Object.entries({
    buffer,
    view: (n: number) => new DataView(buffer(n)),
    bytes: (n: number) => new Uint8Array(buffer(n)),
    url: (n: number) => new URL(`https://example.org/${n}`),
    number: (n: number) => Object(n) as object,
    text: (n: number) => Object(`${n}`) as object,
    truth: (n: number) => Object(n === 1) as object,
    big: (n: number) => Object(BigInt(n)) as object,
    date: (n: number) => new Date(n),
    pattern: (n: number) => new RegExp(`${n}`),
    chain,
    frozen: (n: number) => (n === 1 ? Object.freeze({}) : {}),
    closed: (n: number) => (n === 1 ? Object.seal({ a: 1 }) : Object.preventExtensions({ a: 1 })),
    getter: (n: number) => (n === 1 ? { a: 1 } : Object.defineProperty({}, 'a', { get: () => 1, enumerable: true })),
    sealed: (n: number) => (n === 1 ? Object.seal({ a: 1 }) : { a: 1 }),
    cycle: (n: number) => {
      const loop: unknown[] = [n]
      loop.push(loop)
      return loop
    },
  }))
    t.same([equal(make(1), make(1)), equal(make(1), make(2))], [true, false], what)
  const hidden: (() => object)[] = [
    () => new URLSearchParams('a=1'),
    () => new Headers({ a: '1' }),
    () => new Blob(['a']),
    () => new SharedArrayBuffer(1),
    () => new Intl.NumberFormat('en'),
    () => new WeakMap(),
  ]
  for (const make of hidden) t.notOk(equal(make(), make()), `${make}: what cannot be seen may be different`)
  class Tagged {
    readonly [Symbol.toStringTag] = 'Tagged'
  }
  for (const make of [() => new Tagged(), () => new Map(), () => new Set(), () => new URL('https://example.org')])
    t.ok(equal(make(), make()), `${make}`)
  t.end()
})
