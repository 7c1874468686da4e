/** The values in an event are deeply frozen and come back equal, or are refused. */
import { isDeepStrictEqual } from 'node:util'
import {
  Aggregate,
  Application,
  defineEvent,
  event,
  InvalidPayloadError,
  MemoryRecorder,
  transcoding,
} from 'dog-school'
import t from 'tap'

// Newer engines have them.
for (const name of ['getOrInsert', 'getOrInsertComputed'])
  if (!(name in Map.prototype))
    Object.defineProperty(Map.prototype, name, { value: () => undefined, configurable: true, writable: true })

@event('Opened')
class Box extends Aggregate {
  held: unknown
  @event('Put')
  put(value: unknown) {
    this.held = value
  }
}

async function roundTrip(value: unknown): Promise<unknown> {
  const app = new Application(new MemoryRecorder(), { name: 'values', cacheSize: 0 })
  const box = new Box()
  box.put(value as never)
  await app.save(box)
  return (await app.repository.get(Box, box.id)).held
}

let deep: unknown = 'bottom'
for (let i = 0; i < 490; i++) deep = [deep]

t.test('comes back unchanged', async (t) => {
  for (const [what, value] of [
    ['-0', -0],
    ['a bigint', 2n ** 70n],
    ['a small bigint', 5n],
    ['16 MB of text with a run of digits', `1234567890123456${'x'.repeat(2 ** 24)}`],
    ['490 levels', deep],
    ['an own __proto__', JSON.parse('{"__proto__":{"n":1},"a":2}')],
    ['a Map with records as keys', new Map([[{ a: 1 }, new Set([new Date(5)])]])],
    ['bytes', new Uint8Array([0, 255])],
    ['a number beyond 2^53', 2 ** 60],
    ['a text that looks like JSON', '{"_type_":"map","_data_":1}'],
  ] as const)
    t.ok(isDeepStrictEqual(await roundTrip(value), value), what)
})

t.test('an object in a few places comes back in each, and one in too many is refused in time', async (t) => {
  class Pair {
    constructor(
      readonly one: unknown,
      readonly two: unknown,
    ) {}
  }
  const undo = transcoding<Pair, unknown[]>(Pair, {
    name: 'pair',
    encode: ({ one, two }) => [one, two],
    decode: ([one, two]) => new Pair(one, two),
  })
  const doubled = (levels: number, twice: (value: unknown) => unknown, wide: unknown = { n: 1 }) => {
    let value = wide
    for (let i = 0; i < levels; i++) value = twice(value)
    return value
  }
  const shared = { n: 1, list: [1, 2] }
  for (const value of [
    [shared, shared],
    doubled(8, (x) => [x, { x }]),
    new Array(50_000).fill(shared),
    new Array(100).fill(Array.from({ length: 2000 }, (_, i) => i)),
  ])
    t.ok(isDeepStrictEqual(await roundTrip(value), value))
  const numbers = Array.from({ length: 2000 }, (_, i) => i)
  const isRefused = (value: unknown, what: string) =>
    t.throws(() => new Box().put(value as never), { code: 'INVALID_PAYLOAD', message: /too many places/ }, what)
  for (const [what, wide] of Object.entries({
    'a list': numbers,
    'an object': Object.fromEntries(numbers.map((i) => [`n${i}`, i])),
    'a Map': new Map(numbers.map((i) => [i, i])),
    'a Set': new Set(numbers),
    bytes: new Uint8Array(numbers),
    'an instance of a class': new Pair(numbers, 1),
  }))
    isRefused(new Array(2000).fill(wide), what)
  isRefused(
    doubled(60, (x) => [x, new Pair(x, 1)], numbers),
    'in 2^60 places',
  )
  undo()
})

