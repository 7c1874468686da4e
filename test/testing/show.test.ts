/** How the values of a test are written: as a person would, and never two different ones in the same way. */
import { transcoding } from 'dog-school'
import fc from 'fast-check'
import t from 'tap'
import { equal } from '../../src/aggregates/equal'
import { show, showBoth } from '../../src/testing/show'
import { anyText } from '../any-text'

class Money {
  readonly #cents: number
  constructor(cents: number) {
    this.#cents = cents
  }
  get cents() {
    return this.#cents
  }
}
transcoding(Money, { name: 'money', encode: ({ cents }) => cents, decode: (cents: number) => new Money(cents) })

class Point {
  constructor(readonly x: number) {}
}

t.test('values are written as in TypeScript', async (t) => {
  const written: readonly (readonly [unknown, string])[] = [
    [{ trick: 'sit', level: 2 }, "{ trick: 'sit', level: 2 }"],
    [{}, '{}'],
    [[], '[]'],
    [[1, [true, null], undefined], '[1, [true, null], undefined]'],
    ["Fido's", `"Fido's"`],
    [`"Fido's"`, `'"Fido\\'s"'`],
    ['say "sit"', `'say "sit"'`],
    ['two\nlines \\', `'two\\nlines \\\\'`],
    ['a\u00a0b\ufeff\ud83d', `'a\\u00a0b\\ufeff\\ud83d'`],
    ['犬 🐕‍🦺', "'犬 🐕‍🦺'"],
    [{ 'two words': 1, é: 2, a1: 3 }, "{ 'two words': 1, é: 2, a1: 3 }"],
    [-0, '-0'],
    [Number.NaN, 'NaN'],
    [12n, '12n'],
    [new Date(0), "new Date('1970-01-01T00:00:00.000Z')"],
    [new Date(Number.NaN), 'new Date(NaN)'],
    [new Map([['a', { b: 1 }]]), "new Map([['a', { b: 1 }]])"],
    [new Map(), 'new Map()'],
    [new Set([1, 2]), 'new Set([1, 2])'],
    [Uint8Array.of(1, 255), 'Uint8Array.of(1, 255)'],
    [/sit/g, "new RegExp('/sit/g')"],
    [new Money(12), 'Money(12)'],
    [new Point(1), 'Point { x: 1 }'],
    [Object.assign(Object.create(null), { a: 1 }), '[no prototype] { a: 1 }'],
    [() => 1, '[a function]'],
    [Object.assign(new Date(0), { zone: 'UTC' }), "new Date('1970-01-01T00:00:00.000Z') with { zone: 'UTC' }"],
    [Object.assign([1], { more: 2 }), '[1, more: 2]'],
    // biome-ignore lint/suspicious/noSparseArray: what a view may hold
    [[1, , 2], '[1, <hole>, 2]'],
    [new WeakMap(), 'WeakMap {}'],
  ]
  for (const [value, text] of written) t.equal(show(value), text)
  const pack: { name: string; leader?: object } = { name: 'Pack' }
  pack.leader = { of: pack }
  t.equal(show(pack), "{ name: 'Pack', leader: { of: [the object 2 above] } }")
})

t.test('what is too long for a line is broken', async (t) => {
  const tricks = Array.from({ length: 12 }, (_, i) => ({ trick: `number ${i}` }))
  t.equal(
    show({ name: 'Fido', tricks: tricks.slice(0, 5) }),
    `{
  name: 'Fido',
  tricks: [
    { trick: 'number 0' },
    { trick: 'number 1' },
    { trick: 'number 2' },
    { trick: 'number 3' },
    { trick: 'number 4' },
  ],
}`,
  )
  const [short, long] = showBoth({ tricks: [] }, { tricks })
  t.match(long, /^\{\n {2}tricks: \[\n/)
  t.equal(short, '{\n  tricks: [],\n}', 'both, or none')
})

t.test('fields stand in the order of the other value', async (t) => {
  const [one, two] = [
    { a: 1, b: 2 },
    { b: 2, a: 1 },
  ]
  for (const around of [(value: object) => new Map([['fido', value]]), (value: object) => new Set([value])])
    t.equal(...showBoth(around(one), around(two)))
  t.strictSame(showBoth({ a: 1, b: { c: 1, d: 2 } }, { b: { d: 2, c: 1, e: 3 }, a: 1 }), [
    '{ a: 1, b: { c: 1, d: 2 } }',
    '{ a: 1, b: { c: 1, d: 2, e: 3 } }',
  ])
})

t.test('two values look the same exactly if they are equal', async (t) => {
  const leaf = fc.oneof(
    fc.constantFrom<unknown>('', ' ', '1', "'", '"', '\\', '\n', '-0', 'null', '1n', 'undefined', '{}', '[1]', 'a'),
    fc.constantFrom<unknown>(0, -0, 1, Number.NaN, 1n, 10n, true, false, null, undefined, new Date(0), new Date(1)),
    fc.integer({ min: 0, max: 2 }).map((n) => new Money(n)),
    fc.integer({ min: 0, max: 2 }).map((n) => new Point(n)),
    fc.constantFrom<unknown>(Uint8Array.of(), Uint8Array.of(1), Float32Array.of(1), Float32Array.of(-0), /a/, /a/g),
    anyText(2),
  )
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3, depthSize: 'small' },
      leaf,
      fc.array(tie('value'), { maxLength: 2 }),
      fc.dictionary(fc.constantFrom('a', 'b', "it's", '0', '__proto__'), tie('value'), { maxKeys: 2 }),
      fc.array(tie('value'), { maxLength: 2 }).map((items) => new Set(items)),
      fc.array(fc.tuple(tie('value'), tie('value')), { maxLength: 2 }).map((items) => new Map(items)),
    ),
  }))
  const sameText = (one: unknown, two: unknown) => {
    const [first, second] = showBoth(one, two)
    return first === second
  }
  const isSameReordered = (one: unknown) => sameText(one, structuredCloneOf(one))
  fc.assert(
    fc.property(value, value, (one, two) => {
      const isSame = equal(one, two, true) && String(moneyIn(one)) === String(moneyIn(two))
      return sameText(one, two) === isSame && sameText(two, one) === isSame
    }),
    { numRuns: 500 },
  )
  fc.assert(fc.property(value, isSameReordered))
  // Found by chance.
  const found = [new Map([[new Set([]), { ['__proto__']: [], a: new Point(0) }]])]
  t.ok(isSameReordered(found))
})

/** `equal` cannot see what is private: all of it, in order. */
function moneyIn(value: unknown): number[] {
  if (value instanceof Money) return [value.cents]
  if (typeof value !== 'object' || value === null) return []
  if (value instanceof Map || value instanceof Set) return [...value].flatMap(moneyIn)
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, each]) => moneyIn(each))
}

/** The same once more, with the fields in another order. */
function structuredCloneOf(value: unknown): unknown {
  if (value instanceof Money || value instanceof Point || typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(structuredCloneOf)
  if (value instanceof Map)
    return new Map([...value].map(([key, item]) => [structuredCloneOf(key), structuredCloneOf(item)]))
  if (value instanceof Set) return new Set([...value].map(structuredCloneOf))
  if (Object.getPrototypeOf(value) !== Object.prototype) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, item]) => [key, structuredCloneOf(item)]),
  )
}
