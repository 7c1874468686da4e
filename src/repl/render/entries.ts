/** A list of things and a description of each: side by side where there is room, otherwise one below the other. */
import { type Look, paint } from './look'
import { padded, widthOf, wrapped } from './width'

export interface Entry {
  readonly name: string
  readonly says: string
}

const margin = 2
/** The same in every list, so that lists below one another are aligned. */
const names = 23
/** With less than this, two columns would be too narrow to read. */
const narrow = 60

export function renderEntries(title: string, entries: readonly Entry[], look: Look): string {
  const isNarrow = look.width < narrow
  const column = isNarrow ? 2 * margin : margin + names
  const lines = entries.map(({ name, says }) => {
    const text = wrapped(says, look.width - column).replaceAll('\n', `\n${' '.repeat(column)}`)
    const head = `${' '.repeat(margin)}${name}`
    return isNarrow || widthOf(head) >= column
      ? `${head}\n${' '.repeat(column)}${text}`
      : `${padded(head, column)}${text}`
  })
  return [paint('bold', title, look), ...lines].join('\n')
}
