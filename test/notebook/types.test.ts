/** What TypeScript says on the page: of every answer in the repository, the same as in a terminal. */
import { copyFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { createBirpc } from 'birpc'
import * as library from 'dog-school'
import t from 'tap'
import * as ts from 'typescript'
import { isGrammar, troubleIn } from '../../src/checkpoints/complaints'
import { filesIn, type Lesson, lessons, textOf } from '../../src/checkpoints/folders'
import type { Run } from '../../src/checkpoints/judge-process'
import { neighbours, typeErrors } from '../../src/checkpoints/type-errors'
import { builtNotebook } from '../../src/cli/build-notebook'
import { readParts } from '../../src/cli/lesson-parts'
import { judgeAnswers } from '../../src/cli/verify-answers'
import { readNotebook } from '../../src/course/notebook'
import type { Trouble } from '../../src/course/verdict'
import { kit } from '../../src/node/paths'
import { onPage } from '../../src/notebook/on-page'
import { adviceIn } from '../../src/notebook/page/cells/advice'
import type { Shown } from '../../src/notebook/run'
import { AnswerTypes } from '../../src/notebook/types/answer-types'
import { CellTypes } from '../../src/notebook/types/cell-types'
import { declarations } from '../../src/notebook/types/declarations'
import { openProject } from '../../src/notebook/types/project'
import type { Types } from '../../src/notebook/types/types'
import { readCell } from '../../src/repl/cells/cell'
import { preludeOf } from '../../src/repl/cells/evaluator'
import { exporting, Scope } from '../../src/repl/cells/scope'
import { CellTypes as PromptTypes } from '../../src/repl/cells/type-service'
import { kitSchool } from '../../src/repl/start/current-school'
import { preloaded } from '../../src/repl/start/globals'

type Files = ReadonlyMap<string, string>
type Said = readonly Trouble[]

const declared = declarations()
const beside = (lesson: Lesson): Files =>
  new Map(neighbours(lesson).flatMap((folder) => [...filesIn(folder)].filter(([name]) => name.endsWith('.ts'))))
/** The declarations are parsed once for all that is asked here. */
const registry = ts.createDocumentRegistry(true)
const alone = new AnswerTypes(
  ts,
  declared,
  (number) => beside(lessons().find((each) => each.number === number) as Lesson),
  registry,
)

interface Answer {
  readonly lesson: Lesson
  readonly folder: string
  readonly files: Files
}

/** Every answer, in a folder that is there until it was used. */
async function withAnswers(use: (answers: readonly Answer[]) => Promise<void>): Promise<void> {
  const all: Answer[] = []
  let done: () => void = () => undefined
  const used = new Promise<void>((resolve) => {
    done = resolve
  })
  const laid = lessons().map((lesson) =>
    judgeAnswers(lesson, readParts(lesson), async (_, folders) => {
      for (const folder of folders) all.push({ lesson, folder, files: filesIn(folder) })
      await used
      return folders.map((folder): Run => ({ folder, verdict: { outcome: 'passed', passed: [] }, printed: '' }))
    }),
  )
  await use(all).finally(done)
  await Promise.all(laid)
}

const folder = (at: number) => `/answers/${at}/`
const answerOf = (path: string) => Number(path.split('/')[2])

/** What is said on the page, of all in one program. */
function saidOnPage(answers: readonly Answer[], near: Files): readonly Said[] {
  const folders = near.size > 0 ? [...answers.map((_, at) => folder(at)), '/beside/'] : []
  const page = openProject(ts, declared, folders, registry)
  const complaints = (isLeftOut: (at: number) => boolean) => {
    const files = answers.flatMap(({ files }, at) =>
      isLeftOut(at) ? [] : [...files].map(([name, text]) => [folder(at) + name, text] as const),
    )
    page.put(new Map(files), new Map([...near].map(([name, text]) => [`/beside/${name}`, text])))
    return page.complaints()
  }
  const first = complaints(() => false)
  const unreadable = new Set(first.filter(isGrammar).map(({ path }) => answerOf(path)))
  const others = unreadable.size > 0 ? complaints((at) => unreadable.has(at)) : first
  return answers.map(({ files }, at) =>
    (unreadable.has(at) ? first : others)
      .filter(({ path }) => path.startsWith(folder(at)))
      .map((found) => {
        const name = found.path.slice(folder(at).length)
        return troubleIn(name, files.get(name) ?? '', found, () => ts)
      }),
  )
}

t.test('of every answer, the page says what the terminal says', async (t) => {
  const isSame = (one: Said, other: Said) => JSON.stringify(one) === JSON.stringify(other)
  const compare = async (answers: readonly Answer[]) => {
    const { lesson } = answers[0] as Answer
    const asked = typeErrors(
      answers.map((each) => each.folder),
      neighbours(lesson),
    )
    // The compiler is at work meanwhile.
    const page = saidOnPage(answers, beside(lesson))
    const terminal = await asked
    for (const [at, { lesson, folder, files }] of answers.entries()) {
      const wanted = terminal.get(folder) ?? []
      // TypeScript 6 finds similar names for the first ten that are unknown: of all answers, or of one.
      if (!isSame(page[at] ?? [], wanted))
        t.strictSame(alone.complaints(lesson.number, files), wanted, `an answer to lesson ${lesson.number}`)
    }
  }
  await withAnswers(async (all) => {
    t.ok(all.length > 700, 'there are hundreds')
    const isFirst = ({ lesson }: Answer) => lesson.number === 1
    await compare(all.filter(isFirst))
    await compare(all.filter((each) => !isFirst(each)))
  })
})

const withFile = (files: Files, name: string, text: string): Files => new Map(files).set(name, text)

/** Where a code has members: `tricks` in `this.tricks`. */
function membersIn(text: string): readonly { readonly name: string; readonly at: number }[] {
  const found = new Map<string, number>()
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAccessExpression(node)) found.set(node.name.text, node.name.getStart())
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile('answer.ts', text, ts.ScriptTarget.Latest, true))
  return [...found].map(([name, at]) => ({ name, at }))
}

