/** What a cell shows that has come to its end, and which of its calls it did not wait for. */
import type { Outcome } from '../cells/runner'
import { all, nothing, type Reply, text } from './reply'

export function done({ shows, value, left, each }: Extract<Outcome, { kind: 'done' }>): Reply {
  const shown = shows ? shownOf(value) : nothing
  const said = [...(left.length > 0 ? [forgotten(left)] : []), ...each.map(lost)]
  return said.length > 0 ? all(shown, ...said.map(text)) : shown
}

const shownOf = (value: unknown): Reply =>
  value === undefined ? { kind: 'nothing', isUndefined: true } : { kind: 'value', value }

const lost = (line: number): string =>
  `Line ${line}: \`forEach\` waits for no promise; a \`for (… of …)\` with \`await\` in it does.`

function forgotten(lines: readonly number[]): string {
  const put = 'that nobody waits for: put `await` in front of'
  if (lines.length === 1) return `Line ${lines[0]} returns a promise ${put} it.`
  return `Lines ${lines.slice(0, -1).join(', ')} and ${lines.at(-1)} return promises ${put} them.`
}
