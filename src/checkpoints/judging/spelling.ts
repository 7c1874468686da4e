/** Tells a slip of the pen from an expectation that is wrong. */
import { distance } from 'fastest-levenshtein'
import type { Failure } from './failure'

/** Whether what was expected and what was found differ in a few characters only. */
export function isSpelling({ diff = '' }: Failure): boolean {
  const rows = (mark: string) =>
    diff.split('\n').filter((row) => row.startsWith(mark) && !row.startsWith(mark.repeat(3)))
  const pairs = rows('-').map((row, at) => [row.slice(1), rows('+')[at]?.slice(1) ?? ''] as const)
  const isNear = ([one, other]: readonly [string, string]) => {
    const [a, b] = [one, other].map((row) => row.replace(/[\s'"`,;.!-]/g, '').toLowerCase()) as [string, string]
    return one.trim() !== other.trim() && /[a-z]{3}/.test(a) && (a === b || distance(a, b) <= Math.min(2, a.length / 4))
  }
  return pairs.length > 0 && pairs.length === rows('+').length && pairs.every(isNear)
}
