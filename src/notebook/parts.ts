/**
 * An edited cell is run in parts, one after the other, so that the values which the lesson shows between its lines are shown
 * still, wherever their lines are there.
 */
import type { NotebookCell } from '../course/notebook'
import type { Run } from './run'

/** After how many lines of an edited code a part ends: with the line of a value that the lesson shows there. */
export function endsIn({ steps }: NotebookCell, code: string): number[] {
  const lines = code.split('\n').map(withoutRemark)
  const last = lines.findLastIndex((line) => line !== '')
  const ends: number[] = []
  for (const step of steps.filter(({ shows }) => shows)) {
    const shown = withoutRemark(step.code.slice(step.code.lastIndexOf('\n') + 1))
    const at = lines.indexOf(shown, ends.at(-1))
    if (at >= 0 && at < last) ends.push(at + 1)
  }
  return ends
}

/** What a run of a cell says of its code; nothing, if that is the lesson's own. */
export function codeToRun(code: string | undefined, cell: NotebookCell | undefined): Pick<Run, 'code' | 'ends'> {
  if (code === undefined || code === cell?.text) return {}
  const ends = cell ? endsIn(cell, code) : []
  return { code, ...(ends.length > 0 && { ends }) }
}

const withoutRemark = (line: string): string =>
  line
    .replace(/\s*\/\/ .*$/, '')
    .replace(/;$/, '')
    .trim()

/** The parts of an edited code; none if it is not edited. Each line of a part has the number that it has in the whole. */
export function partsOf(run: Pick<Run, 'code' | 'ends'>): string[] {
  if (run.code === undefined) return []
  const lines = run.code.split('\n')
  const ends = (run.ends ?? []).filter((end) => end < lines.length)
  return [...ends, lines.length].map((end, at) => {
    const from = ends[at - 1] ?? 0
    return '\n'.repeat(from) + lines.slice(from, end).join('\n')
  })
}
