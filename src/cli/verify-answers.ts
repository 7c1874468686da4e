/**
 * Judges everything that a lesson has an answer for: its start and its solution, the wrong answers with the hints that
 * they must get, the right ones of other styles.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Lesson, textOf } from '../checkpoints/folders'
import { judgeFolders } from '../checkpoints/judge-process'
import { neighbours, typeErrors } from '../checkpoints/type-errors'
import { readAnswer } from '../course/answer-file'
import { readHints } from '../course/texts'
import { hintOf, joined, type Verdict } from '../course/verdict'
import { kit } from '../node/paths'

/** Inside the kit, so that an answer finds its packages; tap's own folder, which git ignores. */
const scratch = join(kit, '.tap', `answers-${process.pid}`)

/** An answer, and what must come of it: a hint, or undefined for a pass. */
interface Case {
  readonly name: string
  readonly hint: string | undefined
  readonly files: ReadonlyMap<string, string>
  readonly without?: readonly string[]
}

export interface Judged {
  readonly name: string
  /** What it must get: undefined for a pass. */
  readonly hint: string | undefined
  readonly verdict: Verdict
}

/** @param right the folder with right answers, as `<number>-<style>.ts` */
export async function judgeAnswers(lesson: Lesson, startHint: string, right: string): Promise<readonly Judged[]> {
  const cases: Case[] = [
    { name: 'start/', hint: startHint, files: filesOf(join(lesson.folder, 'start')) },
    { name: 'solution/', hint: undefined, files: new Map() },
    ...answersIn(join(lesson.folder, 'misconceptions'), ''),
    ...answersIn(right, `${lesson.number}-`),
  ]
  const folders = cases.map((each, at) => lay(lesson, each, join(scratch, String(lesson.number), String(at))))
  const hints = readHints(textOf(lesson, 'hints.md'))
  try {
    const [runs, complaints] = await Promise.all([
      judgeFolders(lesson.folder, folders),
      typeErrors(folders, neighbours(lesson)),
    ])
    return cases.map(({ name, hint }, at) => {
      const folder = folders[at] as string
      const behaviour = runs[at]?.verdict as Verdict
      return { name, hint, verdict: joined(behaviour, complaints.get(folder) ?? [], (id) => hints.has(id)) }
    })
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
function lay(lesson: Lesson, { name, files, without = [] }: Case, folder: string): string {
  mkdirSync(folder, { recursive: true })
  if (name !== 'start/') cpSync(join(lesson.folder, 'solution'), folder, { recursive: true })
  for (const file of without) rmSync(join(folder, file))
  for (const [file, text] of files) writeFileSync(join(folder, file), text)
  return folder
}

const filesOf = (folder: string): ReadonlyMap<string, string> =>
  new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]))

function answersIn(folder: string, prefix: string): Case[] {
  if (!existsSync(folder)) return []
  return [...filesOf(folder)]
    .filter(([name]) => name.endsWith('.ts') && name.startsWith(prefix))
    .map(([name, text]) => ({ name: name.replace(/\.ts$/, ''), ...readAnswer(text) }))
}
