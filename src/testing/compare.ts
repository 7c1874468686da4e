/** The difference between what a test expects and what came, in words. */
import { equal } from '../aggregates/equal'
import type { Difference } from './failure'
import { difference, eventText, eventTexts, type SaidEvent } from './said'
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
  return `${wanted.name} ${difference(wanted, came)}`
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
