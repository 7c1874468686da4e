/**
 * Which brace is one too many. A compiler complains where it gives up, which may be lines below the brace that was left
 * open; a reader sees it by the indentation.
 */
import tokens from 'js-tokens'

export interface Brace {
  /** `{` was never closed; `}` closes nothing. */
  readonly sign: '{' | '}'
  /** Both count from 1. */
  readonly line: number
  readonly column: number
}

/** The brace without a partner; undefined where there are as many of one kind as of the other. */
export function looseBrace(code: string): Brace | undefined {
  const open: Found[] = []
  /** A brace that is closed by one in another column than its line begins in: its own partner is missing. */
  let suspect: Found | undefined
  let index = 0
  for (const { value: sign } of tokens(code)) {
    const start = index
    index += sign.length
    if (sign !== '{' && sign !== '}') continue
    const found = at(code, start)
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
