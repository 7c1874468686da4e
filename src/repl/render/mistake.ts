/** What TypeScript says of a cell: the place, its line with a mark below, the sentence, and what to do where that is known. */
import type { Mistake } from '../cells/cell'

export interface MistakeSaid {
  /** Such as `line 2, column 5`. */
  readonly where: string
  readonly source: string
  /** It stands below the line. */
  readonly mark: string
  readonly sentence: string
  readonly advice: string | undefined
}

export function mistakeSaid(text: string, mistake: Mistake): MistakeSaid {
  const { code, message, length } = mistake
  const lines = text.split('\n')
  let { line, column } = mistake
  // What is missing at the end, is missing where somebody stopped typing.
  while (line > 0 && column === 0 && (lines[line] ?? '').trim() === '') column = lines[--line]?.length ?? 0
  const source = lines[line] ?? ''
  const [first = '', ...rest] = (/__error: "([^"]+)"/.exec(message)?.[1] ?? message).split('\n')
  const last = rest.at(-1)
  return {
    where: `line ${line + 1}, column ${column + 1}`,
    source,
    mark: `${' '.repeat(column)}^${'~'.repeat(Math.max(0, Math.min(length, source.length - column) - 1))}`,
    sentence: `${first}${last ? `\n  ${last.trim()}` : ''}${code ? ` (TS${code})` : ''}`,
    advice: /^'[)\]}]' expected/.test(message) ? BRACKETS : PROMISED.test(first) ? AWAIT : advice[code],
  }
}

const BRACKETS = 'Each bracket that is opened has to be closed: ( ), [ ], { }. It may be one in a line above.'

/** A promise stands where what it brings is wanted. */
const PROMISED = /^(?:Argument of type|Type) 'Promise<|on type 'Promise</
const AWAIT = 'It is a promise: put `await` in front of it, and use what it brings.'

/** By TypeScript's number of the mistake. */
const advice: Readonly<Record<number, string>> = {
  1002: 'A text ends with the quotation mark that it began with, in the same line.',
  1003: 'A name has to stand here; a word of the language, such as `class`, is none.',
  1109: 'A value is missing here, or there is a character too many before it.',
  1127: 'If it is a quotation mark of a text program, such as “ or ’, type a plain one.',
  1128: 'There may be a closing bracket too many.',
  1160: 'A text that begins with a backtick ends with one.',
  1434: 'The word before it may be misspelt, or something between the two is missing.',
}
