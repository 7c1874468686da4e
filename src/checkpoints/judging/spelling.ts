/** Tells a slip of the pen from an expectation that is wrong. */
import type { Failure } from './run-learner-tests'

/** Whether what was expected and what was found differ in a few characters only. */
export function isSpelling({ diff = '' }: Failure): boolean {
  const rows = (mark: string) =>
    diff.split('\n').filter((row) => row.startsWith(mark) && !row.startsWith(mark.repeat(3)))
  const pairs = rows('-').map((row, at) => [row.slice(1), rows('+')[at]?.slice(1) ?? ''] as const)
  const isNear = ([one, other]: readonly [string, string]) => {
    const [a, b] = [one, other].map((row) => row.replace(/[\s'"`,;.!-]/g, '').toLowerCase()) as [string, string]
    return one.trim() !== other.trim() && /[a-z]{3}/.test(a) && (a === b || changes(a, b) <= Math.min(2, a.length / 4))
  }
  return pairs.length > 0 && pairs.length === rows('+').length && pairs.every(isNear)
}

/** How many characters have to be put in, taken out or changed to make one of the other. */
function changes(one: string, other: string): number {
  let row = [...other, ''].map((_, at) => at)
  for (const [i, character] of [...one].entries()) {
    const next = [i + 1]
    for (const [j, wanted] of [...other].entries())
      next.push(Math.min((next[j] ?? 0) + 1, (row[j + 1] ?? 0) + 1, (row[j] ?? 0) + (character === wanted ? 0 : 1)))
    row = next
  }
  return row.at(-1) ?? 0
}
