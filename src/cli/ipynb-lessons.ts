/** The lessons as notebooks of Jupyter, with what their cells show. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { setSources } from 'dog-school'
import { lessons, textOf } from '../checkpoints/folders'
import { type IpynbCell, ipynbOf } from '../course/ipynb'
import { type NotebookCell, readNotebook } from '../course/notebook'
import { forKernel } from '../repl/session/for-kernel'
import { failed } from '../repl/session/reply'
import type { Session } from '../repl/session/session'
import { firstSchool } from '../repl/start/current-school'
import { imports } from '../repl/start/globals'
import { startSession } from '../repl/start/start'

/**
 * The texts of the notebooks by the names of their files, for this folder. Their ids and times are the same each time, so
 * that a notebook changes only when its lesson does.
 */
export async function ipynbLessons(folder: string): Promise<Map<string, string>> {
  const files = new Map<string, string>()
  const school = firstSchool()
  const read = async (module: string) => readFileSync(join(folder, `${module}.ts`), 'utf8')
  for (const lesson of lessons()) {
    const name = `${basename(lesson.folder)}.ipynb`
    const { number, title, pieces } = readNotebook(textOf(lesson, 'lesson.md'))
    const started = await startSession({ db: ':memory:', readOnly: false, school, types: false })
    if ('refused' in started) throw new Error(started.refused)
    const { session } = started.shell
    const restore = setSources(sourcesFor(number))
    const pages: IpynbCell[] = []
    try {
      for (const { prose, cell } of pieces) {
        if (prose !== '') pages.push({ kind: 'prose', text: prose })
        if (cell) pages.push(...(await cellsFor(session, cell, name)))
      }
    } finally {
      restore()
      await session.close()
    }
    const heading: IpynbCell = { kind: 'prose', text: `# ${number} · ${title}` }
    const start = imports(school, join(folder, name))
    files.set(name, ipynbOf([heading, ...(await forKernel(pages, { imports: start, read }))]))
  }
  return files
}

/** A notebook shows the last value of a cell only, so each step is one. */
async function cellsFor(session: Session, { steps, isPrediction }: NotebookCell, name: string): Promise<IpynbCell[]> {
  const cells: IpynbCell[] = []
  for (const step of steps) {
    const reply = await session.evaluate(step.code)
    if (failed(reply)) throw new Error(`The cell at line ${step.line} of the lesson for ${name} fails.`)
    const shown = step.shows ? session.lines.at(-1)?.shown : undefined
    const isAsked = isPrediction && step === steps.at(-1)
    cells.push({
      kind: 'code',
      text: step.code,
      ...(shown !== undefined && { shown }),
      ...(isAsked && { isPrediction: true }),
    })
  }
  return cells
}

/** Ids and times that look like any, from 9 o'clock on, a second apart. */
function sourcesFor(lesson: number) {
  const start = Date.UTC(2026, 10, 23, 9)
  const counts = { ids: 0, times: 0 }
  return {
    newId: () =>
      createHash('md5')
        .update(`${lesson} ${counts.ids++}`)
        .digest('hex'),
    now: () => start + 1000 * counts.times++,
  }
}
