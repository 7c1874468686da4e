/** Colours TypeScript, for reading and while it is typed. */
import { styleText } from 'node:util'
import { painted } from './painted'

const colours = { string: 'green', number: 'cyan', comment: 'dim', keyword: 'magenta' } as const

export const highlight = (code: string): string =>
  painted(code)
    .map(({ paint, text }) => (paint ? styleText(colours[paint], text) : text))
    .join('')
