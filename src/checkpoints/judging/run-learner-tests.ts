/**
 * Runs the learner's test file against one dog after another, in this process: each time the file is loaded anew, `./dog`
 * is that dog, and `tap` is a test of its own, whose output goes nowhere.
 */
import { readFileSync, realpathSync } from 'node:fs'
import { findSourceMap, Module } from 'node:module'
import { join } from 'node:path'
import type { Place } from '../../course/verdict'
import { TimeLimit } from '../time-limit'
import { watchCrashes } from './crashes'
import { load, placeIn, Unloadable, unload } from './load-answer'
import { processorTime } from './pulse'

/** The first thing in a test file that did not pass. */
export interface Failure {
  /** What tap calls it: the message of the assertion, or of what was thrown. */
  readonly name: string
  /** The difference between what was expected and what was found, as tap draws it. */
  readonly diff?: string
  readonly place?: Place
  /** The learner's line at that place: it tells nothing about right or wrong, but much about which hint helps. */
  readonly line: string
  /** Two things that say the same were asked to be one and the same. */
  readonly isIdentity: boolean
  /** It was thrown, and not by an assertion. */
  readonly isThrown: boolean
}

export interface TestRun {
  readonly passed: boolean
  /** How many assertions were made. */
  readonly asserts: number
  /** How many of them passed before the first that did not. */
  readonly before: number
  /** How many tests or assertions are marked as to be left out or to be done. */
  readonly skipped: number
  /** False if a test waited for longer than the limit. */
  readonly ended: boolean
  /** A test has announced more assertions than it made. */
  readonly isShort: boolean
  readonly failure?: Failure
  /** What was thrown while the file was loaded: without a dog, that is how a test fails. */
  readonly problem?: unknown
}

type Load = (request: string, parent: { readonly filename?: string } | undefined, isMain: boolean) => unknown
const { originalPlace } = require('../../node/register.cjs') as { originalPlace(compiled: Place): Place | undefined }
const loader = Module as unknown as { _load: Load }
/** For one dog, in seconds of the processor: a test of an object in memory waits for nothing. */
const LIMIT = 3

/** @param dog what `./dog` exports; undefined: there is no such file */
export async function runTests(folder: string, file: string, dog: object | undefined): Promise<TestRun> {
  const { Test } = require('tap') as typeof import('tap')
  const heard: Heard = { found: [], open: new Set() }
  const isOver = untilItTakesTooLong()
  let problem: unknown
  const test = new Test({
    name: file,
    bail: false,
    cb: async () => {
      try {
        withModules(folder, { './dog': dog, tap: tapOf(test) }, () => {
          unload(folder)
          load(folder, file)
        })
      } catch (error) {
        problem = error
      }
    },
  })
  follow(test.parser as unknown as Parser, heard)
  test.on('data', () => undefined)
  const { crash, stop } = watchCrashes()
  const ended = await Promise.race([
    new Promise<boolean>((resolve) => test.runMain(() => resolve(true))),
    crash.then(() => true),
    isOver.promise,
  ])
  isOver.stop()
  const crashed = stop()
  const counted = heard.found.filter(({ todo, skip }) => !todo && !skip)
  const at = counted.findIndex(({ ok }) => !ok)
  // Without a test around it, what a dog has made go wrong ends the loading.
  const trouble = dog && problem instanceof Unloadable && problem.trouble.obstacle === 'threw' && problem.trouble
  if (trouble) problem = undefined
  const failure = counted[at]
    ? failureOf(counted[at], folder)
    : trouble
      ? failureAt(trouble.message, trouble.place, folder)
      : crashed && thrown(crashed.error, folder)
  return {
    passed: ended && !problem && !failure && test.passing(),
    asserts: counted.length,
    before: at < 0 ? counted.length : at,
    skipped: heard.found.length - counted.length,
    ended,
    isShort: heard.open.size > 0,
    ...(problem !== undefined && { problem }),
    ...(failure && { failure }),
  }
}

/** Becomes false when tests go on for too long; a busy machine is no reason. */
function untilItTakesTooLong() {
  let over: () => void = () => undefined
  const promise = new Promise<false>((resolve) => {
    over = () => resolve(false)
  })
  const limit = new TimeLimit(LIMIT, over, { patience: 1 })
  limit.begin(processorTime())
  const timer = setInterval(() => limit.pulse(processorTime()), 100)
  const stop = () => {
    clearInterval(timer)
    limit.stop()
  }
  return { promise, stop }
}

/** Whether one of two runs of the same tests passed something that the other one did not. */
export const isFurther = (one: TestRun, other: TestRun): boolean =>
  !one.problem && (one.passed || one.before > other.before)

