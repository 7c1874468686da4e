/** What tap says of an assertion that failed, and what was thrown, as one thing: a failure. */
import type { Place } from '../../course/verdict'
import type { Assertion } from './assertions'
import { placeInSource } from './host'
import { asWritten, placeIn } from './load-answer'

/** The first thing in a test file that did not pass. */
export interface Failure {
  /** What tap calls it: the message of the assertion, or of what was thrown. */
  readonly name: string
  /** The difference between what was expected and what was found, as tap draws it. */
  readonly diff?: string
  readonly place?: Place
  /** The learner's line at that place: it tells nothing about right or wrong, but much about which hint helps. */
  readonly line: string
  /** What it compared, if it is an assertion of tap's. */
  readonly asserted?: Assertion
  /** Two things that say the same were asked to be one and the same. */
  readonly isIdentity: boolean
  /** It was thrown, and not by an assertion. */
  readonly isThrown: boolean
}

/** One line of TAP, as the parser gives it. */
export interface Result {
  readonly ok: boolean
  readonly name: string
  readonly todo: unknown
  readonly skip: unknown
  /** It sums up a test, and asserts nothing itself. */
  readonly closingTestPoint?: boolean
  readonly diag?: {
    readonly diff?: string
    readonly note?: string
    readonly type?: string
    readonly tapCaught?: string
    readonly stack?: string
    /** Of an AssertionError. */
    readonly code?: string
    readonly operator?: string
    readonly actual?: unknown
    readonly expected?: unknown
  } | null
}

export function failureOf({ name, diag }: Result, folder: string, asserted: Assertion | undefined): Failure {
  const isAssertion = diag?.code === 'ERR_ASSERTION'
  const isCaught = diag?.tapCaught !== undefined
  // The stack of an error is one of sources already; tap looks for the place of an assertion itself, in the compiled code.
  const place = placeIn(diag?.stack ?? '', folder, isCaught ? undefined : placeInSource)
  const [expected, actual] = [diag?.expected, diag?.actual].map((value) => JSON.stringify(value))
  const isIdentity = isAssertion && /^(==|===|strictEqual)$/.test(diag?.operator ?? '') && expected === actual
  const isDrawn = isAssertion && expected !== actual && actual !== 'false'
  const drawn = isDrawn ? `-${expected}\n+${actual}` : diag?.diff?.trim()
  return {
    name: asWritten(diag?.type ? `${diag.type}: ${name}` : name, folder, place),
    ...(drawn && { diff: drawn }),
    ...(place && { place }),
    line: place?.code ?? '',
    ...(asserted && !isCaught && { asserted }),
    isIdentity: isIdentity || diag?.note === 'object identities differ',
    isThrown: isCaught && !isAssertion,
  }
}

/** What was thrown where no test could catch it. */
export function thrown(error: unknown, folder: string): Failure {
  const place = error instanceof Error ? placeIn(error.stack ?? '', folder) : undefined
  return failureAt(asWritten(String(error).split('\n')[0] as string, folder, place), place)
}

export function failureAt(name: string, place: Place | undefined): Failure {
  return { name, ...(place && { place }), line: place?.code ?? '', isIdentity: false, isThrown: true }
}
