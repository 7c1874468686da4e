/** What lessons that judge tests have in common: how right dogs are tried, and what the way in which one fails tells by itself. */
import type { Failure } from './failure'
import { isIdleWithin } from './idle'
import type { Checkpoint } from './judge'
import { runTests, type TestRun, withHint } from './run-learner-tests'

/** For a test that asks its dog after it has ended, in milliseconds. */
const LATE = 600

export interface Trial {
  readonly run: TestRun
  readonly refuse: Checkpoint['refuse']
  /** The hint for what failed. */
  readonly why: (failure: Failure) => Promise<string>
  /** Hints that do not name one mistake: what TypeScript says is worth more. */
  readonly guesses: ReadonlySet<string>
}

/** Refuses tests that a right dog does not pass. */
export async function mustPass({ run, refuse, why, guesses }: Trial): Promise<void> {
  const { passed, ended, failure, problem, isShort } = run
  if (problem) throw withHint(problem)
  const did = 'a right dog at ./dog'
  if (!ended) refuse(isShort ? 'plan' : 'never-ends', { did, came: 'a test that does not end' })
  if (passed) return
  if (!failure) return refuse(isShort ? 'plan' : 'refuses-right', { did, came: 'a test that fails' })
  const hint = byItself(failure) ?? (await why(failure))
  const { place } = failure
  refuse(hint, { did, ...sides(failure), ...(place && { place }), ...(guesses.has(hint) && { unforeseen: true }) })
}

/**
 * Refuses a folder whose own test its own dog does not pass, or whose test compares nothing.
 *
 * @param dog what the learner's `dog.ts` exports
 */
export async function mustPassItsOwnTest({ folder, refuse }: Checkpoint, dog: object): Promise<void> {
  const { passed, asserts, ended, problem, failure } = await runTests(folder, 'dog.test.ts', dog)
  if (problem) throw withHint(problem)
  const did = 'dog.test.ts with your dog'
  if (!ended) refuse('own-test', { did, came: 'a test that does not end' })
  if (asserts === 0) refuse('own-test', { did, came: 'a test that compares nothing' })
  if (!passed) refuse('own-test', { did, ...(failure ? sides(failure) : { came: 'a test that fails' }) })
}

/** What was expected and what came; where tap was not asked to compare two values, in its words. */
function sides({ name, diff, asserted }: Failure): { readonly expected?: string; readonly came: string } {
  const { method, shown: [found = '', wanted] = [] } = asserted ?? {}
  if (!asserted || /throws/i.test(method ?? '')) return { came: diff ? `${name}\n${diff}` : name }
  if (wanted === undefined) return { expected: method === 'notOk' ? 'something false' : 'something true', came: found }
  return { expected: /^not|Not/.test(method ?? '') ? `anything but ${wanted}` : wanted, came: found }
}

/** The hint for a failure that needs no other dog to be understood. */
function byItself({ name, line, isIdentity }: Failure): string | undefined {
  if (/exceeds plan/.test(name)) return 'plan'
  if (/after end\(\)|after Promise resolution/.test(name)) return 'too-late'
  return !isIdentity && /\bfail\(|\bthrow\b/.test(line) ? 'always-fails' : undefined
}

/** Waits for tests that have ended, and only then ask, as long as anything is under way. */
export async function isAskedLate(asked: () => boolean): Promise<boolean> {
  await isIdleWithin(LATE, asked)
  return asked()
}