for (const { number, folder } of lessons())
  t.test(`lesson ${number}: members are completed and explained, and a slip is found where it is`, async (t) => {
    const files = filesIn(join(folder, 'solution'))
    for (const [file, text] of files) {
      t.strictSame(alone.errorsIn(number, files, file), [], `${file} is without errors`)
      const members = membersIn(text)
      for (const { name, at } of members) {
        const found = alone.completionsAt(number, files, file, at)
        t.equal(found?.from, at)
        t.ok(
          found?.options.some(({ label }) => label === name),
          `${name} is among the completions`,
        )
        const { from, to, text } = alone.hoverAt(number, files, file, at) ?? {}
        t.match({ from, to, text }, { from: at, to: at + name.length, text: name })
      }
      const { name, at } = members[0] ?? { name: '', at: 0 }
      const slip = withFile(files, file, `${text.slice(0, at)}un${text.slice(at)}`)
      if (members.length > 0)
        t.match(alone.errorsIn(number, slip, file), [{ from: at, to: at + name.length + 2, message: `'un${name}'` }])
      t.strictSame(alone.errorsIn(number, files, 'nobody.ts'), [])
    }
  })

t.test('completions', async (t) => {
  const files = filesIn(join(lessons()[6]?.folder ?? '', 'solution'))
  const dog = files.get('dog.ts') ?? ''
  /** What is offered where the text has a `|`. */
  const offered = (text: string, name = 'dog.ts') => {
    const found = alone.completionsAt(7, withFile(files, name, text.replace('|', '')), name, text.indexOf('|'))
    return found?.options ?? []
  }
  const labels = (text: string, name?: string) => offered(text, name).map(({ label }) => label)
  const body = (line: string) => dog.replace(/\}\s*$/, `  sit() {\n    ${line}\n  }\n}\n`)

  t.strictSame(
    labels(body('this.|')).slice(0, 4),
    ['addTrick', 'name', 'sit', 'tricks'],
    'first, what the learner has written',
  )
  t.match(offered(body('this.add|')), [{ label: 'addTrick', kind: 'method', detail: '(trick: string) => void' }])
  t.strictSame(labels(body('this.tricks.pus|')).includes('push'), true)
  t.strictSame(
    labels(body('consol|')).filter((label) => /console/i.test(label)),
    ['console'],
  )
  t.equal(labels(body('consol|')).includes('Buffer'), false, "of Node's names, those that begin so")
  t.strictSame(labels("import { Dog } from '|'", 'dog-school.ts'), [
    './dog',
    'dog-school',
    'dog-school/sqlite',
    'tap',
    'zod',
    'node:assert/strict',
  ])
  t.ok(labels("import { | } from 'dog-school'").includes('Aggregate'))
  t.notOk(labels("import { | } from 'dog-school'").includes('__esModule'))
  t.strictSame(labels('const a = "|"'), [])
})

