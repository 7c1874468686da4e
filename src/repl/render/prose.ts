/** Draws the markdown of a lesson for a terminal: paragraphs to its width, what is emphasised in a style of its own. */
import { type Look, paint } from './look'
import { wrapped } from './wrap'

/** The fences `text` and `sh` stand as they are. */
export function renderProse(markdown: string, look: Look): string {
  const blocks = markdown.split(/^(```(?:sh|text)\n[\s\S]*?\n```)$/m)
  return blocks
    .map((block) => (block.startsWith('```') ? fenced(block) : paragraphs(block.trim(), look)))
    .filter((block) => block !== '')
    .join('\n\n')
}

const fenced = (block: string): string =>
  block
    .split('\n')
    .slice(1, -1)
    .map((line) => `  ${line}`)
    .join('\n')

const paragraphs = (text: string, look: Look): string =>
  text
    .split(/\n{2,}/)
    .map((paragraph) => drawn(paragraph, look))
    .join('\n\n')

function drawn(paragraph: string, look: Look): string {
  const heading = /^#+ (.*)$/.exec(paragraph)
  if (heading) return paint('bold', heading[1] as string, look)
  // Each item of a list begins a line; all other line ends are the author's width, not the reader's.
  const lines = paragraph.replace(/\n(?!- )\s*/g, ' ').split('\n')
  return lines.map((line) => emphasised(item(line, look), look)).join('\n')
}

/** An item goes on under its text, not under its dash. */
function item(line: string, look: Look): string {
  if (!line.startsWith('- ')) return wrapped(line, look.width)
  return wrapped(line.slice(2), look.width - 4)
    .split('\n')
    .map((each, at) => (at === 0 ? `  - ${each}` : `    ${each}`))
    .join('\n')
}

/** Code keeps its marks where there is no colour to tell it. What is marked may reach over a line end. */
function emphasised(text: string, look: Look): string {
  if (!look.colour) return text.replace(/\*\*(.+?)\*\*/gs, '$1')
  return text
    .split(/(`[^`]+`)/)
    .map((part) =>
      part.startsWith('`')
        ? paint('cyan', part.slice(1, -1), look)
        : part
            .replace(/\*\*(.+?)\*\*/gs, (_, words: string) => paint('bold', words, look))
            .replace(/(?<![\p{L}\p{N}_])_([^_]+)_(?![\p{L}\p{N}_])/gu, (_, words: string) =>
              paint('bold', words, look),
            ),
    )
    .join('')
}
