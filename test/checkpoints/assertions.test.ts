/** What a learner's tests asserted: heard with its values, told in lines, and compared with what was expected. */
import t, { type Test } from 'tap'
import { type Difference, differenceOf } from '../../src/checkpoints/judging/difference'
import { runTests } from '../../src/checkpoints/judging/run-learner-tests'
import { asserted } from '../../src/checkpoints/judging/what-was-asserted'

class Dog {
  readonly tricks: string[] = []
  addTrick(trick: string) {
    this.tricks.push(trick)
  }
}
class Lazy extends Dog {
  override addTrick() {}
}

const folderOf = (t: Test, ...lines: string[]) =>
  t.testdir({
    'dog.test.ts': `import t from 'tap'\nimport { Dog } from './dog'\nconst fido = new Dog()\n${lines.join('\n')}\n`,
  })

t.test('the assertions of a run, with their values at that moment', async (t) => {
  const folder = folderOf(
    t,
    'const { tricks } = fido',
    't.strictSame(tricks, [])',
    "fido.addTrick('sit')",
    't.test("inside", async (t) => { t.type(tricks, Array) })',
    't.equal(',
    "  tricks[0], // 'beg', (",
    "  'beg',",
    ')',
  )
  const { made, failure } = await runTests(folder, 'dog.test.ts', { Dog })
  t.strictSame(
    made.map(({ method, shown, passed, place }) => [method, ...shown, passed, place?.line]),
    [
      ['strictSame', '[]', '[]', true, 5],
      ['type', "[ 'sit' ]", '[Function: Array]', true, 7],
      ['equal', "'sit'", "'beg'", false, 8],
    ],
  )
  t.strictSame(failure?.asserted?.values, ['sit', 'beg'])
  t.match(
    failure?.place?.code,
    /^t\.equal\(\s+tricks\[0\],\s+'beg',\s+\)$/,
    'the whole call, although it has several lines',
  )
})

t.test('a value that is worked out when it is read is shown as any other', async (t) => {
  const folder = folderOf(t, "t.ok({ get name() { return 'Fido' }, get tricks() { return ['sit'] } })")
  const { made } = await runTests(folder, 'dog.test.ts', { Dog })
  t.strictSame(made[0]?.shown, ["{ name: 'Fido', tricks: [ 'sit' ] }"])
})

t.test('what is told of a dog that got away', async (t) => {
  const told = async (...lines: string[]) => {
    const folder = folderOf(t, "fido.addTrick('sit')", ...lines)
    return asserted(
      await runTests(folder, 'dog.test.ts', { Dog: Lazy }),
      await runTests(folder, 'dog.test.ts', { Dog }),
    )
  }
  t.strictSame(
    await told('t.ok(fido)', 't.ok(fido.tricks.length >= 0)', 't.same(fido.tricks.slice(9), [])'),
    ['line 5: t.ok(fido)\n  passes with Lazy { tricks: [] }'],
    'what saw the difference',
  )
  t.strictSame(
    await told('t.ok(1)', 't.ok(fido.tricks.length >= 0)'),
    ['line 5: t.ok(1)', 'line 6: t.ok(fido.tricks.length >= 0)'],
    'everything, if nothing saw it',
  )
  t.strictSame(await told(''), ['nothing'])
  t.match(await told(...Array.from({ length: 10 }, (_, at) => `t.ok(${at + 1})`)), ['2 more, and then', /^line 7/])
})

t.test('in which way what is expected differs', async (t) => {
  const cases: [Difference | undefined, unknown, unknown, method?: string][] = [
    ['nothing', undefined, 'sit'],
    ['kind', ['sit'], 'sit'],
    ['kind', ['sit'], 1],
    ['kind', ['sit'], [{ trick: 'sit' }]],
    ['kind', ['sit'], [['sit']]],
    ['kind', ['sit'], new Set(['sit'])],
    ['number', 1, 2],
    ['text', 'sit', 'beg'],
    ['order', ['sit', 'beg'], ['beg', 'sit']],
    ['fewer', ['sit', 'sit'], ['sit']],
    ['fewer', [{ trick: 'sit' }, { trick: 'beg' }], [{ trick: 'beg' }]],
    ['more', ['sit'], ['sit', 'beg']],
    ['more', ['sit'], ['sit', undefined]],
    ['others', ['sit'], ['beg']],
    ['condition', false, undefined, 'ok'],
    [undefined, 'sit', 'sit', 'not'],
    [undefined, 'sit', /beg/, 'match'],
  ]
  for (const [difference, found, wanted, method = 'strictSame'] of cases)
    t.equal(differenceOf({ method, values: [found, wanted], shown: [], passed: false, place: undefined }), difference)
})
