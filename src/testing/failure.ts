/**
 * The errors of a test, in the form that test runners know: tap, node:test, vitest and jest show `expected` and `actual`
 * side by side, and point at the line where the stack begins.
 */

export interface Difference {
  readonly expected: unknown
  readonly actual: unknown
  /** The error of the code under test. */
  readonly cause?: unknown
}

type Called = (...args: never[]) => unknown
type Engine = { captureStackTrace?(error: object, below: unknown): void }

/** The line of a test, for errors that are made later. */
export class CallSite {
  readonly #lines: string

  /** @param below the function that the user has called on that line */
  constructor(below: Called) {
    const here = new Error()
    ;(Error as Engine).captureStackTrace?.(here, below)
    this.#lines = (here.stack ?? '').replace(/^Error:?\s*\n/, '')
  }

  failure(message: string, difference: Difference): Error {
    const known = { code: 'ERR_ASSERTION', operator: 'fail', generatedMessage: false, ...difference }
    const error = Object.assign(new Error(message), known)
    Object.defineProperty(error, 'name', { value: 'AssertionError', configurable: true, writable: true })
    return this.blamed(error)
  }

  /** The error for a test that says nothing. It may come when the test is over, so it names the line in its message. */
  misuse(message: string): Error {
    return this.blamed(new Error(`${message} (${/[^\s(@]+:\d+/.exec(this.#lines)?.[0]})`))
  }

  /** The same error, with a stack that begins here. */
  blamed(error: Error): Error {
    // Only engines of this kind write the message above the lines.
    const isAbove = 'captureStackTrace' in Error
    const value = isAbove ? `${error.name}: ${error.message}\n${this.#lines}` : this.#lines
    return Object.defineProperty(error, 'stack', { value, configurable: true, writable: true })
  }
}
