/** Tests of what came, for the `slips` of an example. */
import type { Likeness } from '../../course/example'

export const isList = (value: unknown): value is unknown[] => Array.isArray(value)

export const failed: Likeness = (_value, error) => error !== undefined

export const isNothing: Likeness = (value, error) => value === undefined && error === undefined

/** It threw an error whose message looks like this. For JavaScript's own errors: those of the library have codes. */
export const throws =
  (message: RegExp): Likeness =>
  (_value, error) =>
    error instanceof Error && message.test(error.message)

/** It threw an error of the library with one of these codes, which stay when the words are improved. */
export const failsWith =
  (...codes: readonly string[]): Likeness =>
  (_value, error) =>
    error instanceof Error && codes.includes((error as { code?: unknown }).code as string)
