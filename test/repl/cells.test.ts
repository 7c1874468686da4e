/** How a cell is read, named, compiled and checked: the parts below the evaluator, each by itself. */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import * as ts from 'typescript'
import { typescript } from '../../src/node/paths'
import { readCell } from '../../src/repl/cells/cell'
import { createFiles } from '../../src/repl/cells/checker-files'
import { noGuard } from '../../src/repl/cells/engine'
import { preludeOf } from '../../src/repl/cells/evaluator'
import { mentionsNode } from '../../src/repl/cells/few-globals'
import { importable } from '../../src/repl/cells/importable'
import { loaderFor } from '../../src/repl/cells/modules'
import { nodeEngine } from '../../src/repl/cells/node-engine'
import { type Outcome, Runner } from '../../src/repl/cells/runner'
import { Scope } from '../../src/repl/cells/scope'
import { javaScriptOf, scriptOf } from '../../src/repl/cells/script'
import { CellTypes } from '../../src/repl/cells/type-service'
import { explain, late, stackOf } from '../../src/repl/session/explain-error'
import { kitSchool } from '../../src/repl/start/current-school'
import { preloaded } from '../../src/repl/start/globals'
import { cleanEnvironment } from '../clean-environment'

const read = (text: string) => readCell(ts, text)
const kit = join(__dirname, '..', '..')

t.test('whether a cell is whole', async (t) => {
  for (const text of ['f(', 'class A {', '`a', 'if (x) {', '{ name: ', 'a +', '/* a', 'const x ='])
    t.equal(read(text).incomplete, true, text)
  for (const text of ['', 'f()', "'a", 'a b', 'x = /(/', '{ name: 1 }', 'f(]', 'if (x) y', '{ let a = 1 }'])
    t.equal(read(text).incomplete, false, text)
  t.strictSame(read('a(\n  b c)').mistake, { code: 1005, message: "',' expected.", line: 1, column: 4, length: 1 })
})

t.test('what a cell declares', async (t) => {
  const declared = (text: string) => read(text).declared.map(({ name, kind }) => `${kind} ${name}`)
  t.strictSame(declared('let a = 1, [b, { c, ...d }] = e'), ['let a', 'let b', 'let c', 'let d'])
  t.strictSame(declared('const a = 1; var b'), ['const a', 'let b'])
  t.strictSame(declared('function f() { let x }\nclass A {}\nenum E {}'), [
    'declaration f',
    'declaration A',
    'declaration E',
  ])
  t.strictSame(declared('type T = 1; interface I {}'), ['type T', 'type I'])
  t.strictSame(
    read("import a, { b as c, type D } from 'x'").declared,
    [
      { name: 'a', kind: 'import', statement: "import a from 'x'" },
      { name: 'c', kind: 'import', statement: "import { b as c } from 'x'" },
      { name: 'D', kind: 'type', statement: "import { type D } from 'x'" },
    ],
    'an import brings each name by itself',
  )
  t.strictSame(declared("import * as all from 'x'; import type { T } from 'y'"), ['import all', 'type T'])
})

t.test('how a cell is changed before it runs', async (t) => {
  const runnable = (text: string) => read(text).runnable
  t.equal(runnable("import a, { b as c, type D } from 'x'"), "const { default: a, b: c } = $import('x');")
  t.equal(runnable("import * as all from 'x'"), "const { '*': all } = $import('x');")
  t.equal(runnable("import 'x'\nimport type { T } from 'y'"), "void $import('x');\n")
  t.equal(runnable("import {\n  a,\n} from 'x'\na"), "const { a: a } = $import('x');\n\n\na", 'line for line')
  t.equal(runnable('export class A {}'), ' class A {}')
  t.equal(read("{ name: 'Fido' }").text, "({ name: 'Fido' }\n)", 'an object, not a block')
  t.equal(read('{ let a = 1; }').text, '{ let a = 1; }')
  t.equal(read('1\n2').kept, '1\nexport const _ = (2);')
  t.strictSame([read('a').shows, read('let a').shows, read('a; let b').shows], [true, false, false])
  const isAsync = (text: string) => read(text).isAsync
  t.strictSame([isAsync('await a'), isAsync('for await (const a of b) c')], [true, true])
  t.strictSame([isAsync('async () => await a'), isAsync('a')], [false, false], 'a function waits by itself')
})

