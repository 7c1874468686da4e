/** The page about the library is true: its snippets compile, run, and show what their comments say. */
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inspect } from 'node:util'
import t from 'tap'
import ts from 'typescript'
import { decoratedClasses } from '../src/aggregates/definition'
import { looksLike, readNotebook, type Step } from '../src/course/notebook'
import { database, skip } from './recorders/postgres-server'

// Every snippet of the page is compiled and run.
t.setTimeout(1_200_000)
const root = join(__dirname, '..')
const page = readFileSync(join(root, 'src', 'README.md'), 'utf8')

interface Snippet {
  readonly section: string
  /** The name of the file, for a snippet that others import. */
  readonly file: string | undefined
  readonly text: string
  readonly line: number
}

const lineOf = (index: number): number => page.slice(0, index).split('\n').length
const snippets: Snippet[] = [...page.matchAll(/^```ts ?(\S*)\n(.*?)^```$/gms)].map(
  ({ 1: file, 2: text = '', index }) => ({
    section: [...page.slice(0, index).matchAll(/^## (.*)$/gm)].at(-1)?.[1] ?? '',
    file: file || undefined,
    text,
    line: lineOf(index),
  }),
)
const programs = snippets.filter(({ file }) => !file)

/** What a program calls with each value that the page shows. */
type Show = (step: number, value: unknown) => void
const steps = programs.map(
  ({ text }): readonly Step[] => readNotebook(`# 1 · Page\n\n\`\`\`ts\n${text}\`\`\``).pieces[0]?.cell?.steps ?? [],
)

/** The code of a step, whose last expression is handed to `show`. */
function shown({ code, shows }: Step, number: number): string {
  const last = ts.createSourceFile('step.ts', code, ts.ScriptTarget.ES2022).statements.at(-1)
  if (!shows) return code
  if (!last || !ts.isExpressionStatement(last)) throw new SyntaxError(`nothing to show at the end of: ${code}`)
  const { pos, end } = last.expression
  return `${code.slice(0, pos)}\n;show(${number}, ${code.slice(pos, end).trim()})`
}

/** As a module without `await` at its top: that of CommonJS. */
function wrapped(of: readonly Step[]): string {
  const code = of.map(shown).join('\n')
  const imports = code.match(/^import .*$/gm) ?? []
  const body = code.replace(/^import .*$/gm, '')
  return `${imports.join('\n')}\nexport async function main(show: (step: number, value: unknown) => void) {\n${body}\n}\n`
}

const folder = t.testdir()
const fileOf = (number: number): string => join(folder, `snippet-${number}.ts`)
for (const { file, text } of snippets) if (file) writeFileSync(join(folder, file), text)
for (const [i, of] of steps.entries()) writeFileSync(fileOf(i), wrapped(of))

t.test('the snippets compile, as strictly as the library does', async (t) => {
  const config = {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: { rootDir: root },
    files: programs.map((_, i) => fileOf(i)),
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
  const tsc = join(root, 'node_modules', 'typescript-7', 'bin', 'tsc')
  const { status, stdout } = spawnSync('node', [tsc, '-p', folder], { encoding: 'utf8' })
  t.strictSame([status, stdout], [0, ''])
})

/** Programs on a server take its address from the environment, as they would elsewhere. */
const needsServer = (text: string): boolean => text.includes('DATABASE_URL')

const back = process.cwd()
process.chdir(folder)
t.teardown(() => process.chdir(back))
/** The classes of each file that others import. */
const shared = snippets.flatMap(({ file }) => {
  const before = new Set(decoratedClasses)
  if (!file) return []
  require(join(folder, file))
  return [
    { module: `./${file.replace(/\.ts$/, '')}`, classes: [...decoratedClasses].filter((type) => !before.has(type)) },
  ]
})
for (const [i, { section, line, text }] of programs.entries())
  t.test(`${section} (line ${line})`, { skip: needsServer(text) && skip }, async (t) => {
    if (needsServer(text)) process.env.DATABASE_URL = (await database(t)).url
    const own = steps[i] as readonly Step[]
    const values = new Map<number, string>()
    // In a program of its own, there are no classes of the other snippets.
    decoratedClasses.clear()
    for (const { module, classes } of shared)
      if (programs[i]?.text.includes(`'${module}'`)) for (const type of classes) decoratedClasses.add(type)
    const { main } = require(fileOf(i)) as { main: (show: Show) => Promise<void> }
    await main((step, value) => void values.set(step, inspect(value)))
    t.ok(values.size > 0, 'it shows something')
    for (const [step, value] of values) {
      const { code, expected = '' } = own[step] as Step
      if (looksLike(expected, value)) t.pass(expected)
      else t.equal(value, expected, code)
    }
    t.equal(values.size, own.filter(({ shows }) => shows).length, 'and got to the end')
  })
