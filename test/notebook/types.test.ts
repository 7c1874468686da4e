/** What TypeScript says on the page: of every answer in the repository, the same as in a terminal. */
import { copyFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { createBirpc } from 'birpc'
import t from 'tap'
import * as ts from 'typescript'
import { isGrammar, troubleIn } from '../../src/checkpoints/complaints'
import { filesIn, type Lesson, lessons } from '../../src/checkpoints/folders'
import type { Run } from '../../src/checkpoints/judge-process'
import { neighbours, typeErrors } from '../../src/checkpoints/type-errors'
import { builtNotebook } from '../../src/cli/build-notebook'
import { readParts } from '../../src/cli/lesson-parts'
import { judgeAnswers } from '../../src/cli/verify-answers'
import type { Trouble } from '../../src/course/verdict'
import { AnswerTypes } from '../../src/notebook/types/answer-types'
import { declarations } from '../../src/notebook/types/declarations'
import { openProject } from '../../src/notebook/types/project'
import type { Types } from '../../src/notebook/types/types'

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
function onPage(answers: readonly Answer[], near: Files): readonly Said[] {
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
    const page = onPage(answers, beside(lesson))
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
})
