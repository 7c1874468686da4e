/** The place that a verdict names is one in the learner's own file, as the learner's editor shows it. */
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { load, placeIn, troubleOf, Unloadable, unload } from '../../src/checkpoints/judging/load-answer'
import { runTests } from '../../src/checkpoints/judging/run-learner-tests'
import type { Place } from '../../src/course/verdict'
import { cache, kit } from '../../src/node/paths'

type Files = Readonly<Record<string, string>>

const named = (place: Place | undefined) => place && `${place.file}:${place.line}:${place.column}`
const folderOf = (t: Test, files: Files) => t.testdir({ ...files })

/** Where an answer cannot be loaded. */
const stops = (t: Test, files: Files) => stopsIn(t, folderOf(t, files))

function stopsIn(t: Test, folder: string): string | undefined {
  try {
    load(folder, 'dog.ts')
  } catch (error) {
    return named((error as Unloadable).trouble.place)
  }
  return t.fail('it was loaded') ? undefined : undefined
}

/** Where a test fails with a dog that has no method but `addTrick`. */
async function fails(t: Test, test: string, more: Files = {}): Promise<string | undefined> {
  class Dog {
    readonly tricks: string[] = []
    addTrick(trick: string) {
      this.tricks.push(trick)
    }
  }
  const folder = folderOf(t, { ...more, 'dog.test.ts': test })
  const { failure, problem } = await runTests(folder, 'dog.test.ts', { Dog })
  return named(problem instanceof Unloadable ? problem.trouble.place : failure?.place)
}

const dog = (decorators: { class?: string; method?: string }, method = 'addTrick(trick: string) {') => `
import { Aggregate, event } from 'dog-school'

${decorators.class ?? "@event('Registered')"}
export class Dog extends Aggregate {
  readonly tricks: string[] = []
  constructor(readonly name: string) {
    super()
  }
  ${decorators.method ?? "@event('TrickAdded')"}
  ${method}
    this.tricks.push(trick)
  }
}
`

t.test('an error while a file is loaded', async (t) => {
  const long = '// a line\n'.repeat(60)
  t.equal(stops(t, { 'dog.ts': dog({ method: '@event' }) }), 'dog.ts:11:3', 'a decorator without parentheses')
  t.equal(stops(t, { 'dog.ts': dog({ class: '@event' }) }), 'dog.ts:5:1', 'the same on a class')
  t.equal(stops(t, { 'dog.ts': dog({ method: '@event()' }) }), 'dog.ts:10:9', 'a decorator without a name')
  t.equal(stops(t, { 'dog.ts': dog({}, 'addTrick = (trick: string) => {') }), 'dog.ts:11:3', 'a decorated field')
  t.equal(stops(t, { 'dog.ts': long + dog({ method: '@event' }) }), 'dog.ts:71:3', 'in a file longer than the helpers')
  t.equal(stops(t, { 'dog.ts': 'export class Dog {\n  tricks: string[ = []\n}\n' }), 'dog.ts:2:19', 'a syntax error')
  t.equal(stops(t, { 'dog.ts': "\nimport './cat'\n" }), 'dog.ts:2:1', 'a file that is missing')
})

t.test('an error in a file that the answer imports', async (t) => {
  const types = 'interface Named {\n  name: string\n}\n\n'
  const files = (helper: string) => ({ 'dog.ts': "import './lib/helper'\n", lib: { 'helper.ts': helper } })
  const thrown = files(`${types}const nobody = undefined as unknown as Named\nexport const name = nobody.name\n`)
  t.equal(stops(t, thrown as never), join('lib', 'helper.ts:6:28'))
  t.equal(stops(t, files(`${types}export const = 1\n`) as never), join('lib', 'helper.ts:5:14'), 'a syntax error')
})

t.test('a test that fails', async (t) => {
  const head = "import t from 'tap'\nimport { Dog } from './dog'\n\n"
  const body = (lines: string) => `${head}t.test('Fido', async (t) => {\n  const fido = new Dog()\n  ${lines}\n})\n`
  t.equal(await fails(t, body("t.strictSame(fido.tricks, ['sit'])")), 'dog.test.ts:6:5', 'an assertion')
  t.equal(await fails(t, `${head}t.equal(new Dog().tricks[0], 'sit')`), 'dog.test.ts:4:3', 'one outside of any test')
  t.equal(await fails(t, body('fido.addTrik("sit")')), 'dog.test.ts:6:8', 'an error')
  t.equal(await fails(t, body('await Promise.reject(new Error("no"))')), 'dog.test.ts:6:24', 'a rejection')
  t.equal(await fails(t, `${head}new Dog().addTrik('sit')`), 'dog.test.ts:4:11', 'an error outside of any test')
  const assert = `import assert from 'node:assert/strict'\n${body('assert.deepEqual(fido.tricks, [1])')}`
  t.equal(await fails(t, assert), 'dog.test.ts:7:10', "one of Node's own assertions")
})

