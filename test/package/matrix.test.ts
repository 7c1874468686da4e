/**
 * The same two modules built by each tool: each program reads what every other one wrote, or refuses at definition or
 * at its first save, and says what to write. Nothing unreadable, empty, doubled or swapped is ever recorded.
 *
 * `npm test` has a handful of tools, `npm run test:long` all of them (`DOG_SCHOOL_LONG=1`); `DOG_SCHOOL_BUILDS=Bun` picks
 * those with this in their names.
 */
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import initSqlJs from 'sql.js'
import t from 'tap'
import { type Build, type Form, type Outcome, unless } from './building'
import { builds } from './builds'
import { moreBuilds } from './more-builds'
import { installed } from './packed'
import { remedy, started } from './started'

const isLong = process.env.DOG_SCHOOL_LONG === '1'
/** Those of `npm test`: one that keeps names, one that numbers them, and those that shorten them. */
const quick = [
  'tsc, CommonJS',
  'esbuild, bundled, with other code',
  'esbuild --minify, bundled',
  'terser',
  'swc, 2023-11',
]
const forms: readonly Form[] = ['short', 'literal', 'plain']

const rows: [string, Record<string, string>][] = [
  ['kennel:Dog.Registered', { originator_topic: 'kennel:Dog', name: 'Fido', breed: 'collie' }],
  ['kennel:Dog.TrickAdded', { trick: 'roll over' }],
  ['kennel:Dog.Moved', { from: 'Lisbon', to: 'Porto' }],
  ['kennel:Dog.Moved', { from: 'Porto', to: 'Faro' }],
]
const state = {
  name: 'Fido',
  breed: 'collie',
  tricks: ['roll over'],
  journeys: ['Lisbon to Porto', 'Porto to Faro'],
  moves: 2,
  version: 4,
}
const log = rows.map(([topic, { originator_topic: _, ...payload }]) => [topic, payload])
interface Program {
  readonly build: Build
  readonly form: Form
  readonly command: readonly string[]
  /** The database that it writes. */
  readonly file: string
  readonly wanted: Outcome
  /** What the tool said, where it could not make a program of it. */
  readonly failed?: unknown
}
const folder = mkdtempSync(join(tmpdir(), 'dog-school-matrix-'))
t.teardown(() => rmSync(folder, { recursive: true }))
t.setTimeout(1_800_000)
installed(folder)

/** What stands in a file, read with sql.js alone. */
async function rowsIn(file: string): Promise<unknown[]> {
  if (!existsSync(file)) return []
  const { Database } = await initSqlJs()
  const database = new Database(readFileSync(file))
  const hasTable = database.exec("SELECT 1 FROM sqlite_master WHERE name = 'stored_events'").length > 0
  const [found] = hasTable ? database.exec('SELECT topic, state FROM stored_events ORDER BY rowid') : []
  database.close()
  return (found?.values ?? []).map(([topic, state]) => {
    const text = typeof state === 'string' ? state : new TextDecoder().decode(state as Uint8Array)
    const { timestamp: _, ...fields } = JSON.parse(text)
    return [topic, fields]
  })
}

async function made(build: Build, form: Form): Promise<Program> {
  const name = `${build.name.replace(/\W+/g, '-')}-${form}`
  const [from, out] = [join(folder, name, 'src'), join(folder, name, 'out')]
  cpSync(join(__dirname, 'domain', form), from, { recursive: true })
  copyFileSync(join(__dirname, 'domain', 'short', 'program.ts'), join(from, 'program.ts'))
  mkdirSync(out)
  const program = { build, form, file: join(folder, `${name}.db`), wanted: form === 'plain' ? 'works' : build[form] }
  try {
    return { ...program, command: await build.make({ from, out }) }
  } catch (error) {
    return { ...program, command: [], failed: error }
  }
}

t.test('the same modules in every build', async (t) => {
  const programs: Program[] = []
  const { DOG_SCHOOL_BUILDS: picked = '' } = process.env
  const chosen = isLong || picked ? [...builds, ...moreBuilds] : builds.filter(({ name }) => quick.includes(name))
  for (const build of chosen.filter(({ name }) => name.includes(picked)))
    for (const form of isLong ? forms : forms.slice(0, 2)) programs.push(await made(build, form))

  const written: string[] = []
  for (const { build, form, command, file, wanted, failed } of programs) {
    // Each reads what is there already, too.
    const { out, error } = failed
      ? { out: '', error: failed }
      : await started(folder, command, 'write', file, 'read', ...written)
    const found = await rowsIn(file)
    await t.test(`${build.name}, ${form}: ${wanted}`, unless(failed), async (t) => {
      if (wanted === 'works') {
        t.equal(error, undefined)
        t.strictSame(out && JSON.parse(out), [state, ...written.map(() => ({ state, log }))])
      }
      if (wanted === 'refuses') t.match(error, remedy)
      if (wanted === 'no decorators') t.match(error, /SyntaxError/)
      t.strictSame(found, wanted === 'works' ? rows : [], 'what is recorded is what was meant')
    })
    if (isDeepStrictEqual(found, rows)) written.push(file)
  }

  // And what was written after. Where nothing was missing so far, one program stands for all: their rows are the same.
  const readers = programs.filter(({ wanted, failed }) => wanted === 'works' && !failed)
  for (const { build, form, command } of readers.slice(0, isLong ? undefined : 1)) {
    const { out, error } = await started(folder, command, 'read', ...written)
    await t.test(`${build.name}, ${form}: reads what every other one wrote`, async (t) => {
      t.equal(error, undefined)
      t.strictSame(
        out && JSON.parse(out),
        written.map(() => ({ state, log })),
      )
    })
  }
})
