/** The learner's test is the answer here: right dogs must pass it, and each wrong one must fail. */
import { speaksIn, whyUnknown } from '../../src/checkpoints/judging/declared'
import { differenceOf } from '../../src/checkpoints/judging/difference'
import type { Failure } from '../../src/checkpoints/judging/failure'
import { type Checkpoint, judge } from '../../src/checkpoints/judging/judge'
import { isAskedLate, mustPass } from '../../src/checkpoints/judging/right-dogs'
import { isFurther, runTests, type TestRun } from '../../src/checkpoints/judging/run-learner-tests'
import { isSpelling } from '../../src/checkpoints/judging/spelling'
import { asserted } from '../../src/checkpoints/judging/what-was-asserted'
import { forget, Hidden, Plain, probes, seen, Watched, wrong } from './dogs'

/** Hints that do not name one mistake: what TypeScript says is worth more. */
const guesses = new Set(['threw', 'not-defined', 'not-a-function', 'make-dog', 'cannot-fail', 'not-there'])

/** For what a right dog shows, and what is expected instead. */
const hintsOf = {
  nothing: 'not-there',
  kind: 'another-kind',
  number: 'wrong-number',
  condition: 'condition',
  order: 'wrong-order',
  fewer: 'not-what-was-taught',
  more: 'not-what-was-taught',
  others: 'not-what-was-taught',
} as const

judge(__dirname, async ({ folder, check, refuse }: Checkpoint) => {
  const file = 'dog.test.ts'
  const test = (Dog: object | undefined) => runTests(folder, file, Dog && { Dog }, { diagnostic: false })
  const speaksOf = speaksIn(folder, file)
  let watched: TestRun

  /** Why a right dog fails. */
  async function whyRefused(run: TestRun, failure: Failure, isHidden: boolean): Promise<string> {
    const { name, line, isThrown, isIdentity, diff = '' } = failure
    const { method = '', values: [found, wanted] = [] } = failure.asserted ?? {}
    const likes = async (...dogs: object[]) => {
      for (const Dog of dogs) if (isFurther(await test(Dog), run)) return true
      return false
    }
    if (isIdentity) return isHidden ? 'with-itself' : 'same-list'
    if (seen.nameless) return 'make-dog'
    if (seen.crowd) return 'one-at-a-time'
    if (/not extensible|Cannot (assign|add|delete)|Cannot set property (tricks|\d|length)/.test(name)) return 'own-list'
    if (/^ReferenceError/.test(name)) return whyUnknown(name, speaksOf)
    if (/not a constructor|without 'new'/.test(name)) return 'make-dog'
    if (/\.(name|tricks) is not a function/.test(name)) return 'not-a-method'
    if (/^TypeError: .* is not a function/.test(name)) return 'not-a-function'
    if (isHidden && !isThrown) {
      // He returns himself.
      if (!(await test(probes.answering[1])).passed) return 'return-value'
      return /not extensible/.test((await test(probes.frozen)).failure?.name ?? '') ? 'own-list' : 'old-list'
    }
    if (await likes(...probes.answering)) return 'return-value'
    if (/of (undefined|null) \(reading/.test(name)) return 'not-there'
    if (isThrown) return 'threw'
    if (method === 'throws') return 'expects-error'
    const { lazy, unteachable } = wrong
    if (await likes(lazy[1], unteachable[1])) return 'opposite'
    if (await likes(probes.gifted()))
      return !seen.untaught ? 'too-soon' : /\.tricks\b/.test(line) ? 'not-taught' : 'old-list'
    if (found instanceof Hidden || found instanceof Watched || found instanceof Plain) return 'whole-dog'
    if (isSpelling(failure)) return 'spelling'
    const difference = failure.asserted && differenceOf(failure.asserted)
    const isTrick = (value: unknown) => seen.tricks.includes(value as string)
    // A name, and nothing of the list.
    if (difference === 'kind' && typeof found === 'string' && !isTrick(found)) return 'refuses-right'
    if (difference === 'text') {
      if (isTrick(found) && isTrick(wanted)) return 'wrong-place'
      return isTrick(found) ? 'not-what-was-taught' : 'refuses-right'
    }
    if (difference) return hintsOf[difference]
    return !diff && /[^=]==[^>]|\bok\(|\bassert\(/.test(line) ? 'condition' : 'refuses-right'
  }

  /** Why a dog who forgets everything passes. */
  async function whyLazyPasses(lazy: TestRun): Promise<string> {
    if (lazy.made.some(({ values: [found] }) => typeof found === 'function')) return 'not-called'
    if (watched.skipped > 0) return 'left-out'
    const { lessons, reads } = seen
    if (reads === 0 && (await isAskedLate(() => seen.reads > 0))) return 'too-late'
    if (lessons === 0 && speaksOf(/\.addTrick\b(?!\s*\()/)) return 'not-called'
    if (lessons === 0)
      return speaksOf(/addTrick\s*\(/) ? 'not-run' : watched.asserts === 0 ? 'no-assertion' : 'only-name'
    const untaught = await test(probes.throwing)
    if (untaught.passed) return 'caught'
    if (watched.asserts === 0) return 'no-assertion'
    if (reads === 0) return 'not-compared'
    if ((await test(probes.unreadable)).passed) return 'caught'
    // What was thrown counts as one that failed.
    if (watched.asserts <= untaught.asserts - 1) return 'no-effect'
    if (watched.asserts > lazy.asserts) return 'loop'
    if ((await test(probes.fickle())).passed) return 'cannot-fail'
    return (await test(probes.bluffing)).passed ? 'with-itself' : 'loop'
  }

  async function whyPasses(id: string, hint: string, run: TestRun, counterPasses: boolean): Promise<string> {
    if (hint.endsWith('name')) return hint
    if (seen.most < 2 || new Set(seen.tricks).size < 2) return 'one-trick'
    if (counterPasses) return 'only-length'
    if ((await test(probes.mumbling)).passed) return 'only-length'
    if (/^(first|last)-only$/.test(id)) {
      return watched.asserts > run.asserts ? 'loop' : 'not-all'
    }
    return hint
  }

  await check('right', async () => {
    forget()
    for (const Dog of [Watched, Plain, Hidden]) {
      const run = await runTests(folder, file, { Dog })
      if (Dog === Watched) watched = run
      await mustPass({ run, refuse, guesses, why: (failure) => whyRefused(run, failure, Dog === Hidden) })
    }
  })

  await check('no-dog', async () => {
    if (watched.asserts === 0 && watched.skipped > 0)
      refuse('left-out', { did: 'a right dog at ./dog', came: 'no assertion at all' })
    const away = (await test(undefined)).passed
      ? 'nobody'
      : (await runTests(folder, file, {})).passed
        ? watched.asserts === 0
          ? ''
          : 'no-class'
        : ''
    if (away) refuse('own-dog', { dog: away, did: 'no Dog at ./dog', came: 'the test passes' })
  })

  await check('wrong-dogs', async () => {
    // Who looks at nothing but the length lets several of them pass.
    const counter = await test(wrong.counter[1])
    for (const [id, [hint, Dog]] of Object.entries(wrong)) {
      const run = await test(Dog)
      if (!run.passed) continue
      const given = hint === 'only-name' ? await whyLazyPasses(run) : await whyPasses(id, hint, run, counter.passed)
      const told = { dog: id, did: 'this dog at ./dog', came: 'the test passes', asserted: asserted(run, watched) }
      refuse(given, { ...told, ...(guesses.has(given) && { unforeseen: true }) })
    }
  })
})
