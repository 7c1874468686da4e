/** What a cell shows that has come to its end, and which of its calls it did not wait for. */
import type { Outcome } from '../cells/runner'
import { all, nothing, type Reply, text } from './reply'

export function done({ shows, value, left }: Extract<Outcome, { kind: 'done' }>): Reply {
  const shown: Reply = shows && value !== undefined ? { kind: 'value', value } : nothing
  return left.length > 0 ? all(shown, text(forgotten(left))) : shown
}

function forgotten(lines: readonly number[]): string {
  const put = 'that nobody waits for: put `await` in front of'
  if (lines.length === 1) return `Line ${lines[0]} returns a promise ${put} it.`
  return `Lines ${lines.slice(0, -1).join(', ')} and ${lines.at(-1)} return promises ${put} them.`
}