t.test("an assertion in the learner's helper, and an error in the library", async (t) => {
  const types = 'interface Named {\n  name: string\n}\n\n'
  const helper = `${types}export const look = (t: any, tricks: string[]) => {\n  t.strictSame(tricks, ['sit'])\n}\n`
  const test = (lines: string) => `import t from 'tap'\nimport { Dog } from './dog'\n${lines}\n`
  const looking = test("import { look } from './look'\nlook(t, new Dog().tricks)")
  t.equal(await fails(t, looking, { 'look.ts': helper }), 'look.ts:6:5')
  const replaying = "import { Aggregate } from 'dog-school'\nt.test('none', async () => {\n  Aggregate.replay([])\n})"
  t.equal(await fails(t, test(replaying)), 'dog.test.ts:5:13', 'not a file of the library')
})

t.test('a file that is edited and loaded again', async (t) => {
  const folder = t.testdir()
  const place = (text: string) => {
    writeFileSync(join(folder, 'dog.ts'), text)
    unload(folder)
    try {
      load(folder, 'dog.ts')
    } catch (error) {
      return named((error as Unloadable).trouble.place)
    }
  }
  t.equal(place("throw new Error('one')\n"), 'dog.ts:1:7')
  t.equal(place("interface Named {\n  name: string\n}\n\n  throw new Error('two')\n"), 'dog.ts:5:9')
})

t.test('a file that other answers have too is compiled once, and each has its own places', async (t) => {
  const scratch = join(kit, '.tap', `answers-places-${process.pid}`)
  t.teardown(() => rmSync(scratch, { recursive: true }))
  const mark = `${process.pid} ${Date.now()}`
  const text = `import t from 'tap'\n\ninterface Named {\n  name: string\n}\n\n  t.equal('${mark}', 'sit')\n`
  const since = Date.now() - 1000
  for (const name of ['one', 'two']) {
    const folder = join(scratch, name)
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'a dog.test.ts'), text)
    const { failure } = await runTests(folder, 'a dog.test.ts', {})
    t.equal(named(failure?.place), 'a dog.test.ts:7:5', name)
    writeFileSync(join(folder, 'dog.ts'), text.replace(/t\.equal.*/, `throw new Error('${mark}')`))
    t.equal(stopsIn(t, folder), 'dog.ts:7:9', name)
  }
  const compiled = readdirSync(cache)
    .map((name) => join(cache, name))
    .filter((file) => file.endsWith('.js') && statSync(file).mtimeMs > since)
    .filter((file) => readFileSync(file, 'utf8').includes(mark))
  for (const file of compiled) rmSync(file)
  t.equal(compiled.length, 2)
})

t.test('a stack without the learner names no place', async (t) => {
  const folder = t.testdir()
  t.equal(placeIn(new Error('ours').stack ?? '', folder), undefined)
  t.strictSame(troubleOf('a string', folder), { obstacle: 'threw', message: 'Thrown: a string' })
})

t.test('an error says the names that stand in the file', async (t) => {
  const said = (imported: string, call: string) => {
    const folder = folderOf(t, { 'dog.ts': `${imported}\n;(${call} as any)\n` })
    try {
      load(folder, 'dog.ts')
    } catch (error) {
      return (error as Unloadable).trouble.message
    }
  }
  const library = "import { Event, Dog } from 'dog-school'"
  t.equal(said(library, "(Event as any)('Registered')"), 'TypeError: Event is not a function')
  t.equal(said(library, 'new (Dog as any)()'), 'TypeError: Dog is not a constructor')
  t.equal(said("import lib from 'dog-school'", '(lib as any)()'), 'TypeError: lib is not a function')
  t.equal(said('const dog_1: any = {}', 'dog_1.sit()'), 'TypeError: dog_1.sit is not a function', 'their own name')
})
