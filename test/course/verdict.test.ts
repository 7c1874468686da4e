/** What TypeScript says beside what the code did: which hint is given. */
import t from 'tap'
import { hintOf, joined, type Trouble, type Verdict } from '../../src/course/verdict'

const says = (code: number, message = ''): Trouble => ({ obstacle: 'types', message, hint: `ts${code}` })
const passed: Verdict = { outcome: 'passed', passed: [] }
const threw: Verdict = { outcome: 'not yet', passed: [], slip: { check: 'a', hint: 'threw', unforeseen: true } }
const guessed: Verdict = { outcome: 'not yet', passed: [], slip: { check: 'a', hint: 'guess', unforeseen: true } }
const unread: Verdict = { outcome: 'unloadable', passed: [], trouble: { obstacle: 'syntax', message: '' } }
const common = ['syntax', 'types', 'await-missing', 'unknown-name', 'ts2339', 'ts2307', 'threw']

const hint = (verdict: Verdict, complaints: readonly Trouble[], more: readonly string[] = []) =>
  hintOf(joined(verdict, complaints, (id) => [...common, ...more].includes(id)))

t.test('A complaint has the hint of its number, of a number that says the same, or the general one', async (t) => {
  t.equal(hint(passed, [says(2339)]), 'ts2339')
  t.equal(hint(passed, [says(2551)]), 'ts2339')
  t.equal(hint(passed, [says(2551)], ['ts2551']), 'ts2551')
  t.equal(hint(passed, [says(2345)]), 'types')
  t.equal(hint(passed, [says(2339, "Property 'addTrick' does not exist on type 'Promise<Dog>'.")]), 'await-missing')
  const work = "Argument of type 'Promise<void>' is not assignable to parameter of type '() => Promise<unknown>'."
  t.equal(hint(passed, [says(2345, work)]), 'types', 'a function is asked for')
  t.equal(hint(passed, [says(2345, "Argument of type 'Dog' is not assignable to 'Promise<Dog>'.")]), 'types')
})

t.test('What an unexpected error would have been called is worth less than the complaint', async (t) => {
  t.equal(hint(threw, [says(2552)]), 'unknown-name')
  t.equal(hint(threw, [says(2345)]), 'types')
  t.equal(hint(threw, []), 'threw')
  t.equal(hint(guessed, [says(2345)], ['guess']), 'guess', 'what a lesson has thought of is worth more')
})

t.test(
  'Where the file could not be read, the complaint of the grammar is told, also if another one is first',
  async (t) => {
    const verdict = joined(unread, [says(2345, 'an argument'), says(1005, 'a brace')], (id) => common.includes(id))
    t.match(verdict, { outcome: 'unloadable', trouble: { message: 'a brace', hint: 'syntax' } })
    t.equal(hint(unread, [says(2307)]), 'ts2307')
  },
)
