/** A list of things with what is said of each: side by side where there is room, else one below the other. */
import { type Look, paint } from './look'
import { wrapped } from './wrap'

export interface Entry {
  readonly name: string
  readonly says: string
}

const margin = 2
/** The same for every list, so that several stand in line. */
const names = 23
/** Below this, two columns are two ribbons. */
const narrow = 60

export function renderEntries(title: string, entries: readonly Entry[], look: Look): string {
  const isNarrow = look.width < narrow
  const column = isNarrow ? 2 * margin : margin + names
  const lines = entries.map(({ name, says }) => {
    const text = wrapped(says, look.width - column).replaceAll('\n', `\n${' '.repeat(column)}`)
    const head = `${' '.repeat(margin)}${name}`
    return isNarrow || head.length >= column ? `${head}\n${' '.repeat(column)}${text}` : `${head.padEnd(column)}${text}`
  })
  return [paint('bold', title, look), ...lines].join('\n')
}
