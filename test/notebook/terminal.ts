/** A lesson in the terminal's session: what the page has to show and record as well. */
import { type Lesson, lessons, textOf } from '../../src/checkpoints/folders'
import { type Notebook, readNotebook } from '../../src/course/notebook'
import { cellsOf, type Played } from '../../src/notebook/history'
import { logOf } from '../../src/notebook/log-of'
import { onPage } from '../../src/notebook/on-page'
import type { Run } from '../../src/notebook/run'
import { Sitting } from '../../src/notebook/worker/sitting'
import { kitSchool } from '../../src/repl/start/current-school'
import { startSession } from '../../src/repl/start/start'

export interface Outcome {
  /** The values that the cells showed. */
  readonly values: readonly string[]
  /** The events of the log. */
  readonly log: readonly string[]
}

/** The lesson as the page has it. */
export const lessonOnPage = (number: number): Notebook => {
  const lesson = lessons().find((each) => each.number === number) as Lesson
  return readNotebook(onPage(textOf(lesson, 'lesson.md')))
}

/** Runs all cells of a lesson, and has every question answered. */
export async function inTerminal(number: number): Promise<Outcome> {
  const started = await startSession({ db: ':memory:', readOnly: false, types: false, school: kitSchool() })
  if ('refused' in started) throw new Error(started.refused)
  const { session } = started.shell
  const notebook = lessonOnPage(number)
  const sitting = new Sitting(session, notebook)
  const runs: Played[] = []
  for (const piece of cellsOf(notebook.pieces)) {
    const run: Run = { piece, guess: '', seed: piece, time: Date.now() }
    runs.push({ ...run, outcome: await sitting.play(run) })
  }
  await session.close()
  const values = runs.flatMap(({ outcome }) =>
    (outcome?.shown ?? []).filter(({ tone }) => tone === 'value').map(({ text }) => text),
  )
  const log = logOf({ name: '1', runs })
  return {
    values: values.map((text) => plain(text.replace(/^→ /, ''))),
    log: log.map(
      ({ position, name, who, version, payload }) => `${position} ${name} ${who} v${version} ${plain(payload)}`,
    ),
  }
}

/** In one line, and without what differs from one run to the next. */
export const plain = (text: string): string =>
  text
    .replace(/\b[0-9a-f]{32}\b/g, '(id)')
    .replace(/\d{4}-\d\d-\d\dT[\d:.+]+/g, '(time)')
    .replace(/\s+/g, ' ')
    .trim()
