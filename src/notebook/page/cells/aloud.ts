/**
 * What is said aloud, once: when something has come of what the reader does, and not when one comes back to where it came.
 * It is the text of a live region, which says whatever text it gets.
 */
import { useRef } from 'preact/hooks'
import { type Heard, toSay } from './said'

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

/** Gives what has come of a cell, when it has run or something is said of it. */
export function useCellAloud(name: string, now: Heard, isLong: boolean): string {
  const before = useRef<{ readonly last: Heard; readonly text: string }>({ last: now, text: '' })
  const { last, text } = before.current
  before.current = { last: now, text: toSay(name, now, last, isLong) ?? text }
  return before.current.text
}
