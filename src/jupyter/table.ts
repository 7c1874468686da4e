/** A table in HTML. Whatever it is given is shown, and never taken for HTML. */
import { builtIn } from '../encryption/host'

/** Code, in a cell; a text there is shown as it is. */
interface Code {
  readonly code: string
}

export const code = (value: unknown): Code => ({ code: shown(value) })

/** A value as the prompt shows it. */
export function shown(value: unknown): string {
  const { inspect } = builtIn<typeof import('node:util')>('util') ?? {}
  return inspect ? inspect(value, { depth: 4, breakLength: 100 }) : String(value)
}

/** A row may be shorter than the others. */
export function table(
  columns: readonly string[],
  rows: readonly (readonly (string | Code)[])[],
  caption?: string,
): string {
  const body = rows.map((cells) => row('td', cells)).join('')
  const above = caption === undefined ? '' : `<caption>${escaped(caption)}</caption>`
  return `<table>${above}<thead>${row('th', columns)}</thead><tbody>${body}</tbody></table>`
}

const row = (tag: 'th' | 'td', cells: readonly (string | Code)[]): string =>
  `<tr>${cells.map((cell) => `<${tag}>${textOf(cell)}</${tag}>`).join('')}</tr>`

const textOf = (cell: string | Code): string =>
  typeof cell === 'string' ? escaped(cell) : `<code>${escaped(cell.code)}</code>`

const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
