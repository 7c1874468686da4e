/**
 * The difference between what a test expects and what came, in words, and with a mark where it begins.
 */
import { equal } from '../aggregates/equal'
import type { Difference } from './failure'
import { eventText, eventTexts, type SaidEvent } from './said'
import { showBoth } from './show'

/** Why a test fails. */
export interface Mismatch extends Difference {
  /** `TrickAdded has another payload` */
  readonly what: string
  readonly expected: string
  readonly actual: string
}

export const nothing = '(nothing)'

/** Undefined if these are the expected events, in this order. */
export function compareEvents(expected: readonly SaidEvent[], got: readonly SaidEvent[]): Mismatch | undefined {
  const saysWhose = expected.some(({ aggregateId }) => aggregateId !== undefined)
  const length = Math.max(expected.length, got.length)
  const texts = Array.from({ length }, (_, i): [string | undefined, string | undefined] => {
    const [wanted, came] = [expected[i], got[i]]
    if (wanted && came) return eventTexts(wanted, came)
    if (wanted) return [eventText(wanted), undefined]
    const { name, payload, aggregateId } = came as SaidEvent
    return [undefined, eventText({ name, payload, aggregateId: saysWhose ? aggregateId : undefined })]
  })
  const at = texts.findIndex(([wanted, came]) => wanted !== came)
  if (at < 0) return undefined
  const [wanted, came] = [0, 1].map((side) => texts.flatMap((pair) => pair[side as 0] ?? []).join('\n') || nothing)
  return { what: inWords(expected, got, at), expected: wanted as string, actual: came as string }
}

function inWords(expected: readonly SaidEvent[], got: readonly SaidEvent[], at: number): string {
  const [wanted, came] = [expected[at], got[at]]
  const without = (events: readonly SaidEvent[]) => events.filter((_, i) => i !== at)
  if (!came || isSame(without(expected), got)) return `${wanted?.name} is missing`
  if (!wanted || isSame(expected, without(got))) return `${came.name} should not have happened`
  if (isShuffled(expected, got)) return 'the events are in another order'
  if (wanted.name !== came.name) return `${came.name} happened instead of ${wanted.name}`
  if (showBoth(wanted.payload, came.payload).every((text, _, [first]) => text === first))
    return `${wanted.name} happened to another aggregate, or at another time`
  return `${wanted.name} has another payload`
}

const isSame = (expected: readonly SaidEvent[], got: readonly SaidEvent[]): boolean =>
  expected.length === got.length &&
  expected.every((wanted, i) => {
    const [one, two] = eventTexts(wanted, got[i] as SaidEvent)
    return one === two
  })

function isShuffled(expected: readonly SaidEvent[], got: readonly SaidEvent[]): boolean {
  const left = [...got]
  for (const wanted of expected) {
    const found = left.findIndex((came) => isSame([wanted], [came]))
    if (found < 0) return false
    left.splice(found, 1)
  }
  return left.length === 0
}

/** Undefined if this is the expected value. */
export function compareValues(what: string, expected: unknown, got: unknown): Mismatch | undefined {
  const [wanted, came] = showBoth(expected, got)
  if (wanted !== came) return { what, expected: wanted, actual: came }
  if (equal(expected, got, true)) return undefined
  return { what: `${what} in something that nobody can look into`, expected: wanted, actual: came }
}

/** So much of a line is shown. */
const width = 160

/** Both, line by line, with a mark below the first line of the second that differs. */
export function marked({ expected, actual }: Mismatch): { expected: string[]; got: string[] } {
  const [wanted, came] = [linesOf(expected), linesOf(actual)]
  const length = Math.max(wanted.length, came.length)
  const at = Array.from({ length }, (_, i) => wanted[i]?.join('') === came[i]?.join('')).indexOf(false)
  const [one = [], two = [...'(nothing more)']] = [wanted[at], came[at]]
  const column = Math.max(
    0,
    [...one, ''].findIndex((sign, i) => sign !== two[i]),
  )
  const start = Math.max(one.length, two.length) > width ? Math.max(0, column - width / 2) : 0
  const cut = (line: Line, i: number) => (i === at ? part(line, start) : part(line, 0))
  const shown = came.concat(at < came.length ? [] : [two]).map(cut)
  if (at > 0 || column > 0) shown.splice(at + 1, 0, `${' '.repeat(column - start + (start > 0 ? 1 : 0))}^`)
  return { expected: wanted.map(cut), got: shown }
}

type Line = readonly string[]

const linesOf = (text: string): Line[] => text.split('\n').map((line) => [...line])

const part = (line: Line, start: number): string =>
  `${start > 0 ? '…' : ''}${line.slice(start, start + width).join('')}${line.length > start + width ? '…' : ''}`
