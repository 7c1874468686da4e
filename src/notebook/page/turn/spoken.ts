/** What is said of a check to whoever hears the page: plain words, and all that a hint points to. */
import type { Line } from '../../../course/report'
import { inPlainWords } from '../cells/said'
import { type Block, blocksOf } from './blocks'

/** @param hints the levels of the hint that were asked for after the first: the newest is said, the rest has been */
export function spokenOf(lines: readonly Line[], hints: readonly (readonly Line[])[]): string {
  return blocksOf(hints.at(-1) ?? lines)
    .map(spoken)
    .filter((each) => each !== '')
    .join(' ')
}

function spoken(block: Block): string {
  switch (block.kind) {
    case 'bad':
      return block.texts.map(inPlainWords).join(' ')
    case 'passed':
      return inPlainWords(block.text)
    case 'told':
      return sentence(inPlainWords(block.text))
    case 'fields':
      return block.fields.map(({ name, text }) => sentence(`${name}: ${inPlainWords(text)}`)).join(' ')
    case 'hint':
      return `${block.title}: ${inPlainWords(block.markdown)}`
    default:
      return ''
  }
}

const sentence = (text: string): string => (/[.:?!]$/.test(text) ? text : `${text}.`)