t.test('a scope tells the checker just the names that a text mentions', async (t) => {
  const scope = new Scope()
  scope.add('./.cell-1', read("let a = 1; class B {}; type C = 1; import { d } from 'x'").declared)
  t.strictSame(scope.names, ['a', 'B', 'C', 'd'])
  t.equal(scope.header('a.b + e'), 'declare let a: typeof import("./.cell-1").a')
  t.equal(scope.header('B; C'), 'import { B } from "./.cell-1"; import type { C } from "./.cell-1"')
  t.equal(scope.header('d'), "import { d } from 'x'")
  t.equal(scope.header('a', [{ name: 'a', kind: 'let' }]), '', 'not those that it declares itself')
  t.equal(scope.header("'ab' $a"), '', 'nor a part of a name')
  scope.add('./.cell-2', [{ name: 'a', kind: 'const' }])
  t.equal(scope.header('a'), 'declare const a: typeof import("./.cell-2").a', 'the newest counts')
})

t.test('a script exports its names and asks in loops whether it is still wanted', async (t) => {
  const code = (text: string, imported: string[] = []) => {
    const cell = read(text)
    return scriptOf(cell, javaScriptOf(ts, cell, '/a.ts'), imported).code
  }
  const [head, ...rest] = code('let a = 1\na', ['Map']).split('\n')
  t.match(
    head,
    /^\(function \(\$export, \$show, \$import, \$alive, \$left, \$each, require, exports, Map\) \{ 'use strict'; /,
  )
  t.match(head, '$export({ a: [() => a, ($) => { a = $ }] });')
  t.match(rest.join('\n'), '$show(a);')
  t.match(code('await 1'), /^\(async function/)
  for (const loop of ['while (a) b', 'do b; while (a)', 'for (;;) b', 'for (const a of c) { b }'])
    t.match(code(loop), /\{\s+\$alive\(\);\s+b;/, loop)
  t.notMatch(code('type A = 1'), '($)', 'a type is not there at run time')
})

t.test('names from cell to cell', async (t) => {
  const folder = t.testdir()
  const runner = new Runner(nodeEngine(folder, noGuard))
  t.teardown(() => runner.close())
  let number = 0
  const run = async (text: string): Promise<Outcome> =>
    (await runner.run(read(text), join(folder, `.cell-${++number}.ts`))).outcome
  const value = async (text: string) => {
    const outcome = await run(text)
    return outcome.kind === 'done' ? outcome.value : outcome
  }
  await run('let count = 1; const add = () => count++; const fixed = 1')
  t.equal(await value('count = 5; add(); count'), 6, 'closures see what later cells assign')
  t.match(await run('fixed = 2'), { kind: 'thrown', error: { name: 'TypeError' } }, 'a constant stays one')
  t.equal(await value("const count = 'new'; count"), 'new', 'a name can be declared again')

  const map = Map
  t.equal(await value('const Map = 7; Map'), 7)
  t.equal(await value('Map + 1'), 8, "a cell may shadow one of Node's names")
  t.equal(Map, map, 'for cells only')
  t.equal(runner.valueOf('Map'), 7)

  const failed = await runner.run(read('const good = 1; throw new Error("no"); const bad = 2'), '/b.ts')
  t.strictSame([failed.outcome.kind, [...failed.names]], ['thrown', ['good']], 'what was not reached is not there')
  t.equal(runner.valueOf('bad'), undefined)
  t.match(await value("import { sep } from 'node:path'; sep"), /[\\/]/)

  runner.provideLater('late', () => 'loaded')
  t.equal(await value('late'), 'loaded')
  runner.close()
  t.equal('late' in globalThis, false, 'all names are given back')
})

t.test('a cell says of which promises it has not waited', async (t) => {
  const folder = t.testdir()
  const runner = new Runner(nodeEngine(folder, noGuard))
  t.teardown(() => runner.close())
  let number = 0
  const left = async (text: string): Promise<unknown> => {
    const { outcome } = await runner.run(read(text), join(folder, `.cell-${++number}.ts`))
    return outcome.kind === 'done' ? outcome.left : outcome
  }
  const say = "const slow = () => new Promise((done) => setTimeout(done)); const sure = () => 1; 'said'"
  t.strictSame(await left(say), [])
  t.strictSame(await left('slow()\n\n  slow(\n)\nsure()'), [1, 3])
  t.strictSame(await left('for (const _ of [1, 2]) {\n  slow()\n}\nif (true) slow()\nsure()'), [2, 4], 'each line once')
  t.strictSame(await left('const fast = 1; slow();\nawait slow(); 1'), [], 'it was settled by then')
  for (const fine of [
    'await slow(); 1',
    'const later = slow(); 1',
    'let another; another = slow(); 1',
    'void slow(); 1',
    'slow().then(() => {}); 1',
    'slow().catch(() => {}); 1',
    'slow()',
    'sure(); 1',
    'Promise.resolve(); 1',
    'Promise.all([]); 1',
    'const f = () => { slow() }; f(); 1',
    'class A { static go() { slow() } }; A.go(); 1',
    'slow',
    // What nobody else can have is told apart by `school` alone.
    'const school = { slow, sure }; const go = async () => { await school.slow(); void school.slow(); school.sure() }; await go(); 1',
    'const all = [], add = (each) => all.push(each); [1].forEach(() => { add(school.slow()) }); 1',
    '[1].map((each) => school.slow()); 1',
    'class Sub extends Array { constructor() { super() } }; new Sub(); 1',
  ])
    t.strictSame(await left(fine), [], fine)
  t.strictSame(
    await left('const go = () => {\n  school.slow()\n}\ngo(); [1, 2].forEach(() => {\n  school.slow()\n}); 1'),
    [2, 5],
  )
  t.strictSame(await left('slow(); go(); 1'), [1], 'lines are those of the cell that runs')

  const each = async (text: string): Promise<unknown> => {
    const { outcome } = await runner.run(read(text), join(folder, `.cell-${++number}.ts`))
    return outcome.kind === 'done' ? [outcome.left, outcome.each] : outcome
  }
  t.strictSame(await each('[1, 2]\n  .forEach(async (each) => {\n    await slow()\n  })'), [[], [2]])
  t.strictSame(await each('new Set([1]).forEach((each) => school.slow()); new Map().forEach(async () => {})'), [
    [],
    [1],
  ])
  for (const fine of [
    '[1].forEach(async () => 1); 1',
    '[1].forEach((each) => slow()); 1',
    'let settled = 0; const many = [1, 2]; await new Promise((done) => many.forEach(async () => { await slow(); if (++settled === 2) done() }))',
    'const own = { async forEach(work) { await work() } }; const kept = own.forEach(async () => { await slow() }); 1',
  ])
    t.strictSame(await each(fine), [[], []], fine)

  const heard: unknown[] = []
  const hear = (error: unknown) => heard.push(error)
  // Whoever runs the tests hears of it otherwise.
  const others = process.listeners('unhandledRejection')
  process.removeAllListeners('unhandledRejection').on('unhandledRejection', hear)
  await left("Promise.reject('nobody caught it'); 1")
  await left("const fails = async () => { throw 'late' }; fails(); await slow(); 1")
  process.removeListener('unhandledRejection', hear)
  for (const each of others) process.on('unhandledRejection', each)
  t.strictSame(heard, ['nobody caught it', 'late'], 'an error that nobody caught is heard, once')
})

t.test('a cell that does not end', async (t) => {
  let asked = 0
  const runner = new Runner(nodeEngine(t.testdir(), { ...noGuard, stopAsked: () => ++asked > 1 }))
  t.teardown(() => runner.close())
  t.match(await runner.run(read('while (true) {}'), '/loop.ts'), { outcome: { kind: 'stopped' } })
  const waiting = runner.run(read('await new Promise(() => {})'), '/wait.ts')
  t.equal(runner.stop(), true)
  t.match(await waiting, { outcome: { kind: 'stopped' } })
  t.equal(runner.stop(), false, 'nothing runs any more')
})

t.test('modules in a cell', async (t) => {
  const folder = t.testdir({ 'dog.js': 'exports.name = "Fido"' })
  const load = loaderFor(folder)
  t.strictSame(load('./dog'), { name: 'Fido' })
  t.equal(load('./dog'), load('./dog'))
  t.type((load('dog-school') as { Aggregate: unknown }).Aggregate, 'function', "the kit's own package")
  t.throws(() => load('./cat'), { code: 'MODULE_NOT_FOUND' })
  const plain = importable({ a: 1 }) as Record<string, unknown>
  t.strictSame([plain.a, plain.default, plain['*']], [1, { a: 1 }, { a: 1 }])
  t.strictSame((importable({ __esModule: true, default: 2 }) as { default: unknown }).default, 2)
})

t.test('the files that the checker sees', async (t) => {
  const folder = t.testdir({ 'dog.ts': 'one', node_modules: { 'x.ts': 'installed' } })
  const cell = join(folder, '.cell.ts')
  const { host, put } = createFiles({ folder, kit, roots: [cell] })
  t.strictSame([host.getScriptFileNames().includes(cell), host.fileExists(cell)], [true, false])
  const before = host.getProjectVersion?.()
  put(cell, 'text')
  t.strictSame([host.fileExists(cell), host.readFile(cell), host.getScriptVersion(cell)], [true, 'text', '1'])
  t.not(host.getProjectVersion?.(), before, 'what was checked is checked again')
  put(cell, 'more')
  t.strictSame([host.readFile(cell), host.getScriptVersion(cell)], ['more', '2'])
  t.equal(host.getScriptSnapshot(join(folder, 'none.ts')), undefined)

  const dog = join(folder, 'dog.ts')
  const version = host.getScriptVersion(dog)
  t.equal(host.getScriptVersion(join(folder, 'node_modules', 'x.ts')), '0', 'an installed file never changes')
  while (host.getScriptVersion(dog) === version) writeFileSync(dog, 'two')
  t.equal(host.readFile(dog), 'two')
})

const asking = `process.pid
[...process.argv]
const text = \`\${process.pid}\`
import fs from "fs"
await import('node:path')
a = require(b)
let x: NodeJS.Y`

const notAsking = `dog.process()
dog?.process() // process
fido.addTrick('fetch')
t.equal(a, 'fs')
import { a } from './fs'
setTimeout(f, 1)
console.log(new Map())
processed`

t.test('what asks for the types of Node', async (t) => {
  for (const text of asking.split('\n')) t.equal(mentionsNode(text), true, text)
  for (const text of notAsking.split('\n')) t.equal(mentionsNode(text), false, text)
})

t.test('what the checker reads', async (t) => {
  const folder = t.testdir({
    'node.ts': "import { readFileSync } from 'node:fs'\nexport const text = readFileSync('a', 'utf8')",
    node_modules: { walk: { 'index.d.ts': '/// <reference types="node" />\nexport const way: URL' } },
  })
  const school = kitSchool()
  const open = (prelude = '') => new CellTypes({ folder, kit, prelude })
  const dog = `import { Dog } from ${JSON.stringify(school.file.dog)}`
  const codes = (types: CellTypes, header: string, text: string) => types.check(header, text).map(({ code }) => code)
  const packages = (types: CellTypes) =>
    new Set(types.read.flatMap((file) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? []))
  const few = ['@types/emscripten', '@types/sql.js', 'js-tokens', 'typescript']
  const said = [
    'console.log',
    'console.table',
    'setTimeout(() => 1, 2)',
    'setInterval(() => 1)',
    'clearTimeout',
    'queueMicrotask',
  ]
  const onNode = (types: CellTypes) => said.map((text) => `${text}: ${types.typeOf('', text)}`)

  const types = open(preludeOf(preloaded(school)))
  t.strictSame([...packages(types)].sort(), few, 'is what a first line needs: not the types of Node, not zod')
  t.ok(types.read.length < 180, `${types.read.length} files`)
  t.notMatch(types.read.join('\n'), /lib\.dom/)
  t.strictSame(codes(types, dog, "console.log(new Dog('Fido').name)"), [])
  t.strictSame(codes(types, dog, 'new Dog(5)'), [2345])
  t.ok(types.complete(dog, "new Dog('Fido').", 16).some(({ name }) => name === 'addTrick'))
  const before = onNode(types)
  t.strictSame([...packages(types)].sort(), few, 'a line, a mistake and TAB need no more')

  t.strictSame(codes(types, '', 'const id: string = process.pid'), [2322])
  t.ok(packages(types).has('@types/node'), 'a line that mentions Node gets the whole')
  t.strictSame(onNode(types), before, 'what was known of Node was right')

  t.strictSame(
    codes(open(), '', "Symbol.dispose in { name: 'Fido' }"),
    [],
    'what is not known is looked for in the whole',
  )
  const text = "import { text } from './node'"
  t.strictSame(codes(open(), text, 'const n: number = text'), [2322], "so is what a learner's file is about")
  const walk = "import { way } from 'walk'"
  t.strictSame(codes(open(), walk, 'const s: string = way.searchParams'), [2322], 'or a package')
})

t.test('the compiler is loaded from code that is kept', async (t) => {
  const run = (before = '') => {
    const script = `const fs = require('node:fs')
      ${before}
      const { keepCode } = require(${JSON.stringify(typescript)})
      const { outputText } = require('typescript').transpileModule('const a: 1 = 1', {})
      console.log(JSON.stringify([outputText.includes('a = 1'), keepCode()]))`
    return JSON.parse(execFileSync(process.execPath, ['-e', script], { cwd: kit, env: cleanEnvironment() }).toString())
  }
  run()
  t.strictSame(run(), [true, false], 'there is some')
  const damaged = `const read = fs.readFileSync
    fs.readFileSync = (file, ...rest) => {
      const bytes = read(file, ...rest)
      if (/code$/.test(file)) bytes[bytes.length >> 1] ^= 1
      return bytes
    }`
  t.strictSame(run(damaged), [true, true], 'what is damaged is not run, but made anew')
})

t.test('errors, explained', async (t) => {
  class KennelFull extends Error {}
  t.match(explain(new KennelFull('No room.')), { kind: 'problem', says: 'KennelFull: No room.', next: /^\.error/ })
  t.match(explain(new TypeError('no'), 'Do this.'), { says: 'TypeError: no', next: 'Do this.' })
  t.match(explain('a string'), { says: "Thrown: 'a string'" })
  const inCell = Object.assign(new Error('no'), { stack: 'Error: no\n    at /x/.cell-12.ts:3:7' })
  t.match(explain(inCell), { says: 'Error: no (line 3 of what you typed)' })
  t.match(explain({ __proto__: null }), { says: /^Thrown: / })
  t.match(late(new Error('no')), { says: 'Uncaught Error: no' })
  t.match(stackOf(new Error('no', { cause: new TypeError('deep') })), /^Error: no\n.*\ncaused by TypeError: deep\n/s)
  t.equal(stackOf(Object.assign(new Error('no'), { stack: undefined })), 'Error: no')
})
