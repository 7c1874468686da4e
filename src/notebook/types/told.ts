/** What TypeScript says of a text, in the words of the page. */
import type * as TS from 'typescript'
import { asImported, troubleIn } from '../../checkpoints/complaints'
import type { Hover, TypeProblem } from '../page/editor/types'
import type { Found } from './project'

/** As the checkpoint says it, at its place; and, where TypeScript goes on, the rest. */
export function problemIn(name: string, text: string, found: Found, ts: typeof TS): TypeProblem {
  const { message, place } = troubleIn(name, text, found, () => ts)
  const code = Number(found.code)
  const isMoved = place?.line !== found.place.line || place.column !== found.place.column
  if (isMoved && place) {
    const from = offsetOf(text, place)
    return { from, to: from + 1, message, code }
  }
  const rest = message === asImported(found.message) && found.more ? `\n${asImported(found.more)}` : ''
  return { from: found.from, to: found.to, message: message + rest, code }
}

/** Of a brace that is missing, TypeScript complains in more than one place. */
export const eachOnce = (problems: readonly TypeProblem[]): readonly TypeProblem[] =>
  problems.filter(
    ({ from, message }, at) => problems.findIndex((other) => other.from === from && other.message === message) === at,
  )

/** What is at this place of a file; undefined where there is no name. */
export function hoverAt(service: TS.LanguageService, path: string, offset: number): Hover | undefined {
  const found = service.getQuickInfoAtPosition(path, offset)
  if (!found) return undefined
  const { textSpan, displayParts, documentation, tags = [] } = found
  const written = [inLines(plain(documentation)), ...tags.map(({ name, text }) => saysTag(name, inLines(plain(text))))]
  const about = written.filter((each) => each !== '').join('\n')
  return {
    from: textSpan.start,
    to: textSpan.start + textSpan.length,
    text: asImported(plain(displayParts).replace(/^\((alias|method|property)\) |\nimport .*$/g, '')),
    ...(about && { documentation: about }),
  }
}

const offsetOf = (text: string, { line, column }: { readonly line: number; readonly column: number }): number =>
  text
    .split('\n')
    .slice(0, line - 1)
    .reduce((sum, each) => sum + each.length + 1, column - 1)

/** What is written about a name: without the marks of a link, whose text says what it leads to. */
const plain = (parts: readonly TS.SymbolDisplayPart[] = []): string =>
  parts.map(({ kind, text }) => (kind === 'link' ? '' : text)).join('')

/** A paragraph is a line: where the source breaks it is its own affair. */
const inLines = (text: string): string => text.trim().replace(/(?<!\n)\n(?![\n*-])/g, ' ')

/** Tags that are not for tools, in words. */
function saysTag(name: string, text: string): string {
  if (text === '') return ''
  if (name === 'param') return text.replace(/^(\w+) (- )?/, '$1: ')
  return /^(returns|throws|deprecated)$/.test(name) ? `${name[0]?.toUpperCase()}${name.slice(1)}: ${text}` : ''
}
