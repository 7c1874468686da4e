/**
 * What is said aloud, once: when something has come of what the reader does, and not when one comes back to where it came.
 * It is the text of a live region, which says whatever text it gets.
 */
import { useRef } from 'preact/hooks'
import type { CellState } from './cell-state'
import { inPlainWords } from './said'

/**
 * Gives a text when what it is about has become another thing.
 *
 * @param about undefined where that is not known: what was said stays
 */
export function useAloud<T>(about: T | undefined, text: string): string {
  const before = useRef({ about, text: '' })
  if (about !== undefined && before.current.about !== about)
    before.current = { about, text: before.current.about === undefined ? '' : text }
  return before.current.text
}

/** What a cell is at the moment. */
type Heard = Pick<CellState, 'isBusy' | 'shown' | 'notes' | 'hasRun' | 'asks' | 'left'>

/** Gives what has come of a cell, when it has run or something is said of it. */
export function useCellAloud(name: string, now: Heard, isLong: boolean): string {
  const before = useRef<{ readonly last: Heard; readonly text: string }>({ last: now, text: '' })
  const { last, text } = before.current
  before.current = { last: now, text: toSay(name, now, last, isLong) ?? text }
  return before.current.text
}

/** Undefined: nothing else than before. */
export function toSay(name: string, now: Heard, last: Heard, isLong: boolean): string | undefined {
  if (now.isBusy) return isLong ? `${name} is still running: it may be endless` : ''
  if (now.notes.length > 0 && (last.isBusy || now.notes.length > last.notes.length)) {
    const fresh = last.isBusy ? now.notes : now.notes.slice(last.notes.length)
    return `${name}: ${fresh.map(({ text }) => inPlainWords(text)).join(' ')}`
  }
  if (last.isBusy) return now.hasRun && !now.asks ? `${name}: ${whatCameOf(now)}` : ''
  // Another timeline is shown, or what was said below the cell is gone.
  return now.shown === last.shown && now.hasRun === last.hasRun && now.notes.length === last.notes.length
    ? undefined
    : ''
}

/** The reader knows the code, and of the events it is said beside the log. */
const SAID_ELSEWHERE = new Set(['code', 'news'])

function whatCameOf({ shown, left }: Heard): string {
  const all = shown.flatMap(({ tone, text }) => (SAID_ELSEWHERE.has(tone) ? [] : inPlainWords(text)))
  const begins = left ? '. A new timeline begins here; what cells below it have shown is stale' : ''
  return `${hasFailed(shown) ? 'failed' : 'done'}: ${all.join('; ')}${begins}`
}

export const hasFailed = (shown: CellState['shown']): boolean => shown.some(({ tone }) => tone === 'problem')
