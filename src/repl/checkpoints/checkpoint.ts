/**
 * `npm run checkpoint`: judges the learner's own folder for a lesson, says what came of it, and remembers it.
 */
import { relative } from 'node:path'
import { parseArgs } from 'node:util'
import { type From, type Line, report } from '../../course/report'
import { readHints, readMessages } from '../../course/texts'
import { exitCodes, hintOf, joined, type Verdict } from '../../course/verdict'
import { lookOf } from '../render/look'
import { render } from '../render/render'
import { type Lesson, lessons, openAnswer, textOf } from './folders'
import { judgeFolder, type RunOptions } from './process'
import { readProgress, recordProgress } from './progress'
import { neighbours, typeErrors } from './types'

export interface Checked {
  readonly lesson: Lesson
  readonly verdict: Verdict
  readonly lines: readonly Line[]
}

/** Runs the command, and gives its exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  const asked = read(argv)
  if (typeof asked === 'string') {
    console.error(asked)
    return exitCodes.unloadable
  }
  let worst = 0
  for (const lesson of asked.lessons.length > 0 ? asked.lessons : [await currentLesson()]) {
    const { verdict, lines } = await check(lesson, asked)
    console.log(drawn(lines))
    worst ||= exitCodes[verdict.outcome]
  }
  return worst
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
  const { folder, isNew } = openAnswer(lesson)
  const types = typeErrors([folder], neighbours(lesson)).catch((error: Error) => error)
  const [{ verdict: behaviour, printed }, complaints] = await Promise.all([
    judgeFolder(lesson.folder, folder, options),
    types,
  ])
  const hints = readHints(textOf(lesson, 'hints.md'))
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
  await remember(lesson, verdict, level, hints.size)
  return { lesson, verdict, lines }
}

async function remember({ number }: Lesson, verdict: Verdict, level: number, hints: number): Promise<void> {
  if (verdict.outcome === 'broken') return
  const hint = hintOf(verdict)
  await recordProgress((progress) => {
    progress.open(number)
    if (verdict.outcome === 'passed') return progress.pass(number)
    progress.fail(number, hint ?? '')
    if (hint && hints > 0) progress.takeHint(number, hint, level)
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

interface Asked extends CheckOptions {
  readonly lessons: readonly Lesson[]
}

/** What was asked for, or what is wrong with it. */
function read(argv: readonly string[]): Asked | string {
  const all = lessons()
  const usage = `Usage: npm run checkpoint -- [1 to ${all.length}] [--hint 1|2|3] [--all]`
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { hint: { type: 'string' }, all: { type: 'boolean' }, 'time-limit': { type: 'string' } },
    })
    const level = Number(values.hint ?? 1)
    if (![1, 2, 3].includes(level)) return `There is no hint ${values.hint}: there are three levels. ${usage}`
    const limit = Number(values['time-limit'] ?? 5)
    if (!(limit > 0)) return `A time limit is a number of seconds, not ${values['time-limit']}. ${usage}`
    if (values.all) return { lessons: all, level, limit }
    const chosen = positionals.map((text) => all.find(({ number, name }) => String(number) === text || name === text))
    const unknown = positionals[chosen.indexOf(undefined)]
    if (unknown !== undefined) return `There is no lesson ${unknown}. ${usage}`
    return { lessons: chosen as Lesson[], level, limit }
  } catch (error) {
    return `${(error as Error).message}. ${usage}`
  }
}

/** With colour and to its width, where there is a terminal; line for line as it is, where there is none. */
export function drawn(lines: readonly Line[]): string {
  const { stdout, env } = process
  const look = lookOf(stdout, env)
  return render(
    { kind: 'report', lines, passed: true },
    stdout.isTTY ? look : { ...look, width: Number.POSITIVE_INFINITY },
  )
}
