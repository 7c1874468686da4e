/** Test files as learners may write them: what tap has for them, right, failing, endless and going wrong late. */

/** The body of a test, after `import t from 'tap'` and `import { Dog } from './dog'`; by name. */
const bodies: Readonly<Record<string, string>> = {
  // Assertions that pass.
  'what is equal': `
    t.equal(1, 1); t.not(1, 2); t.ok('x'); t.notOk(0); t.pass('yes'); t.type(new Dog('Fido'), Dog); t.type('', 'string')
    t.same({ a: '1' }, { a: 1 }); t.notSame([1], [2]); t.strictSame({ a: [1] }, { a: [1] }); t.strictNotSame(1, '1')`,
  'what has and matches': `
    t.has({ a: 1, b: 2 }, { a: 1 }); t.notHas({ a: 1 }, { b: 1 }); t.hasStrict({ a: 1, b: 2 }, { a: 1 })
    t.notHasStrict({ a: 1 }, { a: '1' }); t.match({ a: 'play dead' }, { a: /dead/ }); t.notMatch('a', /b/)
    t.matchOnly({ a: 1 }, { a: Number }); t.notMatchOnly({ a: 1, b: 1 }, { a: 1 }); t.matchStrict({ a: 1 }, { a: 1 })
    t.notMatchStrict({ a: '1' }, { a: 1 }); t.matchOnlyStrict({ a: 1 }, { a: 1 }); t.notMatchOnlyStrict({ a: 1 }, { a: '1' })`,
  'what throws and rejects': `
    t.throws(() => { throw new TypeError('no') }, TypeError); t.throws(() => { throw new Error('no') }, { message: 'no' })
    t.throws(() => { throw new Error('no') }, /no/, 'said'); t.doesNotThrow(() => {}); t.error(null)
    t.test('later', async (t) => {
      await t.rejects(Promise.reject(new Error('no')), { message: 'no' })
      await t.rejects(async () => { throw new Error('no') })
      await t.resolves(Promise.resolve(1)); await t.resolveMatch(Promise.resolve({ a: 1 }), { a: Number })
    })`,
  'what is emitted': `
    const { EventEmitter } = require('node:events')
    t.test('at once', async (t) => { const one = new EventEmitter(); t.emits(one, 'bark'); one.emit('bark') })
    t.test('never', async (t) => { t.emits(new EventEmitter(), 'bark', 'a bark') })
    t.test('of the web', async (t) => { const one = new EventTarget(); t.emits(one, 'bark'); one.dispatchEvent(new Event('bark')) })`,

  // Assertions that fail: the first one counts.
  'not equal': `t.test('numbers', async (t) => { t.equal(1, 1); t.equal(1, 2); t.equal(3, 4) })`,
  'not equal, with a message': `t.equal('Fido', 'Buster', 'the name')`,
  'not equal at all': `t.not(1, 1)`,
  'not identical': `t.equal(new Dog('Fido'), new Dog('Fido')); t.equal([], [])`,
  'not the same list': `const fido = new Dog('Fido'); fido.addTrick('roll over')
    t.strictSame(fido.tricks, ['roll over', 'play dead'])`,
  'not the same at all': `t.same({ a: 1, b: [1, 2, { c: 3 }] }, { a: 2, b: [1, 2, { c: 4 }], d: 5 })`,
  'not the same kind': `t.strictSame(1, '1')`,
  'the same after all': `t.notSame({ a: 1 }, { a: '1' }); t.strictNotSame([1], [1])`,
  'not the same text': `t.equal('one\\ntwo\\nthree', 'one\\n2\\nthree')`,
  'not the same values of all kinds': `
    const found = { map: new Map([['a', new Set([1])]]), date: new Date(0), re: /a/g, big: 1n, sign: Symbol('s'),
      none: null, fn: function bark() {}, minus: -0, nan: NaN, dog: new Dog('Fido'), error: new TypeError('no'),
      bytes: new Uint8Array([1, 2]), emoji: '🐕', get tricks() { return ['x'] }, long: 'woof '.repeat(40), hole: [1, , 2] }
    t.strictSame(found, { ...found, map: new Map([['a', new Set([2])]]), date: new Date(1), re: /b/, big: 2n, none: undefined })`,
  'not the same circle': `const one: any = { name: 'one' }; one.self = one; const two: any = { name: 'two' }; two.self = two
    t.strictSame(one, two)`,
  'not the same bytes': `t.same(Buffer.from('Fido'), Buffer.from('Buster'))`,
  'does not have': `t.has({ a: 1 }, { a: 1, b: 2 })`,
  'does have': `t.notHas({ a: 1 }, { a: 1 }); t.notHasStrict({ a: 1 }, { a: 1 })`,
  'does not match': `t.match({ name: 'Fido', tricks: [] }, { name: /^B/, tricks: Array })`,
  'does match': `t.notMatch('abc', /b/)`,
  'matches more': `t.matchOnly({ a: 1, b: 2 }, { a: 1 })`,
  'matches more, strictly': `t.matchOnlyStrict({ a: 1, b: 2 }, { a: 1 })`,
  'not true': `const fido = new Dog('Fido'); t.ok(fido.tricks.includes('roll over'), 'knows it')`,
  'not false': `t.notOk(new Dog('Fido').tricks)`,
  'not of this type': `t.type(new Dog('Fido'), 'Cat'); t.type(1, String)`,
  'does not throw': `t.throws(() => new Dog('Fido').addTrick('x'))`,
  'throws another': `t.throws(() => { throw new TypeError('no') }, new RangeError('yes'), 'an error')`,
  'does throw': `t.doesNotThrow(() => { throw new TypeError('no') })`,
  'is an error': `t.error(new TypeError('no'), 'no error')`,
  'does not reject': `t.test('late', async (t) => { await t.rejects(Promise.resolve(1)); await t.rejects(1 as any) })`,
  'rejects another': `t.test('late', async (t) => { await t.rejects(Promise.reject(new Error('a')), { message: 'b' }) })`,
  'does not resolve': `t.test('late', async (t) => { await t.resolves(Promise.reject(new Error('no'))) })`,
  'resolves to another': `t.test('late', async (t) => { await t.resolveMatch(Promise.resolve({ a: 1 }), { a: 2 }) })`,
  fails: `t.fail(); t.fail('why', { extra: 1 })`,
  'has no picture yet': `t.test('picture', async (t) => { t.snapshotFile = '/pictures.cjs'; t.matchSnapshot({ a: 1 }, 'dog') })`,

  // Errors that are thrown.
  'throws in a test': `t.test('outer', async (t) => { t.ok(1); t.test('inner', (t) => { (null as any).x; t.end() }) })`,
  'throws at the top': `t.equal(1, 1); (undefined as any).tricks; t.equal(2, 2)`,
  'throws no error': `t.test('a', () => { throw 'text' }); t.test('b', async () => { throw null }); t.test('c', () => { throw { a: 1 } })`,
  'throws with a cause': `t.test('a', () => { throw new Error('outer', { cause: new TypeError('inner') }) })`,
  'throws many': `t.test('a', async () => { await Promise.any([Promise.reject(new Error('one')), Promise.reject(2)]) })`,
  'throws an error of its own': `class Bark extends Error { name = 'Bark'; loud = true; code = 'E_BARK' }
    t.test('a', async () => { throw new Bark('woof\\nwoof') })`,
  'is no function': `t.test('a', async (t) => { (t as any).isEqual(1, 1) })`,
  'is not defined': `t.test('a', async (t) => { t.equal((globalThis as any).fido ?? fiddo, 1) }); declare const fiddo: any`,
  'calls what fails': `const look = (t: any) => { t.equal(1, 2) }
    t.test('a', async (t) => { look(t) })`,

  // Assertions of Node's own.
  'assert: not equal': `const assert = require('node:assert'); t.test('a', async () => { assert.equal(1, 2) })`,
  'assert: not identical': `const assert = require('node:assert'); t.test('a', async () => { assert.strictEqual('a', 'b') })`,
  'assert: not true': `const assert = require('node:assert'); t.test('a', async () => { assert(1 > 2) }); t.pass()`,
  'assert: not the same': `const assert = require('node:assert')
    t.test('a', async () => { assert.deepStrictEqual({ tricks: ['roll over'] }, { tricks: ['roll over', 'play dead'] }) })`,
  'assert: does not throw': `const assert = require('node:assert'); t.test('a', async () => { assert.throws(() => {}) })`,
  'assert: throws another': `const assert = require('node:assert')
    t.test('a', async () => { assert.throws(() => { throw new Error('a') }, { message: 'b' }) })`,
  'assert: passes': `const assert = require('node:assert')
    assert.ok(1); assert.deepEqual([1], ['1']); assert.notDeepStrictEqual(1, 2); assert.match('a', /a/); t.pass()`,

  // Plans and ends.
  planned: `t.plan(2); t.ok(1); t.test('inner', (t) => { t.plan(1); setTimeout(() => t.ok(1), 5) })`,
  'planned too few': `t.test('a', (t) => { t.plan(1); t.ok(1); t.ok(2) })`,
  'planned too few, in promises': `t.test('a', async (t) => { t.plan(1); t.ok(1); await null; t.ok(2) })`,
  'planned too many': `t.test('a', (t) => { t.plan(3); t.ok(1) })`,
  'planned too many, in promises': `t.test('a', async (t) => { t.plan(3); t.ok(1) })`,
  'planned nothing': `t.test('a', async (t) => { t.plan(0, 'not today') }); t.pass()`,
  'planned too many at the top': `t.plan(2); t.ok(1)`,
  'ended twice': `t.test('a', (t) => { t.ok(1); t.end(); t.end() })`,
  'asserts after the end': `t.test('a', (t) => { t.end(); t.ok(1) })`,
  'asserts long after the end': `t.test('a', (t) => { t.ok(1); t.end(); setTimeout(() => t.equal(1, 2), 5) })`,
  'asserts after its promise': `t.test('a', async (t) => { setTimeout(() => t.ok(1), 5) }); t.test('b', (t) => { setTimeout(() => t.end(), 20) })`,
  'asserts after all': `t.test('a', async (t) => { t.ok(1); setTimeout(() => t.equal(1, 2), 20) })`,
  'tests after the end': `t.test('a', (t) => { t.end(); t.test('b', async () => {}) })`,
  'asserts nothing': `t.test('a', async () => {})`,
  'bails out': `t.test('a', async (t) => { t.ok(1); t.bailout('enough') }); t.test('b', async (t) => { t.fail() })`,

  // What never comes, and what comes late.
  'never ends': `t.test('a', (t) => { t.ok(1) })`,
  'never resolves': `t.test('a', () => new Promise(() => {})); t.test('b', async (t) => { t.fail() })`,
  'never resolves, after a failure': `t.test('a', async (t) => { t.equal(1, 2); await new Promise(() => {}) })`,
  'waits for a while': `t.test('a', (t) => { setTimeout(() => { t.equal(1, 1); t.end() }, 30) }); t.test('b', async (t) => {
    await new Promise((resolve) => setTimeout(resolve, 10)); t.ok(1) })`,
  'waits in vain for a timer that it stops': `t.test('a', (t) => { const timer = setTimeout(() => t.end(), 20); clearTimeout(timer) })`,
  'takes too long for its own limit': `t.test('a', { timeout: 10 }, async () => { await new Promise((resolve) => setTimeout(resolve, 60)) })`,
  'takes too long for a limit set later': `t.test('a', (t) => { t.setTimeout(10); setTimeout(() => t.end(), 60) })`,
  'keeps its limit': `t.test('a', { timeout: 10000 }, async (t) => { t.ok(1) })`,
  'has a limit and never ends': `t.test('a', { timeout: 10000 }, () => new Promise(() => {}))`,
  'throws in a timer': `t.test('a', (t) => { setTimeout(() => { throw new TypeError('late') }, 5) })`,
  'throws in a microtask': `t.test('a', (t) => { queueMicrotask(() => { throw new Error('soon') }) })`,
  'throws in the next tick': `t.test('a', (t) => { process.nextTick(() => { throw new Error('soon') }) })`,
  'throws immediately': `t.test('a', (t) => { setImmediate(() => { throw new Error('soon') }) })`,
  'rejects and nobody hears': `t.test('a', (t) => { void Promise.reject(new RangeError('unheard')); setTimeout(() => t.end(), 5) })`,
  'rejects no error and nobody hears': `t.test('a', (t) => { void Promise.reject('text'); setTimeout(() => t.end(), 5) })`,
  'rejects, is heard late': `t.test('a', async (t) => { const p = Promise.reject(new Error('x')); await null; await t.rejects(p) })`,
  'throws late in a promise': `t.test('a', async (t) => { await new Promise((resolve) => setTimeout(resolve, 5)); throw new Error('late') })`,

  // Forms of tests.
  'tests in tests': `t.test('a', (t) => { t.test('b', (t) => { t.test('c', async (t) => { t.equal(1, 2, 'deep') }); t.end() }); t.end() })`,
  'tests that are awaited': `t.test('a', async (t) => { await t.test('b', async (t) => { t.ok(1) }); t.ok(2); await t.test('c', async (t) => { t.ok(0) }) })`,
  'tests without a name': `t.test(async (t) => { t.ok(0) })`,
  'tests that are marked': `t.test('a', { skip: true }, async (t) => { t.fail() }); t.test('b', { todo: 'later' }, async () => {})
    t.skip('c', async (t) => { t.fail() }); t.todo('d'); t.test('e'); t.test('f', { skip: 'why' } as any); t.pass()`,
  'assertions that are marked': `t.ok(0, 'a', { skip: true }); t.ok(0, 'b', { todo: 'later' }); t.equal(1, 2, { skip: 'why' }); t.pass()`,
  'only some': `t.only('a', async (t) => { t.ok(1) }); t.test('b', async (t) => { t.fail() })`,
  'only some run': `t.runOnly = true; t.only('a', async (t) => { t.ok(1) }); t.test('b', async (t) => { t.fail() })`,
  'side by side': `t.jobs = 3; for (const name of ['a', 'b', 'c']) t.test(name, { buffered: true }, async (t) => {
    await new Promise((resolve) => setTimeout(resolve, 5)); t.equal(name, 'a') })`,
  'comments and pragmas': `t.comment('a', { b: 1 }); t.pragma({ strict: true }); t.pass('a # todo not really'); t.ok(1, 'b\\nc')`,
  silent: `t.test('a', { silent: true }, async (t) => { t.ok(1) }); t.test('b', { silent: true }, async (t) => { t.ok(0) })`,
  bail: `t.test('a', { bail: true }, async (t) => { t.ok(0); t.ok(1) }); t.ok(1)`,
  diagnosed: `t.test('a', { diagnostic: false } as any, async (t) => { t.equal(1, 2) })`,
  'by parts': `const { test, equal, ok } = require('tap'); test('a', async (t: any) => { t.ok(1) }); equal(1, 1); ok(0, 'by part')`,
  hooks: `const order: string[] = []; const note = (what: string) => () => void order.push(what)
    t.before(note('before')); t.beforeEach(note('beforeEach')); t.afterEach(note('afterEach')); t.after(note('after')); t.teardown(note('teardown'))
    t.test('a', async (t) => { order.push('a'); t.teardown(note('after a')) })
    t.test('b', async (t) => { order.push('b'); t.strictSame(order, []) })`,
  'hooks that wait': `t.beforeEach(async (t) => { await new Promise((resolve) => setTimeout(resolve, 5)); t.context.dog = new Dog('Fido') })
    t.test('a', async (t) => { t.equal(t.context.dog.name, 'Fido') }); t.context.x = 1
    t.test('b', async (t) => { t.equal(t.context.x, 2) })`,
  'hooks that throw': `t.test('a', async (t) => { t.before(() => { throw new Error('before') }); t.test('b', async (t) => { t.ok(1) }) })`,
  'hooks that throw each time': `t.beforeEach(async () => { throw new Error('each') }); t.test('a', async (t) => { t.ok(1) })`,
  'hooks that throw at last': `t.test('a', async (t) => { t.after(async () => { throw new Error('after') }); t.ok(1) })`,
  'a hook that never ends': `t.before(() => new Promise(() => {})); t.test('a', async (t) => { t.ok(1) })`,
  'what it says of itself': `t.test('a b', async (t) => { t.equal(t.name, 'a b'); t.equal(t.passing(), true); t.equal(t.fullname.endsWith('a b'), true)
    t.equal(t.count, 3); t.equal(t.assertsSoFar, 0) })`,

  // What is there beside.
  intercepts: `const dog = { name: 'Fido', bark: () => 'woof' }
    t.test('a', async (t) => {
      const read = t.intercept(dog, 'name'); dog.name; t.equal(read()[0]?.value, 'Fido')
      const calls = t.capture(dog, 'bark', () => 'wuff'); t.equal(dog.bark(), 'wuff'); t.equal(calls().length, 1)
      const fn = t.captureFn((a: number) => a + 1); fn(1); t.strictSame(fn.args(), [[1]])
    })
    t.test('b', async (t) => { t.equal(dog.bark(), 'wuff') })`,
  folders: `const fs = require('node:fs'); let dir = ''
    t.test('a', async (t) => { dir = t.testdir({ 'a.txt': 'woof', sub: { 'b.txt': 'x' } }); t.equal(fs.readFileSync(dir + '/a.txt', 'utf8'), 'woof') })
    t.test('b', async (t) => { t.equal(fs.existsSync(dir), false); t.strictSame(fs.existsSync(dir), true) })`,
}

const head = `import t from 'tap'\nimport { Dog } from './dog'\n`

/** Their names, and what stands in them. */
export const files: ReadonlyMap<string, string> = new Map([
  ...Object.entries(bodies).map(([name, body]) => [name, `${head}void Dog\n${body}\n`] as const),
  ['by name', `import { test, type Test } from 'tap'\ntest('a', async (t: Test) => {\n  t.equal(1, 2)\n})\n`],
  ['as a whole', `import * as tap from 'tap'\ntap.test('a', async (t) => {\n  t.equal(1, 2)\n})\ntap.t.ok(1)\n`],
  ['as one', `import { t } from 'tap'\nt.test('a', async (t) => {\n  t.equal(1, 1)\n})\n`],
  ['without tap', `throw new Error('no test')\n`],
  ['no TypeScript', `import t from 'tap'\nt.test('a', async (t => {\n`],
])
