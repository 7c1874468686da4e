/**
 * Which brace, bracket or parenthesis is one too many. A compiler complains where it gives up, which may be lines below the
 * one that was left open; a reader sees it by what it stands in, or by the indentation.
 */
import tokens from 'js-tokens'

export interface Brace {
  /** What opens was never closed; what closes has nothing to close. */
  readonly sign: Open | Close
  /** Both count from 1. */
  readonly line: number
  readonly column: number
}

export type Open = '{' | '(' | '['
export type Close = '}' | ')' | ']'
const partners: Readonly<Record<Close, Open>> = { '}': '{', ')': '(', ']': '[' }
const opens = new Set<string>(Object.values(partners))
export const isOpen = (sign: string): sign is Open => opens.has(sign)
const isClose = (sign: string): sign is Close => Object.hasOwn(partners, sign)

/** The one without a partner; undefined where each has its own. */
export function looseBrace(code: string): Brace | undefined {
  const open: Found[] = []
  /** A brace that is closed by one in another column than its line begins in: its own partner is missing. */
  let suspect: Found | undefined
  let index = 0
  for (const token of tokens(code)) {
    // Behind a string without an end, nothing is what it looks like.
    if ('closed' in token && !token.closed) return undefined
    const { value: sign } = token
    const start = index
    index += sign.length
    if (isOpen(sign)) open.push({ sign, ...at(code, start) })
    if (!isClose(sign)) continue
    const found = { sign, ...at(code, start) }
    const partner = open.pop()
    // In the middle of a line, a parenthesis closes no more than what was opened after the last brace.
    const isStray = partner?.sign === '{' && sign !== '}' && !found.isFirst
    if (!partner || isStray) return place(found)
    if (partner.sign !== partners[sign]) return place(partner)
    if (sign === '}' && found.isFirst && partner.line !== found.line && partner.indent !== found.indent)
      suspect ??= partner
  }
  const left = open.at(-1)
  if (!left) return undefined
  return place(left.sign === '{' ? (suspect ?? left) : left)
}

const place = ({ sign, line, column }: Found): Brace => ({ sign, line, column })

interface Found {
  readonly sign: Open | Close
  readonly line: number
  readonly column: number
  /** How far its line is indented, and whether it is the first thing in that line. */
  readonly indent: number
  readonly isFirst: boolean
}

function at(code: string, index: number): Omit<Found, 'sign'> {
  const before = code.slice(0, index).split('\n')
  const column = (before.at(-1) as string).length + 1
  const indent = (code.split('\n')[before.length - 1] as string).search(/\S/)
  return { line: before.length, column, indent, isFirst: indent === column - 1 }
}
