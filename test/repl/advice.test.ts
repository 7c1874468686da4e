/** What is said to somebody who types a command without its dot, a word of another language, or a name that was never declared. */
import t from 'tap'
import { problem, type Reply } from '../../src/repl/session/reply'
import { adviceOn } from '../../src/repl/start/advice'

const mistake = (message: string): Reply => ({
  kind: 'mistakes',
  text: '',
  mistakes: [{ code: 2304, message, line: 0, column: 0, length: 1 }],
})
const unknown = (name: string) => mistake(`Cannot find name '${name}'.`)
const thrown = (name: string) => problem(`ReferenceError: ${name} is not defined`)

t.test('a command without its dot', async (t) => {
  for (const said of [unknown, thrown]) {
    t.equal(adviceOn('help', said('help')), 'Did you mean .help? Commands begin with a dot.')
    t.match(adviceOn('quit()', said('quit')), /mean \.exit\?/, 'by its other name, as Python calls it')
    t.match(adviceOn(' dogs ;', said('dogs')), /mean \.dogs\?/)
  }
  t.match(adviceOn('at fido 1', mistake("';' expected.")), /mean \.at fido 1\?/, 'what is not even code')
  t.equal(adviceOn('type Fido = 1 +', mistake('Type expected.')), undefined, 'what looks like code')
  t.match(adviceOn('const o = {\n  .dogs', mistake('Identifier expected.')), /^\.dogs was read as a part of the input/)
  t.equal(adviceOn('next.dog', unknown('next')), undefined)
  t.equal(adviceOn('dogs', { kind: 'value', value: [] }), undefined, 'what is known')
})

t.test('a word of another language', async (t) => {
  t.match(adviceOn("print('x')", unknown('print')), /^Here, `print` is `console\.log/)
  t.match(adviceOn('let a = len([1])', unknown('len')), /`\.length`/)
  t.match(adviceOn('const on = True', mistake("Cannot find name 'True'. Did you mean 'true'?")), /`true`/)
  t.match(adviceOn('let a = int(2)', unknown('int')), /`int` is `Number\(…\)`/, 'what a checkpoint knows, too')
  t.equal(adviceOn('toString1', unknown('toString')), undefined)
})

t.test('a name that was never declared', async (t) => {
  t.equal(adviceOn("d = new Dog('A')", unknown('d')), "A new name is declared first: const d = new Dog('A')")
  t.equal(adviceOn('d == 1', unknown('d')), undefined)
  t.equal(adviceOn('f(d)', unknown('d')), undefined)
})
