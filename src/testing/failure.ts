/**
 * The error of an assertion, in the form that test runners know: tap, node:test, vitest and jest show `expected` and
 * `actual` side by side.
 */

export interface Difference {
  readonly expected: unknown
  readonly actual: unknown
}

/** @param below the function that the user called: the stack begins at the line of that call */
export function failure(message: string, difference?: Difference, below: (...args: never[]) => unknown = failure) {
  const error = Object.assign(new Error(message), { code: 'ERR_ASSERTION', generatedMessage: false }, difference)
  Object.defineProperty(error, 'name', { value: 'AssertionError', configurable: true, writable: true })
  const { captureStackTrace } = Error as { captureStackTrace?(error: object, below: unknown): void }
  captureStackTrace?.(error, below)
  return error
}
