/** Judges the learner's folder for a lesson, remembers what came of it, and says it in lines. */
import { join, relative } from 'node:path'
import { type From as Anywhere, type Line, report } from '../course/report'
import { readMessages } from '../course/texts'
import { hintOf, isUnsure, joined, type Trouble, type Verdict } from '../course/verdict'
import { atCause } from './at-cause'
import { filesIn, hintsOf, type Lesson, lessons, openWorkspace, textOf } from './folders'
import { judgeFolders, type Run, type RunOptions } from './judge-process'
import { readProgress, recordProgress } from './progress-file'
import { sourceAt } from './sources'
import { neighbours, typeErrors } from './type-errors'

type From = Exclude<Anywhere, 'page'>

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
  const [run] = await judgeAll(lesson, [folder], options)
  const lines = linesOn(lesson, run as Run, { isNew, level, from })
  const { verdict } = run as Run
  await remember(lesson, verdict, level)
  return { lesson, verdict, lines }
}

export interface Judged extends Run {
  /** The verdict on what the code did, before anybody asked TypeScript. */
  readonly behaved: Verdict
}

/** Judges answers to one lesson, by their behaviour and their types. */
export async function judgeAll(
  lesson: Lesson,
  folders: readonly string[],
  options: RunOptions = {},
): Promise<readonly Judged[]> {
  const [runs, complaints] = await Promise.all([
    judgeFolders(lesson.folder, folders, options),
    typeErrors(folders, neighbours(lesson)).catch((error: Error) => error),
  ])
  const { has } = hintsOf(lesson)
  const given = filesIn(join(lesson.folder, 'start'))
  const said = ({ folder }: Run, all: readonly Trouble[]) => atCause(all, given, (file) => sourceAt(join(folder, file)))
  return runs.map((run) => ({
    ...run,
    behaved: run.verdict,
    verdict:
      complaints instanceof Error
        ? { outcome: 'broken', passed: [], message: complaints.message }
        : joined(run.verdict, said(run, complaints.get(run.folder) ?? []), has),
  }))
}

interface Telling {
  readonly isNew?: boolean
  readonly level?: number
  readonly from?: From
}

/** What a learner is told. */
export function linesOn(
  lesson: Lesson,
  { folder, verdict, printed }: Run,
  { isNew = false, level = 1, from = 'shell' }: Telling = {},
): readonly Line[] {
  return report({
    lesson: lesson.number,
    folder: shortName(folder),
    isNew,
    verdict,
    hints: hintsOf(lesson),
    messages: readMessages(textOf(lesson, 'messages.md')),
    level,
    printed,
    from,
    next: nextStep(lesson, from),
  })
}

async function remember(lesson: Lesson, verdict: Verdict, level: number): Promise<void> {
  if (verdict.outcome === 'broken') return
  const { number } = lesson
  const hint = hintOf(verdict)
  const hints = hintsOf(lesson)
  await recordProgress((progress) => {
    progress.open(number)
    if (verdict.outcome === 'passed') return progress.pass(number)
    // Where it may be the machine that was slow, nothing has failed.
    if (!isUnsure(verdict)) progress.fail(number, hint ?? '')
    if (hint && hints.has(hint)) progress.takeHint(number, hint, level)
  })
}

function nextStep({ number }: Lesson, from: From): string | undefined {
  const next = lessons().find((lesson) => lesson.number === number + 1)
  if (!next) return undefined
  return {
    shell: `Next: read lessons/${next.name}/lesson.md (or .next at the prompt of npm start).`,
    prompt: 'Next: .next',
    watch: `Next: press n. To read the lesson: .lesson at the prompt of npm start, or lessons/${next.name}/lesson.md.`,
  }[from]
}

const shortName = (folder: string): string => relative(process.cwd(), folder) || folder
