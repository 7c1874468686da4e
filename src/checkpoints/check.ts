/** Judges the learner's folder for a lesson, remembers what came of it, and says it in lines. */
import { relative } from 'node:path'
import { type From, type Line, report } from '../course/report'
import { type Hints, readMessages } from '../course/texts'
import { hintOf, joined, type Verdict } from '../course/verdict'
import { hintsOf, type Lesson, lessons, openWorkspace, textOf } from './folders'
import { judgeFolder, type RunOptions } from './judge-process'
import { readProgress, recordProgress } from './progress-file'
import { neighbours, typeErrors } from './type-errors'

export interface Checked {
  readonly lesson: Lesson
  readonly verdict: Verdict
  readonly lines: readonly Line[]
}

/** Where the learner is: the first lesson that is not passed. */
export async function currentLesson(): Promise<Lesson> {
  const all = lessons()
  const number = (await readProgress())?.current(all.length) ?? 1
  return all.find((lesson) => lesson.number === number) ?? (all[0] as Lesson)
}

export interface CheckOptions extends RunOptions {
  /** Which level of the hint to show: 1, 2 or 3. */
  readonly level?: number
  readonly from?: From
}

/** Judges the learner's folder for one lesson, which is made if it is missing, and remembers what came of it. */
export async function check(
  lesson: Lesson,
  { level = 1, from = 'shell', ...options }: CheckOptions = {},
): Promise<Checked> {
  const { folder, isNew } = openWorkspace(lesson)
  const types = typeErrors([folder], neighbours(lesson)).catch((error: Error) => error)
  const [{ verdict: behaviour, printed }, complaints] = await Promise.all([
    judgeFolder(lesson.folder, folder, options),
    types,
  ])
  const hints = hintsOf(lesson)
  const verdict: Verdict =
    complaints instanceof Error
      ? { outcome: 'broken', passed: [], message: complaints.message }
      : joined(behaviour, complaints.get(folder) ?? [], (id) => hints.has(id))
  const lines = report({
    lesson: lesson.number,
    folder: shortName(folder),
    isNew,
    verdict,
    hints,
    messages: readMessages(textOf(lesson, 'messages.md')),
    level,
    printed,
    from,
    next: nextStep(lesson, from),
  })
  await remember(lesson, verdict, level, hints)
  return { lesson, verdict, lines }
}

async function remember({ number }: Lesson, verdict: Verdict, level: number, hints: Hints): Promise<void> {
  if (verdict.outcome === 'broken') return
  const hint = hintOf(verdict)
  await recordProgress((progress) => {
    progress.open(number)
    if (verdict.outcome === 'passed') return progress.pass(number)
    progress.fail(number, hint ?? '')
    if (hint && hints.has(hint)) progress.takeHint(number, hint, level)
  })
}

function nextStep({ number }: Lesson, from: From): string | undefined {
  const next = lessons().find((lesson) => lesson.number === number + 1)
  if (!next) return undefined
  return {
    shell: `Next: read lessons/${next.name}/lesson.md (or .next at the prompt of npm start).`,
    prompt: 'Next: .next',
    watch: `Next: press n, and read lessons/${next.name}/lesson.md.`,
  }[from]
}

const shortName = (folder: string): string => relative(process.cwd(), folder) || folder
