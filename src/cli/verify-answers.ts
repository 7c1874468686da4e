/**
 * Judges everything that a lesson has an answer for: its start and its solution, the wrong answers with the hints that
 * they must get, the right ones of other styles.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { judgeAll } from '../checkpoints/check'
import type { Lesson } from '../checkpoints/folders'
import { type Answer, readAnswer } from '../course/answer'
import type { Hint } from '../course/texts'
import { hintOf, type Verdict } from '../course/verdict'
import { kit } from '../node/paths'

/** Inside the kit, so that an answer finds its packages; tap's own folder, which git ignores. */
const scratch = join(kit, '.tap', `answers-${process.pid}`)

/** Which answer it is, and what must come of it. */
interface Known {
  readonly kind: 'start' | 'solution' | 'wrong' | 'right'
  readonly name: string
  /** Undefined for a pass. */
  readonly hint: string | undefined
}

interface Case extends Known, Answer {}

export interface Judged extends Known {
  readonly verdict: Verdict
}

export async function judgeAnswers(
  lesson: Lesson,
  startHint: string,
  hints: ReadonlyMap<string, Hint>,
): Promise<readonly Judged[]> {
  const start = { files: filesOf(join(lesson.folder, 'start')), without: [] }
  const cases: Case[] = [
    { kind: 'start', name: 'start/', hint: startHint, ...start },
    { kind: 'solution', name: 'solution/', hint: undefined, files: new Map(), without: [] },
    ...[...hints].flatMap(([hint, { wrongAnswers }]) =>
      [...wrongAnswers].map(([name, answer]) => ({ kind: 'wrong' as const, name, hint, ...answer })),
    ),
    ...rightAnswers(join(lesson.folder, 'right')),
  ]
  const folders = cases.map((each, at) => lay(lesson, each, join(scratch, String(lesson.number), String(at))))
  try {
    const runs = await judgeAll(lesson, folders)
    return cases.map(({ kind, name, hint }, at) => ({ kind, name, hint, verdict: runs[at]?.verdict as Verdict }))
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

/** What is wrong with a verdict, if anything. */
export function answerFault({ name, hint, verdict }: Judged): string | undefined {
  const got = hintOf(verdict)
  if (hint === undefined ? verdict.outcome === 'passed' : got === hint) return undefined
  const came = got === undefined ? outcomeOf(verdict) : `gets the hint ${got}`
  return `${name} ${came}, and ${hint === undefined ? 'is right' : `must get ${hint}`}`
}

function outcomeOf(verdict: Verdict): string {
  if (verdict.outcome === 'unloadable') return `cannot be loaded (${verdict.trouble.message})`
  if (verdict.outcome === 'broken') return `breaks the checkpoint (${verdict.message})`
  return verdict.outcome === 'passed' ? 'passes' : 'does not end'
}

/** The files of the answer, upon those of the solution; a start stands alone. */
function lay(lesson: Lesson, { kind, files, without }: Case, folder: string): string {
  mkdirSync(folder, { recursive: true })
  if (kind !== 'start') cpSync(join(lesson.folder, 'solution'), folder, { recursive: true })
  for (const file of without) rmSync(join(folder, file))
  for (const [file, text] of files) writeFileSync(join(folder, file), text)
  return folder
}

const filesOf = (folder: string): ReadonlyMap<string, string> =>
  new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]))

function rightAnswers(folder: string): Case[] {
  if (!existsSync(folder)) return []
  return [...filesOf(folder)].map(([name, text]) => ({
    kind: 'right',
    name: `right/${name}`,
    hint: undefined,
    ...readAnswer(text),
  }))
}
