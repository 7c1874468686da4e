/** Snapshots start a replay late and never change what comes out of it; upcasts bring old events up to date. */
import {
  Aggregate,
  Application,
  defineEvent,
  event,
  events,
  MemoryRecorder,
  type StreamQuery,
  transcoding,
} from 'dog-school'
import t from 'tap'
import { z } from 'zod'

/** Counts the events that are read. */
class CountingRecorder extends MemoryRecorder {
  reads = 0
  override async select(id: string, query?: StreamQuery) {
    const found = await super.select(id, query)
    this.reads += found.length
    return found
  }
}

@event('Registered')
class Dog extends Aggregate {
  static override readonly snapshotVersion: number = 1
  readonly tricks = new Map<string, Date>()
  constructor(readonly name: string) {
    super()
  }
  @event('TrickAdded')
  addTrick(trick: string, when: Date) {
    this.tricks.set(trick, when)
  }
}

async function school(events: number, every?: number) {
  const recorder = new CountingRecorder()
  const snapshotEvery = new Map(every ? [[Dog, every]] : [])
  const kennel = new Application(recorder, { cacheSize: 0, snapshotEvery })
  const fido = new Dog('Fido')
  for (let i = 2; i <= events; i++) {
    fido.addTrick(`trick ${i}`, new Date(i))
    await kennel.save(fido)
  }
  return { recorder, kennel, fido }
}

t.test('by hand: the replay starts there, and comes to the same', async (t) => {
  const { recorder, kennel, fido } = await school(10)
  await kennel.takeSnapshot(Dog, fido.id, { version: 4 })
  await kennel.takeSnapshot(Dog, fido.id)
  recorder.reads = 0
  const loaded = await kennel.repository.get(Dog, fido.id)
  t.ok(loaded.equals(fido))
  t.strictSame([loaded.createdOn, loaded.modifiedOn], [fido.createdOn, fido.modifiedOn])
  t.equal(recorder.reads, 0)
  t.equal((await kennel.repository.get(Dog, fido.id, { version: 6 })).tricks.size, 5)
  t.equal(recorder.reads, 2)
  t.equal((await kennel.repository.get(Dog, fido.id, { version: 3 })).tricks.size, 2)
  loaded.addTrick('new', new Date(0))
  await kennel.save(loaded)
  t.ok((await kennel.repository.get(Dog, fido.id)).equals(loaded))
})

t.test('by themselves, after so many versions', async (t) => {
  const { recorder, fido } = await school(10, 4)
  t.equal((await recorder.snapshot(fido.id))?.version, 8)
  t.equal((await recorder.snapshot(fido.id, 7))?.version, 4)
})

t.test('a subclass is due as the class that it extends; a number that is none is refused', async (t) => {
  class Puppy extends Dog {}
  class Young extends Puppy {}
  const kennel = new Application(undefined, {
    aggregates: [Puppy, Young],
    snapshotEvery: [
      [Dog, 2],
      [Puppy, 3],
    ],
  })
  for (const [type, version] of [
    [Dog, 4],
    [Puppy, 3],
    [Young, 3],
  ] as const) {
    const dog = new type('Fido')
    for (let i = 2; i <= 5; i++) {
      dog.addTrick('sit', new Date(i))
      await kennel.save(dog)
    }
    t.equal((await kennel.recorder.snapshot(dog.id))?.version, version, type.name)
  }
  for (const every of [0, -1, Number.NaN, 1.5])
    t.throws(() => new Application(undefined, { snapshotEvery: [[Dog, every]] }), {
      name: 'TypeError',
      message: /from 1 up.*Dog/,
    })
})

t.test('one that other code has made, or that cannot be read, is left aside', async (t) => {
  const { recorder, kennel, fido } = await school(3)
  await kennel.takeSnapshot(Dog, fido.id)
  const kept = await recorder.snapshot(fido.id)
  const tampered = String(kept?.state).replace('trick 2', 'forged')
  for (const state of [tampered.replace('"snapshotVersion":1', '"snapshotVersion":2'), '{', '[]', 'null', '']) {
    await recorder.saveSnapshot({ ...(kept as NonNullable<typeof kept>), state })
    t.ok((await kennel.repository.get(Dog, fido.id)).equals(fido))
  }
  await recorder.saveSnapshot({ ...(kept as NonNullable<typeof kept>), topic: 'eventsourcing.domain:Snapshot' })
  t.ok((await kennel.repository.get(Dog, fido.id)).equals(fido))
})

