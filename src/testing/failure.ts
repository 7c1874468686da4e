/**
 * The error of an assertion, in the form that test runners know: tap, node:test, vitest and jest show `expected` and
 * `actual` side by side, and point at the line where the stack begins.
 */

export interface Difference {
  readonly expected: unknown
  readonly actual: unknown
  /** The error of the code under test. */
  readonly cause?: unknown
}

type Called = (...args: never[]) => unknown
type Engine = { captureStackTrace?(error: object, below: unknown): void }

/** @param below the function that the user has called: the stack begins at the line of that call */
export const failure = (message: string, difference: Difference, below: Called): Error =>
  callSite(below)(message, difference)

/**
 * Notes the line that called a function, for an error that is made later: that of an assertion if it has a difference,
 * else one that names the line in its message, because it may come when its test is over.
 *
 * @param below the function that the user has called
 */
export function callSite(below: Called): (message: string, difference?: Difference) => Error {
  const here = new Error()
  const { captureStackTrace } = Error as Engine
  captureStackTrace?.(here, below)
  return (what, difference) => {
    const lines = (here.stack ?? '').replace(/^Error:?\s*\n/, '')
    const name = difference ? 'AssertionError' : 'Error'
    const message = difference ? what : `${what} (${/[^\s(@]+:\d+/.exec(lines)?.[0]})`
    const known = { code: 'ERR_ASSERTION', operator: 'then', generatedMessage: false, ...difference }
    const error = Object.assign(new Error(message), difference && known)
    // Only engines of this kind write the message above the lines.
    const stack = captureStackTrace ? `${name}: ${message}\n${lines}` : lines
    const hidden = { configurable: true, writable: true }
    return Object.defineProperties(error, { name: { value: name, ...hidden }, stack: { value: stack, ...hidden } })
  }
}
