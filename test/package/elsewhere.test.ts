/**
 * The package in plain JavaScript; and in the long form (`DOG_SCHOOL_LONG=1`) where it is truly installed, in a browser's
 * bundle, in test runners, and in the runtimes that are not Node.
 */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runInNewContext } from 'node:vm'
import t, { type Test } from 'tap'
import { binary, tool, unless } from './building'
import { installed, packed } from './packed'
import { program } from './program'
import { remedy, started } from './started'
import { tools } from './tools'

t.setTimeout(1_800_000)
const isLong = process.env.DOG_SCHOOL_LONG === '1'
const long = (name: string, body: (t: Test) => Promise<void>) => isLong && t.test(name, body)

function emptyFolder(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'dog-school-elsewhere-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  return folder
}

/** The library in plain JavaScript: no decorator, nothing to compile. */
const plain = `
class Dog extends Aggregate {
  constructor(name) { super(); this.name = name; this.tricks = [] }
  addTrick(trick) { this.tricks.push(trick) }
}
const Recorded = events(Dog, { constructor: 'Registered', addTrick: 'TrickAdded' })
async function main() {
  const school = new Application(sqlite('plain.db'))
  const dog = new Recorded('Fido')
  dog.addTrick('roll over')
  await school.save(dog)
  console.log((await school.repository.get(Recorded, dog.id)).tricks.join())
  await school.close()
}
main()
`
const required =
  "const { Aggregate, Application, events } = require('dog-school')\nconst { sqlite } = require('dog-school/sqlite')\n"
const imported =
  "import { Aggregate, Application, events } from 'dog-school'\nimport { sqlite } from 'dog-school/sqlite'\n"

async function runsPlain(t: Test, folder: string): Promise<void> {
  writeFileSync(join(folder, 'plain.cjs'), required + plain)
  writeFileSync(join(folder, 'plain.mjs'), imported + plain)
  t.strictSame(await started(folder, ['node', 'plain.cjs']), { out: 'roll over\n' })
  t.strictSame(await started(folder, ['node', 'plain.mjs']), { out: 'roll over\n' })
}

t.test('plain JavaScript, required and imported', async (t) => {
  const folder = emptyFolder(t)
  installed(folder)
  await runsPlain(t, folder)
})

long('npm install brings the library, and two packages', async (t) => {
  const folder = emptyFolder(t)
  writeFileSync(join(folder, 'package.json'), '{ "name": "kennel", "private": true }')
  const { out, error } = await started(
    folder,
    ['npm'],
    'install',
    '--prefer-offline',
    '--no-audit',
    '--no-fund',
    packed(),
  )
  t.equal(error, undefined, out)
  const modules = join(folder, 'node_modules')
  const packages = readdirSync(modules).filter((name) => !name.startsWith('.'))
  t.strictSame(packages, ['dog-school', 'js-tokens', 'sql.js'])
  t.notOk(existsSync(join(modules, '.bin')), 'no program is added to the project')
  const size = (place: string): number =>
    readdirSync(place, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile())
      .reduce((sum, entry) => sum + readFileSync(join(entry.parentPath ?? entry.path, entry.name)).length, 0)
  for (const name of packages) t.comment(`${name}: ${(size(join(modules, name)) / 1e6).toFixed(1)} MB`)
  t.ok(size(join(modules, 'dog-school')) < 2e6)

  await runsPlain(t, folder)
})

const inBrowser = `
import { MemoryRecorder } from 'dog-school'
import { Kennel } from './kennel.js'

const kennel = new Kennel(new MemoryRecorder())
globalThis.answer = kennel.take('Fido', 'collie').then(async (id) => ({
  state: await kennel.look(id),
  log: (await kennel.notificationLog.select()).map(({ topic, payload }) => [topic, payload]),
}))
`
const answer = {
  state: {
    name: 'Fido',
    breed: 'collie',
    tricks: ['roll over'],
    journeys: ['Lisbon to Porto'],
    moves: 1,
    version: 3,
  },
  log: [
    ['kennel:Dog.Registered', { name: 'Fido', breed: 'collie' }],
    ['kennel:Dog.TrickAdded', { trick: 'roll over' }],
    ['kennel:Dog.Moved', { from: 'Lisbon', to: 'Porto' }],
  ],
}

