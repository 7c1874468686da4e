/** A lesson in the terminal's session: what the page has to show and record as well. */
import { courseOnDisk } from '../../src/checkpoints/course-on-disk'
import type { Ran } from '../../src/notebook/protocol'
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
  const all: Ran[] = []
  for (const [piece, { cell }] of notebook.pieces.entries()) {
    if (!cell) continue
    const ran = (await sitting.run(piece)).at(-1) as Ran
    all.push(ran.asks ? await sitting.answer(piece, '') : ran)
  }
  await session.close()
  const values = all.flatMap(({ shown }) => shown.filter(({ tone }) => tone === 'value').map(({ text }) => text))
  const log = all.at(-1)?.log ?? []
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
