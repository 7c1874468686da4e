/** Judges what a learner has written on the page, and says what came of it as the terminal does. */
import { atCause } from '../../checkpoints/at-cause'
import { hintLines, type Line, report } from '../../course/report'
import { joined, type Trouble, type Verdict } from '../../course/verdict'
import { lessons } from '../lessons'
import { notLoaded, saysNotLoaded } from '../not-loaded'
import { startWorker } from '../page/play/start-worker'
import { types } from '../types/client'
import { type Files, startOf } from './files'
import { Judges, type Run } from './workers'

type Texts = typeof import('./texts')

export interface Checked {
  readonly verdict: Verdict
  readonly lines: readonly Line[]
}

export interface CheckOptions {
  /** Which level of the hint to show: 1, 2 or 3. */
  readonly level?: number
  /** What TypeScript says of the files; left out, it is not asked. */
  readonly complaints?: (lesson: number, files: Files) => Promise<readonly Trouble[]>
  /** Ends the judging: then `check` rejects. */
  readonly signal?: AbortSignal
}

const judges = new Judges(
  () => startWorker('judge'),
  (files) => types().transpiled(files),
)
let texts: Texts | undefined

/** Loads what a check needs before somebody asks for one. */
export function prepareCheck(lesson: number): void {
  types()
  judges.warm(lesson)
  void loadTexts().catch(() => undefined)
}

async function loadTexts(): Promise<Texts> {
  texts ??= await import('./texts').catch(() => {
    throw new Error(notLoaded('What is said of answers'))
  })
  return texts
}

/** @throws AbortError if the signal says so; an Error if something cannot be loaded that comes behind the page */
export async function check(
  lesson: number,
  files: Files,
  { level = 1, complaints, signal }: CheckOptions = {},
): Promise<Checked> {
  const [{ hintsOf, messagesOf }, run, said] = await Promise.all([
    loadTexts(),
    judges.judge(lesson, [...files], signal).then(unlessAbsent),
    complaints?.(lesson, files).catch((error: Error) => error) ?? [],
  ])
  if (said instanceof Error) mustBeThere(said.message)
  const hints = hintsOf(lesson)
  const verdict: Verdict =
    said instanceof Error
      ? { outcome: 'broken', passed: [], message: said.message }
      : joined(
          run.verdict,
          atCause(said, startOf(lesson), (file) => files.get(file) ?? ''),
          hints.has,
        )
  const { printed } = run satisfies Run
  const messages = messagesOf(lesson)
  const told = { lesson, folder: titleOf(lesson) ?? '', isNew: false, verdict, hints, messages, level, printed }
  return { verdict, lines: report({ ...told, from: 'page', next: nextStep(lesson) }) }
}

/** Whoever waits for something else besides hears at once what could not be loaded. */
function unlessAbsent(run: Run): Run {
  if (run.verdict.outcome === 'broken') mustBeThere(run.verdict.message)
  return run
}

function mustBeThere(wrong: string): void {
  const absent = saysNotLoaded(wrong)
  if (absent) throw new Error(absent)
}

/** A level of a hint that a check has led to; empty where there is none. */
export function hint(lesson: number, id: string, level: number): readonly Line[] {
  return texts ? hintLines({ hints: texts.hintsOf(lesson), level, lesson, from: 'page' }, id).slice(1) : []
}

const titleOf = (lesson: number) => lessons.find(({ number }) => number === lesson)?.title

function nextStep(lesson: number): string | undefined {
  const title = titleOf(lesson + 1)
  return title && `Next: lesson ${lesson + 1}, ${title}.`
}