/** The hint for what keeps a test file from being run. */
export function withHint(problem: unknown): unknown {
  if (!(problem instanceof Unloadable)) return problem
  const { obstacle, message } = problem.trouble
  if (obstacle === 'module') return new Unloadable({ ...problem.trouble, hint: 'import' })
  if (obstacle !== 'syntax') return problem
  return new Unloadable({ ...problem.trouble, hint: /^Unterminated/.test(message) ? 'open-quote' : 'open-bracket' })
}

/** One line of TAP, as the parser gives it. */
interface Result {
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

interface Parser {
  on(event: 'assert', listen: (result: Result) => void): void
  on(event: 'child', listen: (parser: Parser) => void): void
  on(event: 'plan', listen: (plan: { readonly end: number }) => void): void
}

interface Heard {
  readonly found: Result[]
  /** Those whose plan is not met. */
  readonly open: Set<Parser>
}

function follow(parser: Parser, heard: Heard): void {
  let made = 0
  let planned = 0
  parser.on('plan', ({ end }) => {
    planned = end
    if (made < end) heard.open.add(parser)
  })
  parser.on('assert', (result) => {
    made++
    if (made >= planned) heard.open.delete(parser)
    if (!result.closingTestPoint) heard.found.push(result)
  })
  parser.on('child', (child) => follow(child, heard))
}

function failureOf({ name, diag }: Result, folder: string): Failure {
  const isAssertion = diag?.code === 'ERR_ASSERTION'
  const isCaught = diag?.tapCaught !== undefined
  // The stack of an error is one of sources already; tap looks for the place of an assertion itself, in the compiled code.
  const place = placeIn(diag?.stack ?? '', folder, isCaught ? undefined : sourceOf)
  const [expected, actual] = [diag?.expected, diag?.actual].map((value) => JSON.stringify(value))
  const isIdentity = isAssertion && /^(==|===|strictEqual)$/.test(diag?.operator ?? '') && expected === actual
  const isDrawn = isAssertion && expected !== actual && actual !== 'false'
  const drawn = isDrawn ? `-${expected}\n+${actual}` : diag?.diff?.trim()
  return {
    name: diag?.type ? `${diag.type}: ${name}` : name,
    ...(drawn && { diff: drawn }),
    ...(place && { place }),
    line: lineAt(place, folder),
    isIdentity: isIdentity || diag?.note === 'object identities differ',
    isThrown: isCaught && !isAssertion,
  }
}

/** What was thrown where no test could catch it. */
function thrown(error: unknown, folder: string): Failure {
  const place = error instanceof Error ? placeIn(error.stack ?? '', folder) : undefined
  return failureAt(String(error).split('\n')[0] as string, place, folder)
}

function failureAt(name: string, place: Place | undefined, folder: string): Failure {
  return { name, ...(place && { place }), line: lineAt(place, folder), isIdentity: false, isThrown: true }
}

function lineAt(place: Place | undefined, folder: string): string {
  return place ? (readFileSync(join(folder, place.file), 'utf8').split('\n')[place.line - 1] ?? '') : ''
}

function sourceOf(place: Place): Place | undefined {
  const { file, line, column } = place
  // Node itself may have been started with source maps: then tap has used them.
  if (findSourceMap(file)) return place
  const original = originalPlace({ file, line, column: column - 1 })
  return original && { ...original, column: original.column + 1 }
}

/** `tap` as a module whose every function belongs to this test. */
function tapOf(test: object): object {
  const real: Record<string, unknown> = require('tap')
  const own = Object.entries(real).map(([name, value]) => {
    const method = (test as Record<string, unknown>)[name]
    return [name, typeof method === 'function' && !/^[A-Z]/.test(name) ? method.bind(test) : value] as const
  })
  return { ...Object.fromEntries(own), t: test, default: test, __esModule: true }
}

/** While something runs, files of this folder find these modules under these names. */
function withModules(folder: string, modules: Readonly<Record<string, object | undefined>>, run: () => void): void {
  const inside = join(realpathSync(folder), '/')
  const real = loader._load
  loader._load = (request, parent, isMain) => {
    const name = request.replace(/\.[jt]s$/, '')
    if (!parent?.filename?.startsWith(inside) || !Object.hasOwn(modules, name))
      return real.call(loader, request, parent, isMain)
    const module = modules[name]
    if (module) return module
    throw Object.assign(new Error(`Cannot find module '${request}'`), { code: 'MODULE_NOT_FOUND' })
  }
  try {
    run()
  } finally {
    loader._load = real
  }
}
