/**
 * What a user installs: the package is packed as npm would publish it, unpacked in an empty folder, and used
 * from CommonJS, from ESM and from TypeScript. (Its dependencies are linked, so that the test needs no network.)
 * `test/package/` takes it into other people's tools.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { runInNewContext } from 'node:vm'
import { gzipSync } from 'node:zlib'
import t from 'tap'
import { entriesOf, writtenManifest } from './build/manifest'
import { cleanEnvironment } from './clean-environment'
import { installed, packed, root } from './package/packed'
import { tools } from './package/tools'

// The first run installs tools.
t.setTimeout(1_200_000)
const env = cleanEnvironment()
/** The test runner puts a module of its own into every Node that is started. */
const run = (cwd: string, ...command: string[]) =>
  execFileSync('env', ['-u', 'NODE_OPTIONS', ...command], {
    cwd,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
const load = async (folder: string, name: string) => {
  const file = require.resolve(name, { paths: [folder] })
  return await import(pathToFileURL(file).href)
}

const program = `
@event('Registered')
class Dog extends Aggregate {
  readonly tricks: string[] = []
  constructor(readonly name: string) { super() }
  @event('TrickAdded')
  addTrick(trick: string) { this.tricks.push(trick) }
}
async function main() {
  const school = new Application(sqlite('dogs.db'))
  const dog = new Dog('Fido')
  dog.addTrick('roll over')
  await school.save(dog)
  await school.close()
  const again = new Application(sqlite('dogs.db'))
  console.log((await again.repository.get(Dog, dog.id)).tricks.join())
  await again.close()
}
main()
`

// Outside this checkout: inside of it, the name of the package means the checkout itself.
const folder = mkdtempSync(join(tmpdir(), 'dog-school-package-'))
t.teardown(() => rmSync(folder, { recursive: true }))
const place = installed(folder, '@types/node', 'undici-types', 'pg')
const manifest = JSON.parse(readFileSync(join(place, 'package.json'), 'utf8'))

/** Every file below a folder, by its path from there. */
function filesOf(folder: string, below = ''): string[] {
  return readdirSync(join(folder, below), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesOf(folder, join(below, entry.name)) : join(below, entry.name),
  )
}
const stateOf = (folder: string) =>
  filesOf(folder).map((file) => {
    const { size, mtimeMs } = statSync(join(folder, file))
    return `${file} ${size} ${mtimeMs}`
  })
const before = stateOf(place)

t.test('holds the library, and nothing that needs the clone', async (t) => {
  const rooms = [
    ...new Set(filesOf(place).map((file) => file.replace(/(?<=^(dist|src)\/[a-z]+)\/.*|(?<=\/)[^/]*$/g, ''))),
  ]
  const { include } = JSON.parse(readFileSync(join(root, 'src', 'tsconfig.json'), 'utf8'))
  const library = include.filter((each: string) => each !== '*.ts').map((room: string) => `src/${room}`)
  const built = ['dist/cjs', 'dist/esm', 'dist/import']
  t.strictSame(rooms.sort(), ['LICENSE', 'README.md', ...built, 'package.json', 'src/', ...library.sort()])
  t.notOk('bin' in manifest)
})

t.test('asks for two packages, which ask for none', async (t) => {
  t.strictSame(Object.keys(manifest.dependencies), ['js-tokens', 'sql.js'])
  for (const name of Object.keys(manifest.dependencies)) {
    const { dependencies = {}, scripts = {} } = JSON.parse(
      readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8'),
    )
    t.strictSame(dependencies, {}, name)
    t.strictSame(
      Object.keys(scripts).filter((script) => /^(pre|post)?install$/.test(script)),
      [],
    )
  }
  t.ok(
    Object.keys(manifest.peerDependencies).every((name) => manifest.peerDependenciesMeta[name]?.optional),
    'every peer is optional',
  )
})

t.test('package.json says what the build would write', async (t) => {
  const text = readFileSync(join(root, 'package.json'), 'utf8')
  t.equal(writtenManifest(JSON.parse(text), entriesOf(JSON.parse(text), join(root, 'src'))), text)
  const more = { ...JSON.parse(text), exports: { '.': {}, './memory': {} } }
  const { exports, typesVersions } = JSON.parse(writtenManifest(more, entriesOf(more, join(root, 'src'))))
  t.equal(exports['./memory'].require.default, './dist/cjs/recorders/memory.js', 'one line makes an entry')
  t.strictSame(typesVersions, { '*': { memory: ['./dist/cjs/recorders/memory.d.ts'] } })
  t.throws(() => entriesOf({ exports: { './cat': {} } }, join(root, 'src')), /neither src\/cat.ts nor/)
})

t.test('works from CommonJS', async (t) => {
  const code =
    "const lib = require('dog-school'); console.log(typeof lib.Aggregate, typeof require('dog-school/sqlite').sqlite, typeof require('dog-school/postgres').postgres)"
  t.equal(run(folder, 'node', '-e', code).trim(), 'function function function')
})

t.test('works from ESM, by names, with every name that CommonJS has', async (t) => {
  writeFileSync(
    join(folder, 'main.mjs'),
    `import { Aggregate, VersionConflictError } from 'dog-school'
import { sqlite } from 'dog-school/sqlite'
import { postgres } from 'dog-school/postgres'
import * as all from 'dog-school'
import { createRequire } from 'node:module'
const required = createRequire(import.meta.url)('dog-school')
console.log(typeof Aggregate, typeof VersionConflictError, typeof sqlite, typeof postgres)
console.log(Object.keys(required).filter((name) => all[name] !== required[name]).join())`,
  )
  t.equal(
    run(folder, 'node', 'main.mjs'),
    'function function function function\n\n',
    'and each is the same thing in both',
  )
})

t.test('one core: an error of the store is an error of the library, whoever asked for which', async (t) => {
  writeFileSync(
    join(folder, 'one.mjs'),
    `import { ClosedError } from 'dog-school'
import { createRequire } from 'node:module'
const { sqlite } = createRequire(import.meta.url)('dog-school/sqlite')
const store = sqlite(':memory:')
await store.close()
console.log(await store.append([]).then(() => 'open', (error) => error instanceof ClosedError))`,
  )
  t.equal(run(folder, 'node', 'one.mjs').trim(), 'true')
})

t.test('is typed, and its events are on the disk', async (t) => {
  const imports =
    "import { Aggregate, Application, event } from 'dog-school'\nimport { sqlite } from 'dog-school/sqlite'\n"
  writeFileSync(join(folder, 'main.mts'), imports + program)
  writeFileSync(join(folder, 'main.cts'), imports + program)
  const options = ['--module', 'nodenext', '--target', 'es2023', '--lib', 'es2023', '--types', 'node', '--strict']
  // `package/types.test.ts` has the types read by every version.
  const tsc = join(root, 'node_modules', 'typescript-7', 'bin', 'tsc')
  run(folder, 'node', tsc, ...options, '--outDir', 'out', 'main.mts', 'main.cts')
  t.equal(run(folder, 'node', 'out/main.mjs').trim(), 'roll over')
  t.equal(run(folder, 'node', 'out/main.cjs').trim(), 'roll over')
})

t.test('asks for no database before one is opened, and for no validator at all', async (t) => {
  const code =
    "require('dog-school'); require('dog-school/sqlite'); console.log(Object.keys(require.cache).filter((file) => !/js-tokens|dog-school.dist.cjs/.test(file)).join())"
  t.equal(run(folder, 'node', '--preserve-symlinks', '-e', code).trim(), '')
})

t.test('"go to definition" ends in the sources, and so does a stack trace', async (t) => {
  const maps = filesOf(place).filter((file) => file.endsWith('.map'))
  for (const kind of [/^dist\/cjs.*\.d\.ts\.map$/, /^dist\/cjs.*\.js\.map$/, /^dist\/esm.*\.mjs\.map$/])
    t.ok(maps.filter((file) => kind.test(file)).length > 30, String(kind))
  const lost = maps.flatMap((file) => {
    const { sources, file: of } = JSON.parse(readFileSync(join(place, file), 'utf8'))
    const named = readFileSync(join(place, dirname(file), of), 'utf8').match(/\/\/# sourceMappingURL=(.*)/)?.[1]
    return [...sources, named].filter((name: string) => !existsSync(join(place, dirname(file), name)))
  })
  t.strictSame(lost, [])
  const code = "require('dog-school').event('a.b')"
  const { stderr } = await failing('node', '--enable-source-maps', '-e', code)
  t.match(stderr, /dog-school\/src\/\w[\w-]*(\/\w[\w-]*)*\.ts:\d+/)
})

const failing = async (program: string, ...args: string[]): Promise<{ stderr: string }> => {
  try {
    run(folder, program, ...args)
  } catch (error) {
    return error as { stderr: string }
  }
  throw new Error('it did not fail')
}

t.test('publint finds nothing to say', async (t) => {
  const { publint } = await load(tools('quick'), 'publint')
  const archive = readFileSync(packed())
  const tarball = archive.buffer.slice(archive.byteOffset, archive.byteOffset + archive.byteLength)
  const { messages } = await publint({ pack: { tarball }, strict: true })
  // It would have the field `imports` in place of `browser`: Node reads that too, and has no `dist` in this checkout.
  t.strictSame(
    messages.filter(({ code }: { code: string }) => code !== 'USE_EXPORTS_OR_IMPORTS_BROWSER'),
    [],
  )
})

t.test('are the types wrong? They are not', async (t) => {
  const { checkPackage, createPackageFromTarballData } = await load(tools('quick'), '@arethetypeswrong/core')
  const { problems, entrypoints } = await checkPackage(
    createPackageFromTarballData(new Uint8Array(readFileSync(packed()))),
  )
  t.strictSame(problems, [])
  t.strictSame(Object.keys(entrypoints), Object.keys(manifest.exports))
})

t.test('a bundle has the core once, and what is not used stays out', async (t) => {
  const { build } = await load(tools('quick'), 'esbuild')
  const bundled = async (contents: string, format: string, minify = false, ...more: string[]): Promise<string> => {
    const stdin = { contents, resolveDir: folder, loader: 'ts' }
    const external = ['sql.js', ...more]
    const options = { bundle: true, write: false, platform: 'node', external, target: 'es2022', minify }
    return (await build({ stdin, format, ...options })).outputFiles[0].text
  }
  const both =
    "const { sqlite } = require('dog-school/sqlite'); import { ClosedError } from 'dog-school'; console.log(sqlite, ClosedError)"
  for (const format of ['esm', 'cjs']) t.equal((await bundled(both, format)).match(/"CLOSED"/g)?.length, 1, format)
  const one = await bundled("import { ClosedError } from 'dog-school'; console.log(ClosedError)", 'esm')
  t.notMatch(one, /(class|var|let|const) (Aggregate|Application|Mapper|MemoryRecorder)\b/)
  const core = "import { Aggregate, Application, event } from 'dog-school'; console.log(Aggregate, Application, event)"
  t.match(await bundled(core, 'esm'), /(class|var|let|const) Aggregate\b/)
  // A world that has the language and little else, not even URL, is enough to load it.
  const script = await bundled(core, 'iife')
  t.doesNotThrow(() => runInNewContext(script, { console: { log() {} }, TextEncoder, TextDecoder }))
  // What a program needs that keeps its events in memory: no store on a disk, no projection.
  const heavy = async (code: string, ...more: string[]) =>
    gzipSync(await bundled(code, 'esm', true, ...more), { level: 9 }).length
  const weight = await heavy(core)
  const alone = "import { Aggregate, event } from 'dog-school'; console.log(Aggregate, event)"
  t.comment(`minified and gzipped: ${weight} bytes, of which js-tokens ${weight - (await heavy(core, 'js-tokens'))}`)
  t.comment(`aggregates without an application: ${await heavy(alone)}`)
  t.ok(weight < 26_000, `${weight} bytes`)
  t.ok(weight < 8_000, 'it is as light as it is meant to be', { todo: `it is ${weight} bytes` })
})

t.test('nothing was written into node_modules', async (t) => t.strictSame(stateOf(place), before))
