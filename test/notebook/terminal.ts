/** A lesson in the terminal's session: what the page has to show and record as well. */
import { courseOnDisk } from '../../src/checkpoints/course-on-disk'
import type { Outcome as Came } from '../../src/notebook/run'
import { Sitting } from '../../src/notebook/worker/sitting'
import { kitSchool } from '../../src/repl/start/current-school'
import { startSession } from '../../src/repl/start/start'

export interface Outcome {
  /** The values that the cells showed. */
  readonly values: readonly string[]
  /** The events of the log. */
  readonly log: readonly string[]
}

/** Runs all cells of a lesson, and has every question answered. */
export async function inTerminal(number: number): Promise<Outcome> {
  const started = await startSession({ db: ':memory:', readOnly: false, types: false, school: kitSchool() })
  if ('refused' in started) throw new Error(started.refused)
  const { session } = started.shell
  const notebook = courseOnDisk(process.cwd()).notebook(number)
  const sitting = new Sitting(session, notebook)
  const all: Came[] = []
  for (const [piece, { cell }] of notebook.pieces.entries())
    if (cell) all.push(await sitting.play({ piece, guess: '', seed: piece, time: Date.now() }))
  await session.close()
  const values = all.flatMap(({ shown }) => shown.filter(({ tone }) => tone === 'value').map(({ text }) => text))
  const log = all.flatMap(({ events }) => events)
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
