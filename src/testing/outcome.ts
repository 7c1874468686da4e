/**
 * What a command has done: recorded events, or thrown an error, or both; and whether that is what a test expects.
 */
import { compareEvents, type Mismatch, nothing } from './compare'
import type { SaidEvent } from './said'
import { show } from './show'

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
  if (typeof expected === 'function') return isOf(error, expected)
  // Unlike `test`, it always begins at the beginning.
  if (typeof expected !== 'string') return messageOf(error).search(expected) >= 0
  return Object(error).code === expected || messageOf(error) === expected
}

/** In jest, what Node itself throws is of other built-in classes, with the same names. */
function isOf(error: unknown, type: abstract new (...args: never[]) => Error): boolean {
  if (error instanceof type || !isBuiltIn(type)) return error instanceof type
  let like = Object(error)
  while (like !== null && !(like.constructor?.name === type.name && isBuiltIn(like.constructor)))
    like = Object.getPrototypeOf(like)
  return like !== null
}
const isBuiltIn = (type: unknown): boolean => Function.prototype.toString.call(type).includes('[native code]')

const messageOf = (error: unknown): string => {
  const { message } = Object(error) as { message?: unknown }
  return typeof message === 'string' ? message : String(error)
}

function expectedText(expected: ExpectedError): string {
  if (typeof expected === 'function') return `throws ${expected.name}`
  return typeof expected === 'string' ? `throws '${expected}'` : `throws ${expected}`
}

/** With the place where it was thrown, in a form that no test runner takes for a line of the test's own stack. */
export function errorText(error: unknown): string {
  const { name, code, stack } = Object(error) as { name?: unknown; code?: unknown; stack?: unknown }
  if (typeof stack !== 'string') return `throws ${show(error)}`
  // Few classes of errors have a name of their own.
  const type = name === 'Error' ? Object(error).constructor?.name : name
  const place = /^ *at (.*)$/m.exec(stack)?.[1]
  return `throws ${type}${code === undefined ? '' : ` (${code})`}: ${messageOf(error)}${place ? `\n  from ${place}` : ''}`
}
