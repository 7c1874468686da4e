/** The assertions of the contract: each fails when it must, and no failure is lost. */
import { MemoryRecorder } from 'dog-school'
import { recorderContract } from 'dog-school/testing'
import t from 'tap'
import { Check } from '../../src/testing/check'
import { row } from '../../src/testing/contract/rows'

class Refusal extends Error {
  readonly code = 'REFUSED'
}
const refused = () => Promise.reject(new Refusal('no'))

const failing: Readonly<Record<string, (t: Check) => unknown>> = {
  ok: (t) => t.ok(0),
  notOk: (t) => t.notOk('x'),
  equal: (t) => t.equal(1, '1'),
  'equal of two objects': (t) => t.equal({}, {}),
  strictSame: (t) => t.strictSame([{ a: 1 }], [{ a: '1' }]),
  'strictSame with a field more': (t) => t.strictSame({ a: 1, b: undefined }, { a: 1 }),
  'strictSame in another order': (t) => t.strictSame([1, 2], [2, 1]),
  match: (t) => t.match('Fido', /Rex/),
  'rejects of what resolves': (t) => t.rejects(Promise.resolve(1), Refusal),
  'rejects with another class': (t) => t.rejects(refused(), TypeError),
  'rejects with another code': (t) => t.rejects(refused(), { code: 'CLOSED' }),
  'rejects without the field': (t) => t.rejects(Promise.reject(undefined), { code: 'CLOSED' }),
  happens: (t) => t.happens(new Promise(() => undefined)),
  fail: (t) => t.fail('never'),
}
const passing: Readonly<Record<string, (t: Check) => unknown>> = {
  ok: (t) => t.ok('x'),
  notOk: (t) => t.notOk(0),
  equal: (t) => t.equal(Number.NaN, Number.NaN),
  strictSame: (t) => t.strictSame([Object.freeze({ a: 1 })], [{ a: 1 }]),
  match: (t) => t.match('Fido', /^F/),
  'rejects with this class': (t) => t.rejects(refused(), Refusal),
  'rejects with this code': (t) => t.rejects(refused(), { code: 'REFUSED' }),
  happens: (t) => t.happens(Promise.resolve()),
}

t.test('what must fail fails, with what came and what was expected', async (t) => {
  for (const [name, check] of Object.entries(failing)) {
    const apart = new Check(10)
    await check(apart)
    t.equal(apart.failures.length, 1, name)
    t.match(apart.failures[0], { code: 'ERR_ASSERTION', name: 'AssertionError', stack: /check\.test\.ts/ })
    t.ok(Object.keys(apart.failures[0] as object).includes('expected'))
  }
})

t.test('what it says is enough for who has not read the case', async (t) => {
  const said = async (check: (t: Check) => unknown) => {
    const apart = new Check(10)
    await check(apart)
    return apart.failures[0]?.message
  }
  const rows = (expected: string, got: string) => `\n\n  expected  ${expected}\n  got       ${got}\n`
  t.equal(
    await said((t) => t.strictSame([1, 3], [1, 2], 'newest first')),
    `must have the same content: newest first${rows('[1, 2]', '[1, 3]\n                ^')}`,
  )
  t.equal(await said((t) => t.equal(3, 4)), `must be the same value${rows('4', '3')}`)
  t.equal(
    await said((t) => t.rejects(Promise.resolve([1]), TypeError, 'id')),
    `must be refused: id${rows('throws TypeError', 'returns [1]')}`,
  )
  t.match(
    await said((t) => t.rejects(refused(), { code: 'CLOSED' })),
    /^must be refused\n\n {2}expected {2}throws an error with \{ code: 'CLOSED' \}\n {2}got {7}throws Refusal \(REFUSED\): no\n/,
  )
  t.equal(
    await said((t) => t.happens(new Promise(() => undefined), 'it is woken')),
    `must happen: it is woken${rows('within 10 ms', '(nothing)')}`,
  )
  t.equal(await said((t) => t.fail('a closed one wakes')), 'a closed one wakes')
})

t.test('what is right passes', async (t) => {
  for (const [name, check] of Object.entries(passing)) {
    const apart = new Check(1_000)
    await check(apart)
    t.strictSame(apart.failures, [], name)
  }
})

t.test('what has happened is waited for no longer', async (t) => {
  const timers = () => process.getActiveResourcesInfo().filter((each) => each === 'Timeout').length
  const before = timers()
  await new Check(60_000).happens(Promise.resolve())
  t.equal(timers(), before)
})

t.test('something that fails instead of happening fails the case', async (t) => {
  await t.rejects(new Check(10).happens(refused()), { code: 'REFUSED' })
})

/** Runs the case for which this recorder is wrong. */
const run = (make: () => MemoryRecorder) => {
  const [first] = recorderContract(make)
  return first?.run() ?? Promise.reject(new Error('there are cases'))
}

t.test('a recorder is closed, whatever came of its case', async (t) => {
  let closed = 0
  class Counted extends MemoryRecorder {
    override async close() {
      closed++
      await super.close()
    }
  }
  await run(() => new Counted())
  await t.rejects(
    run(
      () =>
        new (class extends Counted {
          override append = () => Promise.reject(new Refusal('never'))
        })(),
    ),
    { code: 'REFUSED' },
  )
  t.equal(closed, 2)
})

t.test('a recorder that is opened again is closed, too', async (t) => {
  const open: MemoryRecorder[] = []
  class Counted extends MemoryRecorder {
    constructor() {
      super()
      open.push(this)
    }
    override async close() {
      if (open.includes(this)) open.splice(open.indexOf(this), 1)
    }
  }
  const reopen = () => new Counted()
  for (const { run } of recorderContract(() => new Counted(), { reopen }).slice(-2)) await run().catch(() => undefined)
  t.strictSame(open, [])
})

t.test('a recorder that is none, is not new or is not empty is told from one that is wrong', async (t) => {
  const both = async (open: () => MemoryRecorder) => {
    const [first, second] = recorderContract(open)
    await first?.run()
    return second?.run()
  }
  await t.rejects(
    run(() => undefined as never),
    { name: 'TypeError', message: /must return a recorder, not undefined/ },
  )
  const one = new MemoryRecorder()
  await t.rejects(
    both(() => one),
    { name: 'TypeError', message: /another recorder at each call/ },
  )
  const full = new MemoryRecorder()
  await full.append([row('fido', 1)])
  await t.rejects(
    run(() => full),
    { name: 'TypeError', message: /a recorder without events/ },
  )
  await t.rejects(full.select('fido'), { code: 'CLOSED' })
})

t.test('one that cannot be opened, or closed, fails', async (t) => {
  await t.rejects(
    run(() => {
      throw new Refusal('not today')
    }),
    { code: 'REFUSED' },
  )
  await t.rejects(
    run(
      () =>
        new (class extends MemoryRecorder {
          override close = refused
        })(),
    ),
    { code: 'REFUSED' },
  )
})