t.test('an event of a former version is brought up to date, a step at a time', async (t) => {
  const recorder = new MemoryRecorder()
  const first = () => {
    @event('Born')
    class Dog extends Aggregate {
      @event('TrickAdded') addTrick(name: string) {
        return name
      }
    }
    return Dog
  }
  const third = () => {
    @event('Born')
    class Dog extends Aggregate {
      tricks: string[] = []
      @event(
        defineEvent('TrickAdded', z.object({ trick: z.string(), level: z.number() }), {
          upcasts: [({ name, ...rest }) => ({ trick: name, ...rest }), (payload) => ({ ...payload, level: 1 })],
        }),
      )
      addTrick(trick: string, level: number) {
        this.tricks.push(`${trick} ${level}`)
      }
    }
    return Dog
  }
  const [Old, New] = [first(), third()]
  const dog = new Old()
  dog.addTrick('sit')
  await new Application(recorder).save(dog)
  const school = new Application(recorder, { aggregates: [New] })
  const now = await school.repository.get(New, dog.id)
  t.strictSame(now.tricks, ['sit 1'])
  now.addTrick('roll over', 3)
  await school.save(now)
  t.match((await recorder.select(dog.id))[2]?.state, /"trick":"roll over","level":3,"class_version":3\}$/)
  t.strictSame((await school.repository.get(New, dog.id)).tricks, ['sit 1', 'roll over 3'])
  await t.rejects(new Application(recorder, { aggregates: [Old] }).repository.get(Old, dog.id), {
    code: 'CORRUPT_EVENT',
    message: /class version 3.*newer code/,
  })
})

t.test('no snapshot is taken of state that is not in the object', async (t) => {
  const attic = new WeakMap<object, string[]>()
  const drawers = new WeakMap<object, string[]>()
  @event('Born')
  class Lazy extends Aggregate {
    static override readonly snapshotVersion = 1
    @event('TrickAdded')
    add(trick: string) {
      attic.set(this, [...this.tricks, trick])
    }
    get tricks() {
      return attic.get(this) ?? []
    }
  }
  // What compilers make of `#tricks: string[] = []` for older engines.
  @event('Born')
  class Lowered extends Aggregate {
    static override readonly snapshotVersion = 1
    constructor() {
      super()
      drawers.set(this, [])
    }
    @event('TrickAdded')
    add(trick: string) {
      this.tricks.push(trick)
    }
    get tricks() {
      const tricks = drawers.get(this)
      if (tricks) return tricks
      throw new TypeError('Cannot read private member from an object whose class did not declare it')
    }
  }
  // The key may be anything in the state.
  const shelves = new WeakMap<object, string[]>()
  @event('Born')
  class Shelved extends Aggregate {
    static override readonly snapshotVersion = 1
    inside = new Map([['shelf', [{}]]])
    seen = new Date(0)
    @event('TrickAdded')
    add(trick: string) {
      shelves.set(this.shelf, [...this.tricks, trick])
    }
    get shelf() {
      return this.inside.get('shelf')?.[0] as object
    }
    get tricks() {
      return shelves.get(this.shelf) ?? []
    }
  }
  for (const type of [Lazy, Lowered, Shelved]) {
    const heard: string[] = []
    const school = new Application(undefined, {
      snapshotEvery: [[type, 5]],
      onProblem: ({ message }) => heard.push(message),
    })
    const dog = new type()
    for (let i = 1; i <= 20; i++) {
      dog.add(`${i}`)
      await school.save(dog)
      t.equal((await school.repository.get(type, dog.id)).tricks.length, i)
    }
    t.match(heard, [/(state in|the key of) a WeakMap/])
    t.equal(heard.length, 1)
    t.equal(await school.recorder.snapshot(dog.id), undefined)
    const { set } = WeakMap.prototype
    await t.rejects(school.takeSnapshot(type, dog.id), /WeakMap/)
    t.equal(WeakMap.prototype.set, set)
  }
})