for (const [name, form, refused] of [
  ['vite-7', 'literal', false],
  ['vite-7', 'plain', false],
  ['vite-7', 'short', true],
  ['vite', 'plain', false],
] as const)
  long(`a browser's bundle, by ${name}, ${form}`, async (t) => {
    const folder = emptyFolder(t)
    installed(folder)
    cpSync(join(__dirname, 'domain', form), join(folder, 'src'), { recursive: true })
    writeFileSync(join(folder, 'src', 'page.ts'), inBrowser)
    const { build } = await tool(name, 'long')
    await build({
      root: folder,
      configFile: false,
      logLevel: 'silent',
      build: {
        target: 'es2022',
        lib: { entry: 'src/page.ts', name: 'page', formats: ['iife'], fileName: () => 'page.js' },
      },
    })
    const code = readFileSync(join(folder, 'dist', 'page.js'), 'utf8')
    t.ok(code.split('\n').length < 200, 'it is minified')
    // What a page has, and no more: no process, no Buffer, no require.
    const page: Record<string, unknown> = {
      TextEncoder,
      TextDecoder,
      crypto,
      queueMicrotask,
      setTimeout,
      clearTimeout,
      console,
    }
    const found = async () => {
      runInNewContext(code, page)
      return JSON.parse(JSON.stringify(await page.answer))
    }
    const said = await found().catch(({ name, message }: Error) => `${name}: ${message}`)
    if (refused) t.match(said, remedy)
    else t.strictSame(said, answer)
  })

long('the README in jest, with ts-jest', async (t) => {
  const folder = emptyFolder(t)
  installed(folder, '@types/node', 'undici-types')
  const [imports = '', body = ''] = program.split(/\n\n(?=@event)/)
  const test = `${imports}\ntest('dogs', async () => {\n${body}\nexpect(loaded.tricks).toEqual(['roll over'])\n})\n`
  writeFileSync(join(folder, 'dogs.test.ts'), test)
  writeFileSync(join(folder, 'package.json'), '{ "type": "commonjs" }')
  writeFileSync(
    join(folder, 'tsconfig.json'),
    '{ "compilerOptions": { "target": "es2022", "module": "nodenext", "types": ["node"] } }',
  )
  const place = tools('long')
  const transform = { '\\.ts$': [join(place, 'node_modules', 'ts-jest'), { diagnostics: false }] }
  const config = JSON.stringify({ rootDir: folder, transform, testEnvironment: 'node', watchman: false })
  const jest = join(place, 'node_modules', 'jest', 'bin', 'jest.js')
  const { error } = await started(folder, ['node', jest, '--config', config, '--coverage', '--silent', '--runInBand'])
  t.equal(error, undefined)
})

long('a test in vitest, without decorators', async (t) => {
  const folder = emptyFolder(t)
  installed(folder)
  const place = tools('long')
  mkdirSync(join(folder, 'src'))
  const test = `import { expect, test } from '${join(place, 'node_modules', 'vitest', 'dist', 'index.js')}'
${imported}
const Dog = events(class Dog extends Aggregate {
  tricks: string[] = []
  addTrick(trick: string) { this.tricks.push(trick) }
}, { constructor: 'Registered', addTrick: 'TrickAdded' })
test('dogs', async () => {
  const school = new Application(sqlite(':memory:'))
  const dog = new Dog()
  dog.addTrick('roll over')
  await school.save(dog)
  expect((await school.repository.get(Dog, dog.id)).tricks).toEqual(['roll over'])
  expect(dog.pendingEvents).toEqual([])
})
`
  writeFileSync(join(folder, 'dogs.test.ts'), test)
  const vitest = join(place, 'node_modules', 'vitest', 'vitest.mjs')
  const { error } = await started(folder, ['node', vitest, 'run', '--root', folder])
  t.equal(error, undefined)
})

for (const [name, command] of [
  ['Bun', async () => [await binary('@oven', /^bun-/, 'bin/bun'), 'one.mjs']],
  [
    'Deno',
    async () => [await binary('@deno', /./, 'deno'), 'run', '--allow-all', '--node-modules-dir=manual', 'one.mjs'],
  ],
] as const)
  long(`${name} has one core, whoever asks for it in which way`, async (t) => {
    const folder = emptyFolder(t)
    installed(folder)
    const code = `import * as all from 'dog-school'
import { createRequire } from 'node:module'
const required = createRequire(import.meta.url)('dog-school')
console.log(Object.keys(required).filter((name) => all[name] !== required[name]).join())`
    writeFileSync(join(folder, 'one.mjs'), code)
    const made = await command().catch((failed: unknown) => ({ failed }))
    const failed = 'failed' in made ? made.failed : undefined
    await t.test('import and require', unless(failed), async (t) =>
      t.strictSame('failed' in made ? failed : await started(folder, made), { out: '\n' }),
    )
  })
