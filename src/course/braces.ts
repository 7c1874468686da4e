/**
 * Which brace is one too many. A compiler complains where it gives up, which may be lines below the brace that was left
 * open; a reader sees it by the indentation.
 */

export interface Brace {
  /** `{` was never closed; `}` closes nothing. */
  readonly sign: '{' | '}'
  /** Both count from 1. */
  readonly line: number
  readonly column: number
}

/** Comments and quoted text, in which a brace means nothing, and braces. */
const TOKEN = /\/\/.*|\/\*[\s\S]*?\*\/|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|[{}]/g

/** The brace without a partner; undefined where there are as many of one kind as of the other. */
export function looseBrace(code: string): Brace | undefined {
  const open: Found[] = []
  /** A brace that is closed by one in another column than its line begins in: its own partner is missing. */
  let suspect: Found | undefined
  for (const { 0: sign, index } of code.matchAll(TOKEN)) {
    if (sign !== '{' && sign !== '}') continue
    const found = at(code, index)
    if (sign === '{') open.push(found)
    else {
      const partner = open.pop()
      if (!partner) return { sign, line: found.line, column: found.column }
      if (found.isFirst && partner.line !== found.line && partner.indent !== found.indent) suspect ??= partner
    }
  }
  const left = open.at(-1)
  if (!left) return undefined
  const { line, column } = suspect ?? left
  return { sign: '{', line, column }
}

interface Found {
  readonly line: number
  readonly column: number
  /** How far its line is indented, and whether it is the first thing in that line. */
  readonly indent: number
  readonly isFirst: boolean
}

function at(code: string, index: number): Found {
  const before = code.slice(0, index).split('\n')
  const column = (before.at(-1) as string).length + 1
  const indent = (code.split('\n')[before.length - 1] as string).search(/\S/)
  return { line: before.length, column, indent, isFirst: indent === column - 1 }
}
