/** What was compared, as tables in Markdown that are aligned for a terminal, too: one for each group. */
import { type Compared, readable } from './compare'
import { type Group, groups } from './peer'

/** @param size the part of the work that was done */
export const tables = (compared: readonly Compared[], size: number): string =>
  [...(size === 1 ? [] : [`${partOf(size)}\n`]), ...tableOfEach(compared), reasons(compared)].join('\n')

/** What was not measured as it should be. */
export const partOf = (size: number): string =>
  `With ${size} of the work (--size ${size}): for trying it out, not for comparing.`

const tableOfEach = (compared: readonly Compared[]): string[] =>
  groups
    .map((group) => ({ group, rows: inGroup(compared, group) }))
    .filter(({ rows }) => rows.length > 0)
    .map(({ group, rows }) => {
      const lines = rows.map(({ what, unit, lessIsBetter, cells }) => [
        what,
        lessIsBetter ? `${unit}, less is better` : unit,
        ...cells.map(({ figure }) => shown(figure)),
      ])
      const head = ['', '', ...rows[0]!.cells.map(({ peer }) => peer)]
      return `${group}\n\n${aligned([head, ...lines])}`
    })

/** The rows of those of a group who have any figure. */
export function inGroup(compared: readonly Compared[], group: Group): Compared[] {
  const cellsOf = (row: Compared) => row.cells.filter((cell) => cell.group === group)
  const found = new Set(compared.flatMap(cellsOf).flatMap(({ peer, figure }) => (figure === undefined ? [] : peer)))
  return compared
    .map((row) => ({ ...row, cells: cellsOf(row).filter(({ peer }) => found.has(peer)) }))
    .filter(({ cells }) => cells.length > 0)
}

export const shown = (figure: number | undefined): string => (figure === undefined ? '—' : readable(figure))

/** Each reason once, with what it is about. */
function reasons(compared: readonly Compared[]): string {
  const told = new Map<string, string[]>()
  for (const { what, cells } of compared)
    for (const { peer, group, missing } of cells)
      if (missing !== undefined) {
        const why = `— ${peer}, ${group}: ${missing.replaceAll(/\s+/g, ' ')}`
        told.set(why, [...(told.get(why) ?? []), what])
      }
  const all = (whats: readonly string[]) => (whats.length === compared.length ? 'everything' : whats.join('; '))
  return [...told].map(([why, whats]) => `${why} (${all(whats)})\n`).join('')
}

function aligned(lines: readonly (readonly string[])[]): string {
  const widths = lines[0]!.map((_, at) => Math.max(...lines.map((line) => line[at]!.length)))
  const drawn = lines.map(
    (line) =>
      `| ${line.map((cell, at) => (at < 2 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!))).join(' | ')} |`,
  )
  const rule = `|${widths.map((width, at) => `${'-'.repeat(width + 1)}${at < 2 ? '-' : ':'}`).join('|')}|`
  return [drawn[0], rule, ...drawn.slice(1)].join('\n').concat('\n')
}
