/**
 * Draws rows as an aligned table or, if that is too wide, each row as a block of lines.
 */
import { inspect } from 'node:util'
import type { Row } from '../session/reply'
import { type Look, paint } from './look'
import { folded, padded, shortened, widthOf, wrapped } from './width'

const gap = 2
/** How wide a cell of a table may be: lists are shortened to the second width where not all has room. */
const widest = [60, 40] as const
/** The greatest number of lines of a cell in a block. */
const mostLines = 6

export function renderTable(rows: readonly Row[], look: Look): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  return widest.map((width) => asTable(columns, rows, width, look)).find(Boolean) ?? blocks(columns, rows, look)
}

/** Undefined if it is too wide, or a cell would have to be cut. */
function asTable(columns: readonly string[], rows: readonly Row[], widest: number, look: Look): string | undefined {
  const cells = rows.map((row) => columns.map((column) => cell(row[column], widest)))
  const widths = columns.map((column, i) => Math.max(widthOf(column), ...cells.map((row) => widthOf(row[i] ?? ''))))
  const total = widths.reduce((sum, width) => sum + width, gap * (columns.length - 1))
  if (total > look.width || cells.some((row) => row.some((text) => widthOf(text) > widest))) return undefined
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

function blocks(columns: readonly string[], rows: readonly Row[], look: Look): string {
  const head = Math.max(...columns.map((column) => widthOf(column)))
  const room = Math.max(8, look.width - head - gap)
  const below = `\n${' '.repeat(head + gap)}`
  const line = (column: string, value: unknown) => {
    const isText = typeof value === 'string'
    // What is broken at blanks takes more room.
    const most = room * (isText ? mostLines : mostLines - 1)
    const text = shortened(cell(value, most), most)
    const lines = (isText ? [text] : wrapped(text, room).split('\n')).flatMap((line) => folded(line, room))
    return text === '' ? [] : [`${padded(column, head)}  ${lines.join(below)}`]
  }
  return rows.map((row) => columns.flatMap((column) => line(column, row[column])).join('\n')).join('\n\n')
}

/** A value in one line. A list that is longer than this is shortened if it can be; other values are not. */
function cell(value: unknown, room: number): string {
  if (value === undefined || value === null) return value === null ? 'null' : ''
  const text = typeof value === 'string' ? value : inspected(value)
  const plain = text.replace(/[\n\r\t]/g, (character) => ({ '\n': '\\n', '\r': '\\r', '\t': '\\t' })[character] ?? '')
  return shortenedList(value, plain, room).replace(/\p{Cc}/gu, '?')
}

const inspected = (value: unknown): string =>
  inspect(value, { breakLength: Infinity, compact: true, depth: 3, maxArrayLength: null })

/** Leaves out whole items, but not the last one, which is the newest. */
function shortenedList(list: unknown, whole: string, room: number): string {
  if (!Array.isArray(list) || widthOf(whole) <= room) return whole
  const last = inspected(list.at(-1))
  let shown = whole
  for (let first = 0, items = ''; first < list.length - 1; items += `${inspected(list[first++])}, `) {
    const next = `[ ${items}... ${list.length - 1 - first} more, ${last} ]`
    if (widthOf(next) > room) return shown
    shown = next
  }
  return shown
}
