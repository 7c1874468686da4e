/**
 * The types, as each TypeScript reads them, in each way in which a package is found: the README's program compiles, with
 * nothing but the package and Node's types beside it, and with the declarations themselves checked. The long form
 * (`DOG_SCHOOL_LONG=1`) has every version from 5.4 on.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { installed, root } from './packed'
import { program, wrapped } from './program'
import { started } from './started'
import { tools } from './tools'

const isLong = process.env.DOG_SCHOOL_LONG === '1'
const folder = mkdtempSync(join(tmpdir(), 'dog-school-types-'))
t.teardown(() => rmSync(folder, { recursive: true }))
t.setTimeout(1_800_000)
installed(folder, '@types/node', 'undici-types')

const typed = `import { type Application, type ApplicationOptions, defineEvent, type DomainEvent, events, Aggregate } from 'dog-school'
import { aesGcm, createKey, HashChain, SubjectKeys, zlib } from 'dog-school/encryption'
import { logHandler, remoteLog, serveLog } from 'dog-school/http'
import { keyFile } from 'dog-school/key-file'
import { type PostgresRecorder, postgres } from 'dog-school/postgres'
import { type SqliteRecorder, sqlite } from 'dog-school/sqlite'

const Moved = defineEvent('Moved', ['from', 'to'])
class Cat extends Aggregate {
  static override readonly topic = 'kennel:Cat'
  place = ''
  move(from: string, to: string): void { this.place = from + to }
}
export const Kitten = events(Cat, { constructor: 'Born', move: Moved })
export const store: SqliteRecorder = sqlite(':memory:')
export const server: PostgresRecorder = postgres(['postgres://a/b', 'postgres://c/b'], { schema: 'kennel', ssl: { ca: '' } })
export const isMoved = (event: DomainEvent): boolean => Moved.is(event)
export const save = (application: Application): Promise<number[]> => application.save(new Kitten())
export const served = (school: Application) => serveLog(logHandler(school, { token: 'bone' }))
export const names = async (url: string): Promise<string[]> =>
  (await remoteLog(url, { name: 'kennel', fetch }).select()).map(({ name }) => name)
export const next = async (school: Application): Promise<unknown> => {
  for await (const { name, payload } of school.follow({ topics: [Moved] })) return name === 'Moved' && payload.from
  return undefined
}
const Sold = defineEvent('Sold', ['owner'], { personal: { subject: (_, { aggregateId }) => aggregateId, fields: ['owner'] } })
export const isSold = (event: DomainEvent): boolean => Sold.is(event)
const keys = new SubjectKeys(keyFile('people.keys'))
export const secret = { keys, compressor: zlib(), cipher: aesGcm([{ id: '2026', key: createKey() }]) } satisfies ApplicationOptions
export const edited = async (school: Application) => school.verify({ chain: new HashChain(school.recorder, { kept: [] }) })
// @ts-expect-error: a key has an id, or is a text
aesGcm([{ name: '2026', key: createKey() }])
// @ts-expect-error: it says who may read it
export const open = (school: Application) => logHandler(school, {})
// @ts-expect-error: it takes two
new Kitten().move('Lisbon')
`
const wrong = "import { sqlite } from 'dog-school/sqlite'\nexport const store: string = sqlite(':memory:')\n"

const ways: Readonly<Record<string, object>> = {
  nodenext: { module: 'nodenext' },
  bundler: { module: 'esnext', moduleResolution: 'bundler' },
  'preserve, verbatim': { module: 'preserve', verbatimModuleSyntax: true },
  experimentalDecorators: { module: 'nodenext', experimentalDecorators: true, emitDecoratorMetadata: true },
  'a browser': { module: 'esnext', moduleResolution: 'bundler', types: [], lib: ['es2022', 'dom'] },
  node10: { module: 'commonjs', moduleResolution: 'node10' },
}
const common = {
  noEmit: true,
  strict: true,
  skipLibCheck: false,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noImplicitOverride: true,
  target: 'es2022',
  lib: ['es2023'],
  types: ['node'],
}

async function complaints(compiler: string, compilerOptions: object, files: readonly string[]): Promise<string> {
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: { ...common, ...compilerOptions }, files }),
  )
  const tsc = join(compiler, 'bin', 'tsc')
  const { error } = await started(folder, ['node', tsc, '-p', '.', '--pretty', 'false'])
  return error ?? ''
}

writeFileSync(join(folder, 'program.mts'), program)
writeFileSync(join(folder, 'program.ts'), wrapped)
writeFileSync(join(folder, 'typed.ts'), typed)
writeFileSync(join(folder, 'wrong.ts'), wrong)

t.test('the types', async (t) => {
  const here = join(root, 'node_modules')
  const others = isLong ? join(tools('long'), 'node_modules') : ''
  const compilers: Record<string, string> = {
    'TypeScript 7': join(here, 'typescript-7'),
    ...(isLong && {
      'TypeScript 5.4': join(others, 'typescript-5.4'),
      'TypeScript 5.9': join(others, 'typescript-5.9'),
      'TypeScript 6': join(here, 'typescript'),
    }),
  }
  for (const [name, compiler] of Object.entries(compilers)) {
    // 6 warns of it, 7 has it no longer.
    const known = (isLong ? Object.keys(ways) : ['nodenext', 'a browser']).filter(
      (way) => way !== 'node10' || / 5/.test(name),
    )
    for (const way of known)
      await t.test(`${name}, ${way}`, async (t) => {
        const options = ways[way] as { module: string }
        // Where a file with this extension can be an ES module.
        const files = options.module === 'commonjs' ? ['program.ts', 'typed.ts'] : ['program.mts', 'typed.ts']
        t.equal(await complaints(compiler, options, files), '')
      })
    await t.test(`${name} sees a mistake`, async (t) => {
      const said = await complaints(compiler, ways.nodenext as object, ['wrong.ts'])
      t.match(said, /^wrong\.ts.*TS2322: Type 'SqliteRecorder'/)
    })
  }
})
