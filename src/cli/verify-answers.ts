/**
 * Judges everything that a lesson has an answer for: its start and its solution, the wrong answers with the hints that
 * they must get, the right ones of other styles.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { judgeAll } from '../checkpoints/check'
import type { Lesson } from '../checkpoints/folders'
import type { Run } from '../checkpoints/judge-process'
import type { Answer } from '../course/answer'
import { hintOf, type Verdict } from '../course/verdict'
import { kit } from '../node/paths'
import type { Parts } from './lesson-parts'

let laid = 0
/** Inside the kit, so that an answer finds its packages; tap's own folder, which git ignores. */
const newScratch = () => join(kit, '.tap', `answers-${process.pid}-${laid++}`)

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

/** Judges the answers that are there; none, before there is a checkpoint. By default they share a process. */
export async function judgeAnswers(
  lesson: Lesson,
  parts: Parts,
  judge: (lesson: Lesson, folders: readonly string[]) => Promise<readonly Run[]> = judgeAll,
): Promise<readonly Judged[]> {
  if (parts.missing.has('checkpoint.test.ts')) return []
  const start = { files: parts.start, without: [] }
  const begin: Case[] = [{ kind: 'start', name: 'start/', hint: parts.messages.get('start') ?? '', ...start }]
  const others: Case[] = [
    { kind: 'solution', name: 'solution/', hint: undefined, files: new Map(), without: [] },
    ...[...parts.hints].flatMap(([hint, { wrongAnswers }]) =>
      [...wrongAnswers].map(([name, answer]) => ({ kind: 'wrong' as const, name, hint, ...answer })),
    ),
    ...[...parts.right].map(([name, answer]) => ({
      kind: 'right' as const,
      name: `right/${name}.md`,
      hint: undefined,
      ...answer,
    })),
  ]
  const cases = [...(parts.start.size > 0 ? begin : []), ...(parts.solution.size > 0 ? others : [])]
  if (cases.length === 0) return []
  const scratch = newScratch()
  const folders = cases.map((each, at) => lay(parts, each, join(scratch, String(at))))
  try {
    const runs = await judge(lesson, folders)
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
function lay({ solution }: Parts, { kind, files, without }: Case, folder: string): string {
  mkdirSync(folder, { recursive: true })
  const kept = new Map(kind === 'start' ? [] : solution)
  for (const file of without) kept.delete(file)
  for (const [file, text] of new Map([...kept, ...files])) writeFileSync(join(folder, file), text)
  return folder
}
