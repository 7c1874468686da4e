/** The lines of a verdict as what they are: the terminal shows them one below the other, the page as elements. */
import type { Line } from '../../../course/report'

export interface Field {
  /** Such as `expected`. */
  readonly name: string
  readonly text: string
  readonly isCode: boolean
}

export type Block =
  | { readonly kind: 'good'; readonly texts: readonly string[] }
  | { readonly kind: 'bad'; readonly texts: readonly string[] }
  /** That the lesson is passed. */
  | { readonly kind: 'passed'; readonly text: string }
  | { readonly kind: 'fields'; readonly fields: readonly Field[] }
  /** What came of the code, such as the message of an error. */
  | { readonly kind: 'told'; readonly text: string }
  | { readonly kind: 'hint'; readonly title: string; readonly markdown: string }
  | { readonly kind: 'printed'; readonly title: string; readonly text: string }
  | { readonly kind: 'said'; readonly text: string }

/** Of the headings only those of hints are kept: on the page, it is clear what is being judged. */
export function blocksOf(lines: readonly Line[]): readonly Block[] {
  const blocks: Block[] = []
  let title = ''
  for (const line of lines) {
    const last = blocks.at(-1)
    const further = last && continued(last, line)
    if (further) blocks[blocks.length - 1] = further
    else if (line.tone === 'heading' || (line.tone === 'quiet' && !PRINTED.test(line.text))) title = line.text
    else if (line.text !== '') blocks.push(begun(line, title))
  }
  return blocks
}

const PRINTED = /^ {2}\| /
const MARKED = /^\s*[✓✗] /
const TOLD = /^ {4}/

function begun({ tone, text, column }: Line, title: string): Block {
  if (tone === 'markdown') return { kind: 'hint', title, markdown: text }
  if (PRINTED.test(text)) return { kind: 'printed', title, text: text.replace(PRINTED, '') }
  if ((tone === 'good' || tone === 'bad') && MARKED.test(text)) return { kind: tone, texts: [text.replace(MARKED, '')] }
  if (tone === 'good') return { kind: 'passed', text }
  if (column !== undefined) return { kind: 'fields', fields: [field(text, column, tone)] }
  return TOLD.test(text) ? { kind: 'told', text: text.replace(TOLD, '') } : { kind: 'said', text }
}

const field = (text: string, column: number, tone: Line['tone']): Field => ({
  name: text.slice(0, column).trim(),
  text: text.slice(column),
  isCode: tone === 'code',
})

/** What is said in words, and the code that ends it: a place has the code of its line behind it. */
export function wordsAndCode({ name, text }: Field): { readonly words: string; readonly code: string } {
  const [, words = text, code = ''] = (name === 'where' && /^(\S+ · )(.+)$/s.exec(text)) || []
  return { words, code }
}

/** The block with one line more; undefined if the line is not of it. */
function continued(block: Block, { tone, text, column }: Line): Block | undefined {
  if (block.kind === 'printed' && tone === 'quiet' && (text === '' || PRINTED.test(text)))
    return { ...block, text: `${block.text}\n${text.replace(PRINTED, '')}` }
  if (block.kind === 'told' && tone === 'plain' && column === undefined && (text === '' || TOLD.test(text)))
    return { ...block, text: `${block.text}\n${text.replace(TOLD, '')}` }
  if (block.kind === tone && (tone === 'good' || tone === 'bad') && MARKED.test(text))
    return { ...block, texts: [...(block as { texts: readonly string[] }).texts, text.replace(MARKED, '')] } as Block
  if (block.kind !== 'fields' || column === undefined || MARKED.test(text)) return undefined
  const next = field(text, column, tone)
  const last = block.fields.at(-1)
  if (next.name !== '' || !last) return { ...block, fields: [...block.fields, next] }
  return { ...block, fields: [...block.fields.slice(0, -1), { ...last, text: `${last.text}\n${next.text}` }] }
}

/** How many levels the hint has that is in these lines; 0 if there is none. */
export function levelsOf(blocks: readonly Block[]): number {
  const hint = blocks.find(({ kind }) => kind === 'hint')
  const [, of] = (hint?.kind === 'hint' && /(\d+)\D*$/.exec(hint.title)) || []
  return Number(of ?? 0)
}
