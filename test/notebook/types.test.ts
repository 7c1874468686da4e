/** What TypeScript says on the page: of every answer in the repository, the same as in a terminal. */
import t from 'tap'
import * as ts from 'typescript'
import { isGrammar, troubleIn } from '../../src/checkpoints/complaints'
import { filesIn, type Lesson, lessons } from '../../src/checkpoints/folders'
import type { Run } from '../../src/checkpoints/judge-process'
import { neighbours, typeErrors } from '../../src/checkpoints/type-errors'
import { readParts } from '../../src/cli/lesson-parts'
import { judgeAnswers } from '../../src/cli/verify-answers'
import type { Trouble } from '../../src/course/verdict'
import { AnswerTypes } from '../../src/notebook/types/answer-types'
import { declarations } from '../../src/notebook/types/declarations'
import { openProject } from '../../src/notebook/types/project'

type Files = ReadonlyMap<string, string>
type Said = readonly Trouble[]

const declared = declarations()
const beside = (lesson: Lesson): Files =>
  new Map(neighbours(lesson).flatMap((folder) => [...filesIn(folder)].filter(([name]) => name.endsWith('.ts'))))
const alone = new AnswerTypes(ts, declared, (number) =>
  beside(lessons().find((each) => each.number === number) as Lesson),
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
  const page = openProject(ts, declared, folders)
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
