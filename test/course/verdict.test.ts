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

t.test('A decorator that does not fit is told last: what is wrong with the class is the cause', async (t) => {
  const verdict = joined(passed, [says(1238, 'a decorator'), says(2304, 'a name')], (id) => common.includes(id))
  t.match(verdict, { trouble: { message: 'a name', hint: 'unknown-name' } })
  t.match(
    joined(passed, [says(1238, 'a decorator')], () => false),
    { trouble: { message: 'a decorator' } },
  )
})

t.test('A name that is not there comes before what does not fit because of it', async (t) => {
  const message = 'ReferenceError: event is not defined'
  const unnamed: Verdict = { outcome: 'unloadable', passed: [], trouble: { obstacle: 'threw', message } }
  const fit = says(2345, 'an argument of the school')
  const first = (...complaints: Trouble[]) => joined(unnamed, complaints, (id) => common.includes(id))
  const name = "Cannot find name 'event'. Did you mean 'Event'?"
  t.match(first(fit, says(2304, name)), { trouble: { message: name, hint: 'unknown-name' } })
  t.match(first(fit, says(2304, "Cannot find name 'events'.")), { trouble: { message: fit.message } })
})

t.test('What a file that TypeScript cannot read throws is not what is wrong with it', async (t) => {
  const trouble: Trouble = { obstacle: 'threw', message: 'an odd error', place: { file: 'a.ts', line: 1, column: 1 } }
  const odd: Verdict = { outcome: 'unloadable', passed: [], trouble }
  const has = (id: string) => common.includes(id)
  t.match(joined(odd, [says(1141, 'a string')], has), { trouble: { message: 'a string', hint: 'syntax' } })
  const told = { trouble: { message: 'an odd error', complaint: { message: 'a name' } } }
  t.match(joined(odd, [says(2304, 'a name')], has), told)
})

t.test('What TypeScript objects to is told beside what a lesson has seen', async (t) => {
  const slip = { check: 'a', hint: 'seen' }
  const verdict = joined({ outcome: 'not yet', passed: [], slip }, [says(2304, 'a name')], () => true)
  t.match(verdict, { outcome: 'not yet', slip: { hint: 'seen', complaint: { message: 'a name' } } })
})

t.test('A habit of Python is told before all else, where there is a hint for it', async (t) => {
  const self = says(2304, "Cannot find name 'self'.")
  const seen: Verdict = { outcome: 'not yet', passed: [], slip: { check: 'a', hint: 'guess' } }
  t.equal(hint(seen, [says(2345), self], ['python-self']), 'python-self')
  t.equal(hint(seen, [self]), 'guess')
  t.equal(hint({ outcome: 'broken', passed: [], message: '' }, [self], ['python-self']), undefined)
  const def = {
    ...says(1005),
    place: { file: 'dog.ts', line: 1, column: 5, code: 'def add_trick(self, trick):', mark: 4 },
  }
  t.equal(hint(unread, [def], ['notation', 'python-lines']), 'python-lines', 'it is foreign, too')
})
