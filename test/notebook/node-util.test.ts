/** What stands in for `node:util` in the worker: what Node shows, it shows. */
import * as node from 'node:util'
import { Aggregate, event } from 'dog-school'
import t from 'tap'
import * as browser from '../../src/notebook/worker/node-util'

@event('Registered')
class Dog extends Aggregate {
  readonly tricks: string[] = []
  constructor(readonly name: string) {
    super()
  }
}

t.test('values look as they do in Node', async (t) => {
  class Kennel {
    dogs = new Map([['fido', new Set([1n])]])
    #secret = 1
    get count() {
      return this.#secret
    }
  }
  const fido = new Dog('Fido')
  const values = {
    fido,
    'an event': fido.pendingEvents[0],
    Kennel,
    Dog,
    'among others': [{ Dog }, new Map([[Dog, fido.constructor]])],
    kennel: new Kennel(),
    'long lines': { names: ['Fido', 'Buster'], words: Array.from({ length: 30 }, (_, at) => `trick number ${at}`) },
    'deep things': { a: { b: { c: { d: { e: 1 } } } } },
    strings: ["it's", '"both"', 'two\nlines'],
    'nothing there': [undefined, null, Object.create(null), new Array(2)],
    functions: [() => 1, async function named() {}, Symbol('s')],
    dates: new Date(0),
    bytes: new Uint8Array([1, 2]),
  }
  const options = { depth: 4, breakLength: 72 }
  for (const [name, value] of Object.entries(values))
    t.equal(browser.inspect(value, options), node.inspect(value, options), name)
})

t.test('only what is shown is seen through', async (t) => {
  t.match(Dog.toString(), 'native code')
  const twice = new Proxy(Dog, {})
  t.equal(browser.inspect(twice), '[class Dog extends Aggregate]')
  const { proxy, revoke } = Proxy.revocable(class Cat {}, {})
  t.equal(new proxy().constructor.name, 'Cat')
  revoke()
})

t.test('what a value is', async (t) => {
  const { types } = browser
  t.strictSame([types.isPromise(Promise.resolve()), types.isPromise({})], [true, false])
  const like = Object.defineProperty({}, Symbol.toStringTag, { value: 'Module' })
  t.strictSame([types.isModuleNamespaceObject(like), types.isModuleNamespaceObject({})], [true, false])
})

t.test('the same values are equal as in Node, each compared with each', async (t) => {
  class Kennel {
    constructor(readonly dogs: unknown[]) {}
  }
  const circle: Record<string, unknown> = {}
  circle.own = circle
  const values = () => [
    ...[undefined, null, 0, -0, 1, Number.NaN, '', '1', 1n, true, Symbol.for('sit'), new Number(1), new String('1')],
    ...[[], [1], [1, 2], [2, 1], [undefined], new Array(1), ['1'], [[1]], Object.assign([1], { more: 1 })],
    ...[{}, { a: 1 }, { a: 1, b: 2 }, { b: 2, a: 1 }, { a: undefined }, { b: undefined }, { [Symbol.for('a')]: 1 }],
    ...[
      Object.create(null),
      Object.assign(Object.create(null), { a: 1 }),
      Object.defineProperty({}, 'a', { value: 1 }),
    ],
    ...[new Kennel([1]), new Kennel([2]), { dogs: [1] }, { a: { b: [new Kennel([])] } }, circle],
    ...[new Date(0), new Date(1), /a/, /a/g, new Error('no'), new TypeError('no'), new Error('yes')],
    ...[new Map(), new Map([[1, { a: 1 }]]), new Map([[{ a: 1 }, 1]]), new Map([[{ a: 2 }, 1]]), new Map([[1, 2]])],
    ...[new Set(), new Set([1, 2]), new Set([2, 1]), new Set([{ a: 1 }]), new Set([{ a: 2 }, { a: 2 }])],
    ...[
      new Uint8Array([1]),
      new Uint8Array([2]),
      new Int8Array([1]),
      new ArrayBuffer(1),
      new Uint8Array([1]).buffer,
      Math.max,
    ],
  ]
  const [ones, others] = [values(), values()]
  for (const one of ones)
    for (const other of [...others, one]) {
      const expected = node.isDeepStrictEqual(one, other)
      if (browser.isDeepStrictEqual(one, other) !== expected)
        t.equal(!expected, expected, `${node.inspect(one)} and ${node.inspect(other)}`)
    }
  t.ok(browser.isDeepStrictEqual(ones.slice(0, 40), others.slice(0, 40)))
})