t.test("WeakMaps with other keys than the state are in nobody's way", async (t) => {
  const private_ = new WeakMap<object, number>()
  class Coin {
    constructor(worth: number) {
      private_.set(this, worth)
    }
    get worth() {
      return private_.get(this) as number
    }
  }
  transcoding<Coin, number>(Coin, { name: 'coin', encode: ({ worth }) => worth, decode: (worth) => new Coin(worth) })
  @event('Opened')
  class Bank extends Aggregate {
    static override readonly snapshotVersion = 1
    coins: Coin[] = []
    on = new Date(0)
    @event('Paid')
    pay(coin: Coin, on: Date) {
      this.coins.push(new Coin(coin.worth))
      this.on = on
    }
  }
  const app = new Application(undefined, { name: 'bank' })
  const bank = new Bank()
  for (let i = 1; i <= 20; i++) bank.pay(new Coin(i), new Date(i))
  await app.save(bank)
  await app.takeSnapshot(Bank, bank.id)
  const cold = await new Application(app.recorder, { name: 'bank', aggregates: [Bank] }).repository.get(Bank, bank.id)
  t.equal(cold.coins[19]?.worth, 20)
  cold.pay(new Coin(21), new Date(21))
  await app.save(cold)
  await app.takeSnapshot(Bank, bank.id)
  t.equal((await app.recorder.snapshot(bank.id))?.version, 22)
})

t.test('what its transcoding finds again, as of an enumeration, may be in two places', async (t) => {
  class Currency {
    static readonly all = new Map<string, Currency>()
    static of(name: string) {
      const found = Currency.all.get(name) ?? new Currency(name)
      Currency.all.set(name, found)
      return found
    }
    constructor(readonly name: string) {}
  }
  class Price {
    constructor(public amount: number) {}
  }
  transcoding<Currency, string>(Currency, { name: 'currency', encode: ({ name }) => name, decode: Currency.of })
  transcoding<Price, number>(Price, {
    name: 'price',
    encode: ({ amount }) => amount,
    decode: (amount) => new Price(amount),
  })
  @event('Opened')
  class Account extends Aggregate {
    static override readonly snapshotVersion = 1
    first = Currency.of('EUR')
    all = [Currency.of('EUR')]
    prices: Price[] = []
    @event('Added')
    add(currency: Currency) {
      this.all.push(currency)
    }
    @event('Priced')
    price(price: Price) {
      this.prices.push(price, price)
    }
  }
  const app = new Application(undefined, { name: 'bank' })
  const account = new Account()
  account.add(Currency.of('USD'))
  account.add(Currency.of('USD'))
  await app.save(account)
  await app.takeSnapshot(Account, account.id)
  t.equal((await app.recorder.snapshot(account.id))?.version, 3)
  const cold = new Application(app.recorder, { name: 'bank', aggregates: [Account] })
  const loaded = await cold.repository.get(Account, account.id)
  t.ok(loaded.equals(account))
  t.equal(loaded.all[1], Currency.of('USD'))
  account.price(new Price(1))
  await app.save(account)
  await t.rejects(app.takeSnapshot(Account, account.id), /used in two places/, 'but not what it makes anew')
})

t.test('fields come back as they were: frozen ones are refused, and no setter is called', async (t) => {
  class Painted extends Aggregate {
    set hue(_: number) {
      throw new Error('a setter was called')
    }
    get hue() {
      return undefined as never
    }
  }
  const Order = events(
    class Order extends Painted {
      static override readonly snapshotVersion = 1
      lines: string[] = []
      add(line: string) {
        this.lines.push(line)
      }
      close(how: string) {
        if (how === 'lines') Object.freeze(this.lines)
        if (how === 'a field') Object.defineProperty(this, 'lines', { writable: false })
        if (how === 'itself') Object.preventExtensions(this)
        if (how === 'sealed') this.lines = Object.seal({ length: 1 }) as never
        if (how === 'a Map') this.lines = Object.freeze(new Map()) as never
        for (const [name, value] of how === 'names'
          ? [
              ['hue', 2],
              ['version', 99],
              ['__proto__', {}],
            ]
          : [])
          Object.defineProperty(this, name as string, { value, writable: true, enumerable: true, configurable: true })
      }
    },
    { constructor: 'Opened', add: 'Added', close: 'Closed' },
  )
  for (const how of ['lines', 'a field', 'itself', 'sealed', 'a Map', 'names', 'not at all']) {
    const shop = new Application(undefined, { name: 'shop' })
    const order = new Order()
    order.add('one')
    order.close(how)
    await shop.save(order)
    const taken = shop.takeSnapshot(Order, order.id)
    if (/^n/.test(how)) await taken
    else await t.rejects(taken, { code: 'INVALID_PAYLOAD', message: /frozen or sealed.*do not freeze|read-only/ }, how)
    const loaded = await new Application(shop.recorder, { name: 'shop' }).repository.get(Order, order.id)
    t.same(Object.getOwnPropertyDescriptors(loaded), Object.getOwnPropertyDescriptors(order), how)
    t.ok(loaded instanceof Order)
  }
})
