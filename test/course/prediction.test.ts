/** What a prediction may look like, and what is wrong however it looks. */
import { inspect } from 'node:util'
import fc from 'fast-check'
import t from 'tap'
import { predicts, unreadable } from '../../src/course/prediction'

/** What is shown, what means the same, and what does not. */
const table: readonly (readonly [shown: string, right: readonly string[], wrong: readonly string[]])[] = [
  [
    '[ 1, 1, 2, 2, 3 ]',
    [
      '[1,1,2,2,3]',
      '1,1,2,2,3',
      '1, 1, 2, 2, 3;',
      '1 1 2 2 3',
      '[1 1 2 2 3]',
      '(1,1,2,2,3)',
      '{1,1,2,2,3}',
      'Array(5) [1, 1, 2, 2, 3]',
      '[1, 1, two, 2, three]',
      "['1','1','2','2','3']",
      '1,1 2,2 3',
    ],
    ['11223', '[11223]', '[1,2,3,4,5]', '1,1,2,2', '[1,1,2,2,3,3]', '[[1,1,2,2,3]]', '3', '', '[', ']1,1,2,2,3['],
  ],
  ['[ 1, 2 ]', ['1,2', '1 2', '[ 1,2, ]'], ['12', '[12]', '2,1', '1.2', '1-2', '1,,2', '[1],[2]', '{1:2}']],
  [
    '12',
    ['12', '12.', ' 12 ; ', "'12'", 'twelve', '12.0', '(12)'],
    ['1 2', '1,2', '[1,2]', '[12]', '21', '-12', '012x'],
  ],
  [
    '2',
    ['2', 'two', 'Two', 'twice', '2;', '"2"', '“2”', '=> 2', '→ 2'],
    ['3', 'once', "'two'", '=>', '= 2', 'three', 'to', 'true', '[2]', '2 tricks', ''],
  ],
  ['0', ['0', 'zero'], ['', ' ', 'nothing', 'false', '[]']],
  ['-1', ['-1'], ['1', '- 2']],
  ['true', ['true', 'yes', 'True', 'YES', 'y', 'true;'], ['false', 'no', '1', 'truely', '[true]x']],
  ['false', ['false', 'no', 'No.'], ['true', 'yes', '0', 'nothing']],
  ['undefined', ['undefined', 'nothing'], ['null', '0', "''", 'no']],
  [
    "[ 'roll over' ]",
    [
      '["roll over"];',
      '[roll over]',
      '[ROLL OVER]',
      'Roll Over',
      'roll over',
      "'roll over'",
      'Array(1) [ `roll over` ]',
      '["rollover"]',
      '“roll over”',
      "['roll over',]",
    ],
    ['[]', 'play dead', "['roll over', 'roll over']", "['roll','over']", '[[roll over]]', "['roll over' "],
  ],
  [
    "[ 'roll over', 'play dead' ]",
    [
      'roll over, play dead',
      '["roll over","play dead"]',
      "'roll over' 'play dead'",
      "['roll over''play dead']",
      'roll over play dead',
      '[ROLL OVER play dead]',
    ],
    [
      'roll overplay dead',
      'play dead, roll over',
      'roll over play dead sit',
      "'roll' 'over' 'play' 'dead'",
      '[[roll over],[play dead]]',
      'roll over',
      "'roll over, play dead'",
      '2',
    ],
  ],
  [
    '[]',
    ['[]', '[ ]', 'empty', 'none', 'an empty list', 'nothing', 'Array(0) []'],
    ['', '0', '{}', "''", '[[]]', 'undefined', "'empty'"],
  ],
  ["'Fido'", ["'Fido'", 'Fido', '"Fido"', '`Fido`', 'Fido;'], ['Rex', "['Fido']", 'Fid', 'FidoX']],
  ["'two'", ['two', "'two'"], ['2']],
  ["''", ["''", '""'], ['[]', "'x'"]],
  [
    "{ name: 'Fido', tricks: [ 'roll over' ] }",
    [
      "{ tricks: ['roll over'], name: 'Fido' }",
      '{"name":"Fido","tricks":["roll over"]}',
      'name: Fido, tricks: [roll over]',
      'name: Fido, tricks: roll over',
      'tricks: roll over name: Fido',
      "Dog { name: 'Fido', tricks: ['roll over'] }",
    ],
    [
      "{ name: 'Fido' }",
      "{ name: 'Fido', tricks: [] }",
      "{ name: 'Rex', tricks: ['roll over'] }",
      'Fido, roll over',
      "{ nom: 'Fido', tricks: ['roll over'] }",
    ],
  ],
  ['[ [ 1, 2 ], [ 3 ] ]', ['[1,2],[3]', '[1 2] [3]', '[1,2],3'], ['1,2,3', '[1,2,3]']],
  ['[ [ 1, 2 ] ]', ['[[1 2]]'], ['[1,2]', '1,2']],
  ["Dog { name: 'Fido' }", ["{name:'Fido'}", 'name: Fido'], ['Fido', '{}']],
  ['2026-11-23T10:00:00.000Z', ['2026-11-23T10:00:00.000Z'], ['2026']],
  ["[ \"it's\", '(sit)' ]", ["['it\\'s', '(sit)']", `["it's" '(sit)']`], ["['its', '(sit)']"]],
  ['{}', ['{}', '{ }'], ['[]', '{ a: 1 }']],
  ["Map(1) { 'a' => 1 }", ["Map(1) {'a' => 1}", '{a: 1}'], ['{a: 2}', '{b: 1}']],
  [
    "[ { name: 'Fido' }, { name: 'Buster' } ]",
    ['{name: Fido}, {name: Buster}'],
    ['{name: Buster}, {name: Fido}', '{name: Fido}'],
  ],
]

