/** What can never begin to run is refused by the page before anything is taken back, in the words of the prompt. */
import t from 'tap'
import * as ts from 'typescript'
import { compiledCell } from '../../src/notebook/compiled-cell'
import { wrongIn } from '../../src/notebook/page/visit/visit-words'
import type { Mistake } from '../../src/repl/cells/cell'
import { sit } from '../repl/sitting'

const refused: Readonly<Record<string, string>> = {
  'let a = 1\nlet a = 2': "Cannot redeclare block-scoped variable 'a'.",
  'const [b, a, b] = [1, 2, 3]': "Cannot redeclare block-scoped variable 'b'.",
  'class A {}\nclass A {}': "Duplicate identifier 'A'.",
  'let b\n{ var b = 1 }': "Cannot redeclare block-scoped variable 'b'.",
  '1\nreturn 2': "A 'return' statement can only be used within a function body.",
  'const f = () => {\n  await 1\n}': "'await' expressions are only allowed within async functions",
  "['sit'].forEach((trick) => {\n  await school.addTrick('', trick)\n})": "'await' expressions are only allowed",
  'function f(a, a) {}': "Duplicate identifier 'a'.",
  '1\nconst x': "'const' declarations must be initialized.",
  "'a'.match(/[b-a]/)": 'Range out of order in character class.',
  '/(/': "')' expected.",
  '1\nbreak': "A 'break' statement can only be used within",
  'if (1) let c = 1': "'let' declarations can only be declared inside a block.",
  '1 = 2': 'The left-hand side of an assignment expression must be',
  'class B { constructor() { super() } }': "'super' can only be referenced in a derived class.",
  'class C { #c = 1; #c = 2 }': "Duplicate identifier '#c'.",
  'yield 1': "A 'yield' expression is only allowed in a generator body.",
  'let static = 1': "Identifier expected. 'static' is a reserved word in strict mode.",
}

/** Of these, TypeScript knows nothing without types. */
const alone: Readonly<Record<string, string>> = {
  '1\nlet $show = 1':
    "line 2, column 1: SyntaxError: Identifier '$show' has already been declared\n  let $show = 1\n  ^",
  "import { z } from 'zod'\nlet z = 1":
    "line 2, column 1: SyntaxError: Identifier 'z' has already been declared\n  let z = 1\n  ^",
  'if (1)\n  class D {}': "line 1, column 1: SyntaxError: Unexpected token 'class'\n  if (1)\n  ^",
}

const runs = [
  "const id = await school.registerDog('Fido')\nid",
  "import { z } from 'zod'\nimport type { Dog as Name } from 'dog-school'\nz.string() satisfies unknown",
  'let school = 1, Dog = 2, process = 3\nvar a; var a',
  'function f(a: string): void\nfunction f(a: any) { return a }\nfunction f2() { return }\n[1].map((each) => { return each })',
  'interface A {} interface A {} class A {}\ntype T = 1; let T: T = 1',
  'enum E { A } enum E { B = 1 }\nnamespace N { export const a = 1 }',
  "@event('Registered') class Cat extends Aggregate {}",
  'abstract class B { declare x: 1; private y?: 2; abstract f(): void }',
  'let n: number = "text"\nn.missing\nawait unknown',
  'export const a = 1\nexport default a',
  '({ a: 1, a: 2 })',
  '{ name: "Fido", name: "Rex" }',
  'for await (const each of []) { if (each) continue; break }',
  'await using none = null',
  "'return'",
  'undefined = 1; const c = 1; c = 2',
]

t.test('what can never begin to run', async (t) => {
  const prompt = await sit({ types: true })
  t.teardown(prompt.end)
  for (const [code, message] of Object.entries(refused)) {
    const { mistake, javaScript } = compiledCell(ts, code)
    t.match(mistake?.message, message, code)
    t.equal(javaScript, undefined)
    const said = await prompt.shell.session.evaluate(code)
    t.strictSame(said.kind === 'mistakes' && said.mistakes[0], mistake, 'the prompt says the same, at the same place')
  }
  for (const [code, said] of Object.entries(alone))
    t.equal(wrongIn(code, compiledCell(ts, code).mistake as Mistake), said)
})

t.test('what begins to run', async (t) => {
  for (const code of runs) t.equal(compiledCell(ts, code).mistake, undefined, code)
})

t.test('to a session, it is the same', async (t) => {
  const prompt = await sit()
  t.teardown(prompt.end)
  for (const code of [...Object.keys(refused), ...Object.keys(alone)].filter((each) => !each.includes('return')))
    t.match(await prompt.shell.session.evaluate(code), { kind: 'problem', says: /^SyntaxError: / }, code)
  for (const code of runs) t.notMatch(await prompt.shell.session.evaluate(code), { says: /^SyntaxError: / }, code)
  for (const code of runs)
    t.notMatch(await prompt.shell.session.evaluate(code), { says: /^SyntaxError: / }, `${code}, again`)
})