t.test('errors are those of the checkpoint, with the rest of the sentences', async (t) => {
  const errors = (text: string) => alone.errorsIn(3, new Map([['dog.ts', text]]), 'dog.ts')
  t.strictSame(errors(''), [], 'an empty file')
  t.strictSame(
    errors('export class Dog {\n  sit() {\n}\n'),
    [{ from: 27, to: 28, message: 'This { is never closed.', code: 1005 }],
    'one brace is one error, where it is',
  )
  t.strictSame(errors("import { Cat } from 'dog-school'\nexport { Cat }\n"), [
    { from: 9, to: 12, message: `Module '"dog-school"' has no exported member 'Cat'.`, code: 2305 },
  ])
  t.match(errors('const age = { years: 3 }\nexport const name: { years: string } = age\n'), [
    { message: /^Type '{ years: number; }' is not .*\n {2}Types of property 'years' .*\n {4}Type 'number' is not / },
  ])
  const two = new Map([
    ['dog.ts', 'export const dog: string = 1\n'],
    ['cat.ts', 'export const cat = (\n'],
  ])
  t.match(
    alone.errorsIn(3, two, 'dog.ts'),
    [{ from: 13, to: 16, code: 2322 }],
    'whatever is the matter with other files',
  )
  t.match(alone.complaints(3, two), [{ place: { file: 'cat.ts' } }], 'which a compiler would not have come to')
})

/** Of cells, with the same names and declarations as on the page. */
const last = lessons().at(-1) as Lesson
const cells = new CellTypes(ts, declared, filesIn(join(last.folder, 'solution')), registry)
const codesOf = (lesson: Lesson): readonly string[] =>
  readNotebook(onPage(textOf(lesson, 'lesson.md'))).pieces.flatMap(({ cell }) => cell?.text ?? [])

t.test('of a cell, the page says what the prompt says', async (t) => {
  const school = kitSchool()
  const names = preloaded(school)
  const roots = { folder: kit, kit, prelude: preludeOf(names) }
  const prompt = new PromptTypes(roots)
  let slips = 0
  for (const lesson of lessons()) {
    const scope = new Scope()
    scope.preload(names)
    const before: string[] = []
    for (const code of codesOf(lesson)) {
      t.strictSame(cells.errorsIn({ before, code }), [], `lesson ${lesson.number}: ${code}`)
      for (const { at } of membersIn(code)) {
        const slip = `${code.slice(0, at)}un${code.slice(at)}`
        const found = cells.errorsIn({ before, code: slip })
        const cell = readCell(ts, slip)
        const wanted = prompt.check(scope.header(cell.text, cell.declared), cell.text)
        const lines = slip.split('\n')
        const offset = (line: number, column: number) =>
          lines.slice(0, line).reduce((sum, { length }) => sum + length + 1, column)
        t.strictSame(
          found.map(({ code, from }) => [code, from]),
          wanted.map(({ code, line, column }) => [code, offset(line, column)]),
          slip,
        )
        slips += found.length
      }
      const cell = readCell(ts, code)
      const module = `.cell-${lesson.number}-${before.length}`
      prompt.keep(module, scope.header(cell.text, cell.declared), exporting(cell, cell.declared))
      scope.add(`./${module}`, cell.declared)
      before.push(code)
    }
  }
  t.ok(slips > 20, `${slips} slips`)
})