t.test('by example', async (t) => {
  for (const [shown, right, wrong] of table) {
    for (const answer of right) t.ok(predicts(answer, shown), `${answer} means ${shown}`)
    for (const answer of wrong) t.notOk(predicts(answer, shown), `${answer} does not mean ${shown}`)
  }
})

t.test('what nobody can compare is asked again, and what may be right, or wrong, is not', async (t) => {
  for (const [shown, right, wrong] of table) {
    for (const answer of [shown, ...right]) t.equal(unreadable(answer), undefined, answer)
    const again = wrong.filter((answer) => unreadable(answer) !== undefined)
    t.match(again, Array(again.length).fill(/[[\]']/), 'a word or a number is only wrong')
  }
  t.match(unreadable('ture'), '`ture` is not a value. Did you mean `true`? A text stands in quotes.')
  for (const answer of ['flase', 'fale', 'falsee', 'Tru', 'undefind', 'nul'])
    t.match(unreadable(answer), 'Did you mean')
  for (const answer of ["'ture'", 'tricks', 'sit', 'no', 'nope', 'none', 'n', 'test', 'Rex', 'it throws an error'])
    t.equal(unreadable(answer), undefined, answer)
  t.match(unreadable('[1, 2'), 'is missing')
  t.match(unreadable("it's false"), 'is missing')
  t.match(unreadable("['roll over]"), 'is missing')
})

/** Words that no number and no truth value is called by, and numbers: told apart without their quotes. */
const word = fc.stringMatching(/^[a-z]{3,8}ing( over)?$/)
const key = word.map((each) => each.replace(' ', ''))
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.oneof(word, fc.integer(), fc.boolean(), fc.constant(undefined)),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(key, tie('value'), { minKeys: 1, maxKeys: 3, noNullPrototype: true }),
  ),
}))
const shownAs = (each: unknown, options = {}) => inspect(each, { depth: 9, breakLength: 100, ...options })
const runs = { numRuns: 200 }

/** Each chance is a number; `choose` takes one of these by the next of them. */
const chances = fc.infiniteStream(fc.nat(60)).map((stream) => <T>(...of: T[]): T => {
  const { value } = stream.next()
  return of[value % of.length] as T
})
type Choose = <T>(...of: T[]) => T

/** The value with any quotes, commas and spaces, or none; with any letters small or capital, and its keys in any order. */
function written(each: unknown, choose: Choose): string {
  const gap = () => choose(', ', ',', ' ', '\n', ' , ')
  const joined = (parts: string[]) => parts.reduce((text, part) => (text === '' ? part : text + gap() + part), '')
  if (typeof each === 'string') {
    const quote = choose('', "'", '"', '`')
    return `${quote}${choose(each, each.toUpperCase(), each.replace(' ', ''), each.replace(' ', '  '))}${quote}`
  }
  if (Array.isArray(each)) return `[${choose('', ' ')}${joined(each.map((its) => written(its, choose)))}]`
  if (typeof each !== 'object' || each === null) return choose(String(each), String(each).toUpperCase())
  const entries = Object.entries(each).map((entry) =>
    entry.map((part) => written(part, choose)).join(choose(':', ': ')),
  )
  return `{${joined(choose(entries, entries.reverse()))}${choose('', ' ')}}`
}

t.test('a value is right however it is written', async () => {
  const isRight = (each: unknown, choose: Choose): boolean => {
    const typed = written(each, choose)
    const isBare = each instanceof Object && choose(true, false) && !(Array.isArray(each) && each.length < 2)
    const answer = isBare ? typed.slice(1, -1) : typed
    return predicts(`${choose('', ' ', '→ ')}${answer}${choose('', ';', '\n')}`, shownAs(each))
  }
  fc.assert(fc.property(value, chances, isRight), runs)
})

t.test('another value is a wrong prediction, however it is written', async () => {
  const isWrong = (one: unknown, other: unknown, choose: Choose): boolean => {
    fc.pre(form(one) !== form(other))
    return !predicts(shownAs(one), shownAs(other)) && !predicts(written(one, choose), shownAs(other))
  }
  fc.assert(fc.property(value, value, chances, isWrong), runs)
  const oneIsLeftOut = (all: readonly unknown[], at: number, choose: Choose): boolean => {
    const others = all.filter((_, i) => i !== at % all.length)
    return !predicts(shownAs(others), shownAs(all)) && !predicts(written(others, choose), shownAs(all))
  }
  fc.assert(fc.property(fc.array(value, { minLength: 2, maxLength: 5 }), fc.nat(), chances, oneIsLeftOut), runs)
})

/** The same for what may be taken for one another: keys have no order, and a list with one plain thing may lack its brackets. */
function form(each: unknown): string {
  if (Array.isArray(each))
    return each.length === 1 && !(each[0] instanceof Object) ? form(each[0]) : `[${each.map(form)}]`
  if (typeof each !== 'object' || each === null) return String(each)
  return `{${Object.entries(each)
    .map(([name, its]) => `${name}:${form(its)}`)
    .sort()}}`
}