t.test('is refused at the call', async (t) => {
  class Odd extends Array {}
  const cyclic: Record<string, unknown> = {}
  cyclic.me = cyclic
  let bottomless: unknown = {}
  for (let i = 0; i < 3000; i++) bottomless = [bottomless]
  for (const [what, value] of [
    ['a symbol key', { [Symbol('x')]: 1 }],
    ['fields of a list', Object.assign([1], { label: 'x' })],
    ['a subclass of Array', new Odd()],
    ['a subclass of Map', new (class M extends Map {})()],
    ['a hidden field', Object.defineProperty({}, 'x', { value: 1 })],
    [
      'a getter',
      {
        get x() {
          return 1
        },
      },
    ],
    ['a hole', new Array(2)],
    ['NaN', Number.NaN],
    ['an invalid Date', [new Date(Number.NaN)]],
    ['a function', () => 1],
    ['a WeakMap', new WeakMap()],
    ['a promise', Promise.resolve()],
    ['a cycle', cyclic],
    ['3,000 levels', bottomless],
    ['undefined', undefined],
    ['a Map with a field', Object.assign(new Map(), { x: 1 })],
    ['a Map with a hidden field', Object.defineProperty(new Map(), 'x', { value: 1 })],
    ['what would be a stored type', { _type_: 'bigint', _data_: '5', left: undefined }],
    ['a Proxy of a Date', new Proxy(new Date(0), {})],
    ['only like a Map', Object.create(Map.prototype)],
    ['only like a Set', Object.create(Set.prototype)],
    ['only like bytes', Object.create(Uint8Array.prototype)],
    ['a class of the old style', Object.setPrototypeOf(new Map(), Object.create(Map.prototype))],
    ['an object of an object', Object.create({ a: 1 })],
  ] as const) {
    const box = new Box()
    t.throws(() => box.put(value as never), InvalidPayloadError, what)
    t.equal(box.version, 1, what)
  }
})

