/**
 * What a command has done: recorded events, or thrown an error, or both; and whether that is what a test expects.
 */
import { compareEvents, type Mismatch, nothing } from './compare'
import type { SaidEvent } from './said'

export interface Outcome {
  /** In the order in which they were recorded. */
  readonly recorded: readonly SaidEvent[]
  /** What the command threw. */
  readonly thrown?: { readonly error: unknown }
  /** What is wrong whatever a test expects: the state does not follow from the events. */
  readonly wrong?: Mismatch | undefined
}

/** An error by its `code`, its message, a part of its message, or its class. */
export type ExpectedError = string | RegExp | (abstract new (...args: never[]) => Error)

/** Runs a command, and keeps what it throws. */
export async function attempt(command: () => unknown): Promise<{ result?: unknown; thrown?: { error: unknown } }> {
  try {
    return { result: await command() }
  } catch (error) {
    return { thrown: { error } }
  }
}

export function judgeEvents(
  { recorded, thrown, wrong }: Outcome,
  expected: readonly SaidEvent[],
): Mismatch | undefined {
  if (!thrown) return compareEvents(expected, recorded) ?? wrong
  const { error } = thrown
  const mismatch = compareEvents(expected, [])
  return {
    what: `it was refused: ${messageOf(error)}`,
    expected: mismatch?.expected ?? nothing,
    actual: errorText(error),
    cause: error,
  }
}

/** Refused means that nothing was recorded, but for the events that are expected. */
export function judgeError(
  outcome: Outcome,
  expected: ExpectedError,
  events: readonly SaidEvent[],
): Mismatch | undefined {
  const { recorded, thrown, wrong } = outcome
  const wanted = expectedText(expected)
  if (!thrown)
    return { what: 'it was not refused', expected: wanted, actual: compareEvents([], recorded)?.actual ?? nothing }
  const { error } = thrown
  if (!isExpected(error, expected))
    return { what: 'it was refused for another reason', expected: wanted, actual: errorText(error), cause: error }
  const mismatch = compareEvents(events, recorded)
  if (!mismatch) return wrong
  return { ...mismatch, what: `it was refused, but ${mismatch.what}` }
}

/** @throws TypeError for what names no error */
export function mustBeError(expected: unknown): void {
  if (typeof expected === 'string' || typeof expected === 'function' || expected instanceof RegExp) return
  throw new TypeError('thenThrows() takes the code of an error, its message or a pattern of it, or its class')
}

function isExpected(error: unknown, expected: ExpectedError): boolean {
  if (typeof expected === 'function') return error instanceof expected
  if (typeof expected !== 'string') return expected.test(messageOf(error))
  return Object(error).code === expected || messageOf(error) === expected
}

const messageOf = (error: unknown): string => String(error instanceof Error ? error.message : error)

function expectedText(expected: ExpectedError): string {
  if (typeof expected === 'function') return `throws ${expected.name}`
  return typeof expected === 'string' ? `throws '${expected}'` : `throws ${expected}`
}

/** With the place where it was thrown, in a form that no test runner takes for a line of the test's own stack. */
function errorText(error: unknown): string {
  if (!(error instanceof Error)) return `throws ${String(error)}`
  const { code } = error as { code?: unknown }
  const place = /^ *at (.*)$/m.exec(error.stack ?? '')?.[1]
  return `throws ${error.name}${code === undefined ? '' : ` (${code})`}: ${error.message}${place ? `\n  from ${place}` : ''}`
}