t.test(
  'of code that has run, the first complaint is said below its cell, with its line, as at the prompt',
  async (t) => {
    const before = ["const id = await school.registerDog('Fido')"]
    const said = (code: string, ...shown: readonly Shown[]) => adviceIn(code, cells.errorsIn({ before, code }), shown)
    const misspelt = "await school.addTrik(id, 'sit')\nawait school.addTrick(id, 'sit').name"
    t.equal(
      said(`\n${misspelt}`),
      "TypeScript, line 2: Property 'addTrik' does not exist on type 'DogSchool'. Did you mean 'addTrick'?",
    )
    const forgotten = 'const { tricks } = school.getDog(id)\ntricks'
    t.match(
      said(forgotten),
      /^TypeScript, line 1: Property 'tricks' does not exist on type 'Promise<[^\n]*>'\. It is a promise: put `await` /,
    )
    t.match(
      said('const dog = await school.getDog(id)\ndog.trick'),
      /^TypeScript, line 2: [^\n]*\. Did you mean 'tricks'\?$/,
    )
    t.equal(
      said('const name: { first: string } = { first: 1 }'),
      "TypeScript, line 1: Type 'number' is not assignable to type 'string'.",
    )
    t.match(
      said('const years = { old: 1 }\nconst of: { old: string } = years'),
      /^[^\n]* type '{ old: string; }'\. Type 'number' is not [^\n]*\.$/,
    )
    t.equal(said("await school.addTrick(id, 'sit')"), undefined)
    t.equal(said(''), undefined)

    const nested = 'school.addTrick(school.registerDog("Rex"), "sit")'
    const line = (text: string): Shown => ({ tone: 'plain', text })
    t.match(said(nested), / It is a promise: put `await` in front of it/)
    for (const text of [
      'Line 1 returns a promise that nobody waits for: put `await` in front of it.',
      'Lines 1, 2 and 13 return promises that nobody waits for: put `await` in front of them.',
    ]) {
      t.equal(said(nested, line(text)), undefined, 'the run has said so')
      t.match(said(`\n\n${nested}`, line(text)), /^TypeScript, line 3:/, 'of another line')
      t.match(said(misspelt, line(text)), / Did you mean 'addTrick'/, 'of another mistake')
    }
  },
)

