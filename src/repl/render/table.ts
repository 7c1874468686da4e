/**
 * Draws rows as an aligned table or, if that is too wide, each row as a block of lines.
 */
import { inspect } from 'node:util'
import type { Row } from '../session/reply'
import { type Look, paint } from './look'
import { folded, padded, shortened, widthOf } from './width'

const gap = 2
/** The greatest width of a cell in a table, and the greatest number of its lines in a block. */
const widest = 60
const mostLines = 6

export function renderTable(rows: readonly Row[], look: Look): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const whole = rows.map((row) => columns.map((column) => cell(row[column])))
  const cells = whole.map((row) => row.map((text) => shortened(text, widest)))
  const widths = columns.map((column, i) => Math.max(widthOf(column), ...cells.map((row) => widthOf(row[i] ?? ''))))
  const total = widths.reduce((sum, width) => sum + width, gap * (columns.length - 1))
  if (total > look.width || cells.some((row, i) => row.some((text, j) => text !== whole[i]?.[j])))
    return blocks(columns, whole, look)
  const right = columns.map((column) =>
    rows.every((row) => row[column] === undefined || typeof row[column] === 'number'),
  )
  const line = (row: readonly string[]) =>
    row
      .map((text, i) => padded(text, widths[i] as number, right[i]))
      .join(' '.repeat(gap))
      .trimEnd()
  return [paint('bold', line(columns), look), ...cells.map(line)].join('\n')
}

function blocks(columns: readonly string[], rows: readonly string[][], look: Look): string {
  const head = Math.max(...columns.map((column) => widthOf(column)))
  const room = Math.max(8, look.width - head - gap)
  const below = `\n${' '.repeat(head + gap)}`
  const line = (text: string, i: number) =>
    text === ''
      ? []
      : [`${padded(columns[i] as string, head)}  ${folded(shortened(text, room * mostLines), room).join(below)}`]
  return rows.map((row) => row.flatMap(line).join('\n')).join('\n\n')
}

function cell(value: unknown): string {
  if (value === undefined || value === null) return value === null ? 'null' : ''
  const text = typeof value === 'string' ? value : inspect(value, { breakLength: Infinity, depth: 3 })
  const plain = text.replace(/[\n\r\t]/g, (character) => ({ '\n': '\\n', '\r': '\\r', '\t': '\\t' })[character] ?? '')
  return plain.replace(/\p{Cc}/gu, '?')
}
