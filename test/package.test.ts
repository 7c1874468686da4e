/**
 * What a user installs: the package is packed as npm would publish it, unpacked in an empty folder, and used
 * from CommonJS, from ESM and from TypeScript. (Its dependencies are linked, so that the test needs no network.)
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import t from 'tap'
import { cleanEnvironment } from './clean-environment'

const root = join(__dirname, '..')
const env = cleanEnvironment()
const run = (cwd: string, program: string, ...args: string[]) =>
  execFileSync(program, args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })

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

function unpacked(folder: string): string {
  run(root, 'npm', 'pack', '--silent', '--pack-destination', folder)
  const [archive = ''] = readdirSync(folder).filter((name) => name.endsWith('.tgz'))
  const installed = join(folder, 'node_modules', 'dog-school')
  mkdirSync(installed, { recursive: true })
  run(folder, 'tar', 'xzf', archive, '-C', installed, '--strip-components=1')
  for (const name of [
    'zod',
    'sql.js',
    'ts-node',
    'typescript',
    'js-tokens',
    'string-width',
    '@types/node',
    'undici-types',
  ]) {
    mkdirSync(dirname(join(folder, 'node_modules', name)), { recursive: true })
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name))
  }
  return installed
}

t.test('the packed package', async (t) => {
  // Outside this checkout: inside of it, the name of the package means the checkout itself.
  const folder = mkdtempSync(join(tmpdir(), 'dog-school-package-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const installed = unpacked(folder)

  await t.test('works from CommonJS', async (t) => {
    const code =
      "const lib = require('dog-school'); console.log(typeof lib.Aggregate, typeof require('dog-school/sqlite').sqlite)"
    t.equal(run(folder, 'node', '-e', code).trim(), 'function function')
  })

  await t.test('works from ESM, by names', async (t) => {
    writeFileSync(
      join(folder, 'main.mjs'),
      "import { Aggregate, VersionConflictError } from 'dog-school'; import { sqlite } from 'dog-school/sqlite'; console.log(typeof Aggregate, typeof VersionConflictError, typeof sqlite)",
    )
    t.equal(run(folder, 'node', 'main.mjs').trim(), 'function function function')
  })

  await t.test('is typed, and its events are on the disk', async (t) => {
    const imports =
      "import { Aggregate, Application, event } from 'dog-school'\nimport { sqlite } from 'dog-school/sqlite'\n"
    writeFileSync(join(folder, 'main.mts'), imports + program)
    writeFileSync(join(folder, 'main.cts'), imports + program)
    const options = ['--module', 'nodenext', '--target', 'es2023', '--lib', 'es2023', '--types', 'node', '--strict']
    run(
      folder,
      'node',
      join(root, 'node_modules', 'typescript', 'bin', 'tsc'),
      ...options,
      '--outDir',
      'out',
      'main.mts',
      'main.cts',
    )
    t.equal(run(folder, 'node', 'out/main.mjs').trim(), 'roll over')
    t.equal(run(folder, 'node', 'out/main.cjs').trim(), 'roll over')
  })

  await t.test('holds the course, and nothing of the tests', async (t) => {
    t.strictSame(
      ['dist', 'lessons', 'src'].filter((name) => !readdirSync(installed).includes(name)),
      [],
    )
    t.notOk(readdirSync(installed).includes('test'))
  })

  await t.test('asks for no package before a database or a schema is used', async (t) => {
    const code =
      "require('dog-school'); require('dog-school/sqlite'); console.log(Object.keys(require.cache).filter((file) => /node_modules.(sql\\.js|zod|diff|js-tokens|string-width|ts-node|typescript|tap)/.test(file)).join())"
    t.equal(run(folder, 'node', '--preserve-symlinks', '-e', code).trim(), '')
    const core = readdirSync(join(installed, 'dist')).filter((name) => name.endsWith('.js'))
    t.comment(
      `gzipped, with comments: ${core.reduce((sum, name) => sum + gzipSync(readFileSync(join(installed, 'dist', name))).length, 0)} bytes`,
    )
  })
})