t.test('cells know the names of those before them, and each may declare a name anew', async (t) => {
  const before = ["const id = await school.registerDog('Fido')\nid", 'const broken = (', 'id.length']
  const errors = (code: string) => cells.errorsIn({ before, code }).map(({ from, to, message }) => [from, to, message])
  t.strictSame(errors('const id = 1\n_.toFixed(id)'), [], 'the value that was shown last as well')
  t.strictSame(errors('id.foo'), [[3, 6, "Property 'foo' does not exist on type 'string'."]])
  t.strictSame(errors("{ dog: 'Fido', id }"), [])
  t.strictSame(errors('{ dog: fido }'), [[7, 11, "Cannot find name 'fido'."]], 'an object, as it stands')
  t.strictSame(errors('const x = (1'), [[10, 11, 'This ( is never closed.']])
  t.match(errors('let a\nlet a'), [
    [4, 5, /redeclare/],
    [10, 11, /redeclare/],
  ])
  t.strictSame(errors('for (;;) {}\nawait 1'), [], 'what never runs is no mistake')
  t.strictSame(errors(Object.keys(library).join('\n')), [], 'they know the library')
  t.strictSame(errors('postgres'), [[0, 8, "Cannot find name 'postgres'."]], 'it is not on a page')
  const code = 'const dog = await school.getDog(id)\ndog.'
  const found = cells.completionsAt({ before, code }, code.length)
  t.strictSame([found?.from, found?.options.map(({ label }) => label)], [code.length, ['name', 'tricks']])
  const importing = "import { sqlite } from 'dog"
  t.match(cells.completionsAt({ before, code: `${importing}'` }, importing.length), {
    from: importing.indexOf('dog'),
    options: [{ label: 'dog-school' }, { label: 'dog-school/sqlite' }, { label: 'zod' }],
  })
  const at = code.indexOf('getDog')
  t.match(cells.hoverAt({ before, code }, at), { from: at, to: at + 6, text: /^DogSchool\.getDog\(dogId: string\)/ })
})

t.test('what is under the pointer, with its documentation as plain text', async (t) => {
  const files = filesIn(join(lessons()[2]?.folder ?? '', 'solution'))
  const hover = (word: string, name = 'dog.ts') => alone.hoverAt(3, files, name, files.get(name)?.indexOf(word) ?? -1)
  t.match(hover('Aggregate'), {
    text: 'class Aggregate',
    documentation: /^Extend it, and write `@event\('…'\)` above the class .* is then an event/,
  })
  t.match(hover('event'), { documentation: /\n\nThe decorated call throws .*\nThrows: TypeError when / })
  t.match(hover("'dog-school'"), { text: 'module "dog-school"', documentation: undefined })
  t.equal(hover('{'), undefined)
  t.equal(hover('event', 'nobody.ts'), undefined)
})

t.test('the worker, as it is built', async (t) => {
  const assets = join(await builtNotebook(), 'assets')
  const folder = t.testdir({ 'package.json': '{ "type": "module" }' })
  const copied = (part: string): string => {
    const name = readdirSync(assets).find((each) => each.startsWith(`${part}-`)) ?? ''
    copyFileSync(join(assets, name), join(folder, name))
    return join(folder, name)
  }
  copied('typescript')
  const script = pathToFileURL(copied('types-worker')).href
  const worker = new Worker(join(__dirname, 'browser-worker.cjs'), { workerData: { script } })
  t.teardown(() => worker.terminate())
  const types = createBirpc<Types, Record<never, never>>(
    {},
    { post: (message) => worker.postMessage(message), on: (hear) => worker.on('message', hear), timeout: -1 },
  )
  await t.rejects(types.complaints(1, new Map()), { message: /^TypeScript could not be loaded/ }, 'a file is missing')
  copied('declarations')
  for (const lesson of lessons()) {
    const start = filesIn(join(lesson.folder, 'start'))
    t.strictSame(await types.complaints(lesson.number, start), alone.complaints(lesson.number, start))
  }
  const files = new Map([['dog.ts', "import { Aggregate } from 'dog-school'\nexport class Dog extends Aggregate {}\n"]])
  for (const ask of ['completionsAt', 'hoverAt'] as const) {
    const found = await types[ask](3, files, 'dog.ts', 12)
    t.ok(found)
    t.strictSame(found, alone[ask](3, files, 'dog.ts', 12))
  }
  t.strictSame(await types.errorsIn(3, files, 'dog.ts'), [])
  const cell = { before: ['const id = 1'], code: 'school.getDog(id)' }
  t.match(await types.cellErrors(cell), [{ from: 14, to: 16, code: 2345 }])
  t.match(await types.cellHover(cell, 14), { from: 14, text: 'const id: 1' })
  t.match(await types.cellCompletions(cell, 10), { from: 7, options: [{ label: 'addTrick' }] })
})
