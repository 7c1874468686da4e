/**
 * Runs the learner's test file against one dog after another, in this process: each time the file is loaded anew, `./dog`
 * is that dog, and `tap` is a test of its own, whose output goes nowhere.
 */
import { type After, TimeLimit } from '../time-limit'
import { type Assertion, watchAssertions } from './assertions'
import { watchCrashes } from './crashes'
import { type Failure, failureAt, failureOf, type Result, thrown } from './failure'
import { processorTime, standBetween, tap } from './host'
import { untilIdle } from './idle'
import { load, Unloadable, unload } from './load-answer'

export interface TestRun {
  readonly passed: boolean
  /** How many assertions were made. */
  readonly asserts: number
  /** How many of them passed before the first that did not. */
  readonly before: number
  /** How many tests or assertions are marked as to be left out or to be done. */
  readonly skipped: number
  /** False if a test waits for what never comes, or for longer than the limit. */
  readonly ended: boolean
  /** A test has announced more assertions than it made. */
  readonly isShort: boolean
  readonly failure?: Failure
  /** What was asserted, in that order. */
  readonly made: readonly Assertion[]
  /** What was thrown while the file was loaded: without a dog, that is how a test fails. */
  readonly problem?: unknown
}

/** For one dog, in seconds of the processor: a test of an object in memory waits for nothing. */
const LIMIT = 3

interface Options {
  /** False: of what failed, only its name is asked for. All else that tap tells of it takes tap as long as the tests. */
  readonly diagnostic?: false
}

/** @param dog what `./dog` exports; undefined: there is no such file */
export async function runTests(
  folder: string,
  file: string,
  dog: object | undefined,
  options: Options = {},
): Promise<TestRun> {
  const { Test } = tap()
  const heard: Heard = { found: [], open: new Set() }
  const isOver = untilItTakesTooLong()
  let problem: unknown
  const test = new Test({
    ...options,
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
  const assertions = watchAssertions(folder)
  const idle = untilIdle()
  const ended = await Promise.race([
    new Promise<boolean>((resolve) => test.runMain(() => resolve(true))),
    crash.then(() => true),
    idle.promise.then(() => false),
    isOver.promise,
  ])
  idle.stop()
  isOver.stop()
  const crashed = stop()
  const made = assertions.stop()
  const counted = heard.found.filter(({ todo, skip }) => !todo && !skip)
  const at = counted.findIndex(({ ok }) => !ok)
  // Without a test around it, what a dog has made go wrong ends the loading.
  const trouble = dog && problem instanceof Unloadable && problem.trouble.obstacle === 'threw' && problem.trouble
  if (trouble) problem = undefined
  const failure = counted[at]
    ? failureOf(
        counted[at],
        folder,
        made.find(({ passed }) => !passed),
      )
    : trouble
      ? failureAt(trouble.message, trouble.place)
      : crashed && thrown(crashed.error, folder)
  return {
    passed: ended && !problem && !failure && test.passing(),
    asserts: counted.length,
    before: at < 0 ? counted.length : at,
    skipped: heard.found.length - counted.length,
    ended,
    made,
    isShort: heard.open.size > 0,
    ...(problem !== undefined && { problem }),
    ...(failure && { failure }),
  }
}

/**
 * Waits in small steps: a busy machine may make one of them long, but not all of them. Timers of the learner's that are as
 * short have rung by then, because they ring in the same process.
 */
const inSteps: After = (seconds, then) => {
  let left = seconds * 10
  const timer = setInterval(() => --left <= 0 && then(seconds), 100).unref()
  return () => clearInterval(timer)
}

/** Becomes false when tests go on for too long; a busy machine is no reason. */
function untilItTakesTooLong() {
  let over: () => void = () => undefined
  const promise = new Promise<false>((resolve) => {
    over = () => resolve(false)
  })
  const limit = new TimeLimit(LIMIT, over, { after: inSteps, patience: 1 })
  limit.begin(0)
  // Most tests are over before anybody asks, which takes the system a third of a millisecond.
  let first: number | undefined
  const timer = setInterval(() => {
    const now = processorTime()
    first ??= now
    limit.pulse(now - first)
  }, 100).unref()
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
  const { trouble } = problem
  return trouble.obstacle === 'module' ? new Unloadable({ ...trouble, hint: 'import' }) : problem
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

/** `tap` as a module whose every function belongs to this test. */
function tapOf(test: object): object {
  const own = Object.entries<unknown>({ ...tap() }).map(([name, value]) => {
    const method = (test as Record<string, unknown>)[name]
    return [name, typeof method === 'function' && !/^[A-Z]/.test(name) ? method.bind(test) : value] as const
  })
  return { ...Object.fromEntries(own), t: test, default: test, __esModule: true }
}

/** While something runs, files of this folder find these modules under these names. */
function withModules(folder: string, modules: Readonly<Record<string, object | undefined>>, run: () => void): void {
  const stop = standBetween(folder, ({ request, load }) => {
    const name = request.replace(/\.[jt]s$/, '')
    if (!Object.hasOwn(modules, name)) return load()
    const module = modules[name]
    if (module) return module
    throw Object.assign(new Error(`Cannot find module '${request}'`), { code: 'MODULE_NOT_FOUND' })
  })
  try {
    run()
  } finally {
    stop()
  }
}
