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

t.test('what a value is', async (t) => {
  const { types } = browser
  t.strictSame([types.isPromise(Promise.resolve()), types.isPromise({})], [true, false])
  const like = Object.defineProperty({}, Symbol.toStringTag, { value: 'Module' })
  t.strictSame([types.isModuleNamespaceObject(like), types.isModuleNamespaceObject({})], [true, false])
})
