/**
 * What a failing test says: a headline, and below it what was given, expected and got, with a mark where the difference
 * begins. What is far from there is left out.
 */
import type { Mismatch } from './compare'
import type { CallSite } from './failure'

/** How many characters of a line are shown. */
const width = 160
/** How many lines are shown on each side of the one that matters. */
const height = 20

/** The error of a test. @param before what led to it, by the label of its rows */
export function failed(here: CallSite, mismatch: Mismatch, before: Readonly<Record<string, string>> = {}): Error {
  const { what, ...difference } = nearby(mismatch)
  const { expected, got } = marked(difference)
  const led = Object.entries(before).map(([label, text]) => {
    const lines = text === '' ? [] : text.split('\n')
    return [label, around(lines, lines.length).map((line) => part([...line], 0))] as const
  })
  const rows = [...led, ['expected', expected], ['got', got]] as const
  const texts = rows.flatMap(([label, lines]) =>
    lines.map((line, i) => `  ${(i === 0 ? label : '').padEnd(10)}${line}`),
  )
  return here.failure(`${what}\n\n${texts.join('\n')}\n`, difference)
}

/** The same, without what is far from the first line that differs. */
function nearby(mismatch: Mismatch): Mismatch {
  const [wanted, came] = [mismatch.expected.split('\n'), mismatch.actual.split('\n')]
  const at = Math.max(0, firstDifference(wanted, came))
  return { ...mismatch, expected: around(wanted, at).join('\n'), actual: around(came, at).join('\n') }
}

function around(lines: readonly string[], at: number): string[] {
  const [from, to] = [Math.max(0, at - height), at + height + 1]
  const left = lines.length - to
  return [...(from > 0 ? [`… ${from} more`] : []), ...lines.slice(from, to), ...(left > 0 ? [`… ${left} more`] : [])]
}

/** Both, line by line, with a mark below the first line of the second that differs. */
export function marked({ expected, actual }: Pick<Mismatch, 'expected' | 'actual'>): {
  expected: string[]
  got: string[]
} {
  const [wanted, came] = [expected.split('\n'), actual.split('\n')]
  const at = firstDifference(wanted, came)
  const [one, two] = [[...(wanted[at] ?? '')], [...(came[at] ?? '(nothing more)')]]
  const column = Math.max(
    0,
    [...one, ''].findIndex((character, i) => character !== two[i]),
  )
  const start = Math.max(one.length, two.length) > width ? Math.max(0, column - width / 2) : 0
  const cut = (line: string, i: number) => part([...line], i === at ? start : 0)
  const shown = came.concat(at < came.length ? [] : [two.join('')]).map(cut)
  if (at > 0 || column > 0) shown.splice(at + 1, 0, `${' '.repeat(column - start + (start > 0 ? 1 : 0))}^`)
  return { expected: wanted.map(cut), got: shown }
}

/** -1 if there is none. */
const firstDifference = (wanted: readonly string[], came: readonly string[]): number =>
  Array.from({ length: Math.max(wanted.length, came.length) }, (_, i) => wanted[i] === came[i]).indexOf(false)

const part = (line: readonly string[], start: number): string =>
  `${start > 0 ? '…' : ''}${line.slice(start, start + width).join('')}${line.length > start + width ? '…' : ''}`
