/** Two lists of events are the same or they are not, and what is said of them shows it. */
import fc from 'fast-check'
import t from 'tap'
import { compareEvents, compareValues } from '../../src/testing/compare'
import { marked } from '../../src/testing/report'

const payload = fc.record(
  { a: fc.integer({ min: 0, max: 1 }), b: fc.constantFrom('x', "it's", 'two\nlines') },
  { noNullPrototype: true },
)
const name = fc.constantFrom('Registered', 'TrickAdded')
const id = fc.constantFrom('fido', 'rex')
const recorded = fc.record({ name, payload, aggregateId: id, version: fc.integer({ min: 1, max: 2 }) })
const said = fc.record(
  { name, payload, aggregateId: id, version: fc.constantFrom(1, 2) },
  { requiredKeys: ['name', 'payload'] },
)

/** Each fact of the one is also one of the other. */
const holds = (wanted: object, came: object): boolean =>
  Object.entries(wanted).every(([key, value]) => JSON.stringify(value) === JSON.stringify(came[key as never]))

t.test('a difference is found exactly where there is one, and can be seen', async (t) => {
  const words = new Set<string>()
  fc.assert(
    fc.property(
      fc.array(said, { maxLength: 3 }),
      fc.array(recorded, { maxLength: 3 }),
      fc.constantFrom('any', 'like', 'reversed'),
      (wanted, other, how) => {
        // Near misses: what is expected, with one more, or in another order.
        const like = [...wanted.map((each) => ({ aggregateId: 'fido', version: 1, ...each })), ...other.slice(2)]
        const came = how === 'any' ? other : how === 'like' ? like : like.reverse()
        const isSame = wanted.length === came.length && wanted.every((each, i) => holds(each, came[i] as object))
        const mismatch = compareEvents(wanted, came)
        if (!mismatch) return isSame
        words.add(mismatch.what.replace(/Registered|TrickAdded/g, 'it'))
        const { expected, got } = marked(mismatch)
        const line = got.findIndex((each) => /^ *\^$/.test(each))
        const column = got[line]?.length ?? 1
        // Up to the mark all is the same, and at the mark it is not.
        const [one = '', two = ''] = [expected[line - 1], got[line - 1]]
        const isMarked =
          line < 1 || (one.slice(0, column - 1) === two.slice(0, column - 1) && one[column - 1] !== two[column - 1])
        return !isSame && mismatch.expected !== mismatch.actual && !/undefined/.test(mismatch.what) && isMarked
      },
    ),
    { numRuns: 3_000 },
  )
  t.strictSame([...words].sort(), [
    'it happened instead of it',
    'it happened to another aggregate',
    'it has another payload',
    'it has another version',
    'it is missing',
    'it should not have happened',
    'the events are in another order',
  ])
})

t.test('what else is said of an event is compared, too', async (t) => {
  const came = { name: 'Registered', payload: {}, timestamp: '2026-01-01T00:00:00Z', metadata: { by: 'Ann' } }
  t.equal(compareEvents([{ ...came }], [came]), undefined)
  const what = (wanted: object) => compareEvents([{ ...came, ...wanted }], [came])?.what
  t.equal(what({ timestamp: '2026-01-02T00:00:00Z' }), 'Registered happened at another time')
  t.equal(what({ metadata: { by: 'Bob' } }), 'Registered has other metadata')
  t.equal(what({ payload: { name: 'Rex' }, metadata: { by: 'Bob' } }), 'Registered has another payload')
})

t.test('what nobody can look into is the same only if it is the very same', async (t) => {
  const later = new WeakMap()
  t.equal(compareValues('the view differs', { later }, { later }), undefined)
  t.match(compareValues('the view differs', { later }, { later: new WeakMap() }), {
    what: 'the view differs in something that nobody can look into',
    expected: '{ later: WeakMap {} }',
  })
})

t.test('the mark stands below the first character that differs', async (t) => {
  const got = (expected: string, actual: string) => marked({ expected, actual }).got
  t.strictSame(got('a\nbcd', 'a\nbed'), ['a', 'bed', ' ^'])
  t.strictSame(got('a\nb', 'a'), ['a', '(nothing more)', '^'])
  t.strictSame(got('a', 'a\nb'), ['a', 'b', '^'])
  t.strictSame(got('abc', 'ab'), ['ab', '  ^'])
  t.strictSame(got('ab', 'abc'), ['abc', '  ^'])
  t.strictSame(got('🐕 a', '🐕 b'), ['🐕 b', '  ^'])
  t.strictSame(got('one', 'two'), ['two'], 'where all differs, there is none')
  t.strictSame(got('same', 'same'), ['same'])
  const [short, late] = ['x'.repeat(100), `${'x'.repeat(9)}y${'x'.repeat(200)}`]
  t.strictSame(got(`${short}1`, `${short}2`), [`${short}2`, `${' '.repeat(100)}^`], 'a short line is whole')
  t.strictSame(got('x'.repeat(210), late), [`${late.slice(0, 160)}…`, `${' '.repeat(9)}^`], 'what is early is not cut')
  const long = 'x'.repeat(500)
  const cut = marked({
    expected: `${long}${long}\n${long}1${long}`,
    actual: `${long}${long}\n${long}2${long}`,
  })
  const around = 'x'.repeat(80)
  t.strictSame(cut, {
    expected: [`${around}${around}…`, `…${around}1${around.slice(1)}…`],
    got: [`${around}${around}…`, `…${around}2${around.slice(1)}…`, `${' '.repeat(81)}^`],
  })
})