t.test('what is refused is named as its author knows it', async (t) => {
  const box = new Box()
  for (const [value, message] of [
    [Object.create({ a: 1 }), /an object without a class of its own.*pass \{ \.\.\.value \}/],
    [Object.setPrototypeOf(new Map(), Object.create(Map.prototype)), /an object without a class of its own/],
    [new Proxy(new Map(), {}), /is like a Map \(a Proxy/],
    [Number.NaN, / is NaN, .*use null or a string/],
    [[-Infinity], /\[0\] is -Infinity, .*use null or a string/],
  ] as const)
    t.throws(() => box.put(value as never), { message })
  t.throws(() => defineEvent('Put', ['_type_', '_data_']), { name: 'TypeError', message: /'_type_' is reserved/ })
  @event('Made')
  class Half extends Aggregate {
    static override readonly snapshotVersion = 1
    get twice() {
      return 2
    }
    size = Object.defineProperty({}, 'half', { get: () => 1, enumerable: true })
  }
  const app = new Application(undefined, { name: 'values' })
  const half = new Half()
  await app.save(half)
  await t.rejects(app.takeSnapshot(Half, half.id), { message: /^Half\.size\.half is a getter/ })
})

t.test('an event cannot be changed, and a body gets its own copies', async (t) => {
  const box = new Box()
  const given = { at: new Date(1), by: new Map([['a', [1]]]), set: new Set([1]), bytes: new Uint8Array([1]) }
  box.put(given)
  const { value } = box.pendingEvents.at(-1)!.payload as { value: typeof given }
  for (const change of [
    () => value.at.setTime(9),
    () => value.by.set('b', []),
    () => value.by.get('a')?.push(2),
    () => value.set.add(2),
    () => value.set.clear(),
    () => (value.by as unknown as { getOrInsert(key: string): void }).getOrInsert('c'),
    () => (value.by as unknown as { getOrInsertComputed(key: string): void }).getOrInsertComputed('c'),
    () => Object.assign(value, { at: new Date() }),
  ])
    t.throws(change, TypeError)
  value.bytes[0] = 9
  given.at.setTime(7)
  given.by.clear()
  t.same((Box.replay(box.pendingEvents).held as typeof given).bytes, new Uint8Array([1]))
  t.equal((box.held as typeof given).at.getTime(), 1)
})

t.test('a transcoding may use names that Python uses, be defined again, and be removed', async (t) => {
  const define = () =>
    class Dec {
      constructor(readonly text: string) {}
    }
  const [First, Second] = [define(), define()]
  const how = (Type: typeof First) => ({
    name: 'decimal_str',
    encode: ({ text }: InstanceType<typeof First>) => text,
    decode: (text: string) => new Type(text),
  })
  transcoding(First, how(First))
  t.ok((await roundTrip(new First('1.10'))) instanceof First)
  const takeBack = transcoding(Second, how(Second))
  t.ok((await roundTrip(new Second('1.10'))) instanceof Second)
  t.throws(
    () => transcoding(Date, { name: 'decimal_str', encode: String, decode: () => new Date() }),
    /already the stored name of Dec/,
  )
  t.throws(
    () => transcoding(class Big {}, { name: 'bigint', encode: String, decode: Object }),
    /'bigint' is already the stored name/,
  )
  takeBack()
  await t.rejects(roundTrip(new Second('1')), InvalidPayloadError)
})

t.test(
  'a transcoding whose instances are shared leaves them as they are; one that decodes to something else says so',
  async (t) => {
    class Level {
      static readonly all = new Map<string, Level>()
      uses = 0
      constructor(readonly name: string) {}
      static of(name: string) {
        const level = Level.all.get(name) ?? new Level(name)
        Level.all.set(name, level)
        return level
      }
    }
    const how = { name: 'level', encode: ({ name }: Level) => name, decode: (name: string) => Level.of(name) }
    const undoFirst = transcoding(Level, how)
    transcoding(Level, how)
    undoFirst()
    for (const value of [Level.of('high'), new Level('high')]) {
      t.equal(await roundTrip(value), Level.of('high'))
      Level.of('high').uses++
    }
    t.equal(Level.of('high').uses, 2)
    class Grams {
      constructor(readonly grams: number) {}
    }
    transcoding(Grams, { name: 'grams', encode: ({ grams }) => grams, decode: (grams) => grams as never })
    await t.rejects(roundTrip(new Grams(1)), {
      name: 'TypeError',
      message: /decode\(\) of 'grams' must return a Grams, not 1/,
    })
  },
)

t.test('a state may hold undefined, and no holes', async (t) => {
  @event('Born')
  class Shelf extends Aggregate {
    static override readonly snapshotVersion = 1
    slots: unknown[] = [undefined, 'a']
    last: string | undefined
    @event('Emptied')
    empty(slot: number) {
      delete this.slots[slot]
    }
  }
  const app = new Application(undefined, { name: 'shelves' })
  const shelf = new Shelf()
  await app.save(shelf)
  await app.takeSnapshot(Shelf, shelf.id)
  const loaded = await new Application(app.recorder, { name: 'shelves' }).repository.get(Shelf, shelf.id)
  t.ok(loaded.equals(shelf))
  t.strictSame(Object.keys(loaded), ['slots', 'last'])
  shelf.empty(0)
  await app.save(shelf)
  await t.rejects(app.takeSnapshot(Shelf, shelf.id), { code: 'INVALID_PAYLOAD', message: /slots\[0\] is a hole/ })
})

t.test('a body that returns a promise goes on after its event, so the aggregate is in doubt', async (t) => {
  @event('Born')
  class Slow extends Aggregate {
    n = 0
    @event('Added')
    add(by: number): unknown {
      return Promise.resolve().then(() => {
        this.n += by
      })
    }
  }
  const slow = new Slow()
  t.throws(() => slow.add(1), { name: 'TypeError', message: /returned a promise/ })
  t.throws(() => slow.collectEvents(), { code: 'HALF_APPLIED' })
})
