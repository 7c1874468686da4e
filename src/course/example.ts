/**
 * A check by example: some lines are run with the learner's classes, and the value of the last one is compared. The
 * lines that are shown when it goes wrong are the ones that were run, so they need no translation and cannot lie.
 */
import { inspect, isDeepStrictEqual } from 'node:util'

export interface Example {
  /** One statement a line; the last one is an expression. `await` may be used. */
  readonly code: string
  /** What the code may use by name: the learner's classes. */
  readonly names: Readonly<Record<string, unknown>>
  /** What the value of the last line must equal. */
  readonly shows: unknown
  /** Where others are as right as the one that is shown: whether this value is. */
  readonly accepts?: (value: unknown) => boolean
  /** What was seen of the learner's code at work. */
  readonly steps?: readonly string[]
  /** For everything that has no hint of its own. */
  readonly hint: string
  /**
   * The hints for the ways of being wrong that are known: a value that comes instead, or a test of the value (and of
   * what was thrown instead of it). The first one that fits is taken.
   */
  readonly slips?: Readonly<Record<string, unknown>>
}

/** What came of running the lines: of those that were reached. */
export interface Outcome {
  readonly did: string
  /** Whether all of them were reached. */
  readonly isWhole: boolean
  readonly value?: unknown
  /** Whether it was what is to be shown, at the moment when it was there: an answer may still change behind it. */
  readonly isRight: boolean
  /** What came, in words. */
  readonly came: string
  readonly error?: unknown
  readonly threw: boolean
}

/** A test of what came, for `slips`. */
export type Likeness = (value: unknown, error?: unknown) => boolean

type Compiled = (step: (line: number) => void, end: (value: unknown) => void, ...values: unknown[]) => Promise<void>
const AsyncFunction = (async () => {}).constructor as new (...parts: string[]) => Compiled

type Lines = Pick<Example, 'code' | 'names' | 'shows' | 'accepts'>

/** @throws SyntaxError if the code is wrong in itself */
export async function perform({ code, names, shows, accepts }: Lines): Promise<Outcome> {
  const isRight = accepts ?? ((value: unknown) => isDeepStrictEqual(value, shows))
  const lines = code.trim().split(/\s*\n\s*/)
  const last = lines.length - 1
  const body = lines.map((line, at) => (at < last ? `step(${at});${line}` : `step(${at});return end(${line})`))
  const run = new AsyncFunction('step', 'end', ...Object.keys(names), ["'use strict'", ...body].join('\n'))
  let reached = 0
  const so = () => ({ did: lines.slice(0, reached + 1).join('\n'), isWhole: reached === last })
  let ended = { value: undefined as unknown, isRight: false, came: '' }
  const step = (line: number) => {
    reached = line
  }
  const end = (value: unknown) => {
    ended = { value, isRight: isRight(value), came: shown(value) }
  }
  try {
    await run(step, end, ...Object.values(names))
    return { ...so(), ...ended, threw: false }
  } catch (error) {
    return { ...so(), isRight: false, came: summary(error), error, threw: true }
  }
}

/** The slip that fits what came, if any does. */
export function slipIn({ slips = {} }: Example, { value, error, threw }: Outcome): string | undefined {
  return Object.keys(slips).find((hint) => {
    const likeness = slips[hint]
    return typeof likeness === 'function'
      ? (likeness as Likeness)(value, error)
      : !threw && isDeepStrictEqual(value, likeness)
  })
}

/** A value as a learner knows it from the console. */
export const shown = (value: unknown): string => inspect(value, { depth: 4, breakLength: 72 })

/** What was thrown, in one line. */
export function summary(error: unknown): string {
  if (!(error instanceof Error)) return `throws ${shown(error)}`
  return `throws ${error.name}: ${error.message.split('\n')[0]}`
}
