/** Draws markdown for a terminal: a lesson, a hint, the documentation of a name. */
import type { MarkedToken, Token, Tokens } from 'marked'
import { highlight } from './highlight'
import { type Look, paint } from './look'
import { renderTable } from './table'
import { fitted, unbroken, wrapped } from './width'

/** Paragraphs are wrapped to the terminal's width. In a file, which has no width, the author's line breaks are kept. */
export function renderProse(markdown: string, look: Look): string {
  const { lexer } = require('marked') as typeof import('marked')
  return blocks(lexer(markdown), look)
}

function blocks(tokens: readonly Token[], look: Look, gap = '\n\n'): string {
  return tokens
    .map((token) => block(token as MarkedToken, look))
    .filter((text) => text !== '')
    .join(gap)
}

function block(token: MarkedToken, look: Look): string {
  switch (token.type) {
    case 'space':
      return ''
    case 'heading':
      return wrapped(paint('bold', inline(token.tokens, look), look), look.width)
    case 'paragraph':
      return wrapped(inline(token.tokens, look), look.width)
    case 'text':
      return wrapped(inline(token.tokens ?? [token], look), look.width)
    case 'code':
      return indented(drawnCode(token.text, token.lang, narrower(look, 2)), '  ')
    case 'list':
      return token.items.map((item, i) => listItem(token, item, i, look)).join(token.loose ? '\n\n' : '\n')
    case 'blockquote':
      return indented(blocks(token.tokens, narrower(look, 2)), look.unicode ? '│ ' : '| ')
    case 'table':
      return table(token, look)
    default:
      return wrapped(token.raw.trimEnd(), look.width)
  }
}

/** Code of this language, broken where it does not fit. */
export function drawnCode(code: string, language: string | undefined, look: Look): string {
  const lines = fitted(code, look.width)
  return language === 'ts' && look.colour ? highlight(lines) : lines
}

/** Code in a sentence: it keeps its backticks where it has no colour. */
export const inlineCode = (code: string, look: Look): string =>
  look.colour ? paint('cyan', unbroken(code, look.width), look) : unbroken(`\`${code}\``, look.width)

/** A sentence that is not markdown, but has code in it. */
export const spoken = (text: string, look: Look): string =>
  look.colour ? text.replace(/`([^`\n]+)`/g, (_, code: string) => inlineCode(code, look)) : text

const narrower = (look: Look, by: number): Look => ({ ...look, width: look.width - by })
const indented = (text: string, before: string, first = before): string =>
  text
    .split('\n')
    .map((line, at) => ((at === 0 ? first : before) + line).trimEnd())
    .join('\n')

/** Further lines of an item are aligned with its text, not with its mark. */
function listItem({ ordered, start, loose }: Tokens.List, item: Tokens.ListItem, at: number, look: Look): string {
  const mark = `  ${ordered ? `${Number(start) + at}.` : '-'} `
  const text = blocks(item.tokens, narrower(look, mark.length), loose ? '\n\n' : '\n')
  return indented(text, ' '.repeat(mark.length), mark)
}

function table({ header, rows }: Tokens.Table, look: Look): string {
  const plain = { ...look, colour: false }
  const names = header.map(({ tokens }) => inline(tokens, plain))
  return renderTable(
    rows.map((row) => Object.fromEntries(row.map(({ tokens }, i) => [names[i], inline(tokens, plain)]))),
    look,
  )
}

function inline(tokens: readonly Token[] | undefined, look: Look): string {
  return ((tokens ?? []) as MarkedToken[])
    .map((token) => {
      switch (token.type) {
        case 'text':
          return token.tokens
            ? inline(token.tokens, look)
            : token.text.replace(/\s*\n\s*/g, Number.isFinite(look.width) ? ' ' : '\n')
        case 'escape':
          return token.text
        case 'br':
          return '\n'
        case 'codespan':
          return inlineCode(token.text, look)
        case 'strong':
          return paint('bold', inline(token.tokens, look), look)
        case 'em':
          return look.colour ? paint('bold', inline(token.tokens, look), look) : `_${inline(token.tokens, look)}_`
        case 'link': {
          const text = inline(token.tokens, look)
          return text === token.href ? text : `${text} (${token.href})`
        }
        default:
          return token.raw
      }
    })
    .join('')
}
