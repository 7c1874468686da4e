/** The learner's tests are the answer here: right aggregates must pass them all, each broken one must fail at least one. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Failure } from '../../src/checkpoints/judging/failure'
import { type Checkpoint, judge } from '../../src/checkpoints/judging/judge'
import { isAskedLate, mustPass } from '../../src/checkpoints/judging/right-dogs'
import { isFurther, runTests, type TestRun } from '../../src/checkpoints/judging/run-learner-tests'
import { isSpelling } from '../../src/checkpoints/judging/spelling'
import { broken, Hidden, Lazy, probes, seen, Watched } from './dogs'
import { Dog } from './start/dog'

/** Hints that do not name one mistake: what TypeScript says is worth more. */
const guesses = new Set(['throws', 'refuses-right', 'not-defined', 'no-such-property'])

judge(__dirname, async ({ folder, check, refuse }: Checkpoint) => {
  const file = 'dog.test.ts'
  const test = (dog: object) => runTests(folder, file, { Dog: dog })
  let watched: TestRun

  /** Why a right dog fails. */
  async function whyRefused(run: TestRun, { name, line, diff = '', ...failure }: Failure): Promise<string> {
    const likes = async (dog: object) => isFurther(await test(dog), run)
    if (failure.isIdentity) return 'same-list'
    if (/^ReferenceError/.test(name)) return 'not-defined'
    if (await likes(probes.Generous)) return 'collected-twice'
    if (await likes(probes.Appending)) return 'replay-appends'
    if (failure.isThrown) {
      if (/^EventMismatchError/.test(name)) return 'replay-start'
      return /InvalidPayloadError|replay|not iterable/.test(`${name} ${line}`) ? 'replay-call' : 'throws'
    }
    const changed = diff.split('\n').filter((row) => /^[-+](?![-+])/.test(row))
    if (changed.length > 0 && changed.every((row) => /^[-+]\s*-?\d+,?$/.test(row))) return 'numbers'
    if ((await likes(broken.silent[1])) || (await likes(Lazy))) return 'opposite'
    if (/DomainEvent|timestamp|aggregateId|originator/.test(diff)) return 'whole-event'
    if (/not extensible/.test((await test(probes.Frozen)).failure?.name ?? '')) return 'own-list'
    if (/[0-9a-f]{32}/.test(diff) || (await likes(broken.stranger[1]))) return 'known-id'
    await test(probes.Spy)
    if (seen.strange && /^\+.*undefined/m.test(diff)) return 'no-such-property'
    if (await likes(broken['from-zero'][1])) return 'numbers'
    if (isSpelling({ name, line, diff, ...failure })) return 'spelling'
    if (await likes(broken.unborn[1])) return 'no-registered'
    return changed.some((row) => /"?(\w+)"?: "|Object \{/.test(row)) ? 'payload-shape' : 'refuses-right'
  }

  /** Why a dog who records nothing passes. */
  async function whySilentPasses(run: TestRun): Promise<string> {
    if (watched.skipped > 0) return 'left-out'
    const { asked } = seen
    if (asked === 0 && (await isAskedLate(() => seen.asked > 0))) return 'too-late'
    if (asked === 0)
      return /collectEvents|pendingEvents/.test(readFileSync(join(folder, file), 'utf8')) ? 'not-run' : 'no-events'
    const throwing = await test(probes.Throwing)
    if (throwing.passed) return 'caught'
    // What was thrown counts as one that failed.
    if (watched.asserts <= throwing.asserts - 1) return 'no-effect'
    if (watched.asserts > run.asserts) return 'loop'
    return (await test(probes.Unasked)).passed ? 'no-events' : 'cannot-fail'
  }

  /** Why one of the other broken dogs passes. */
  async function whyPasses(id: keyof typeof broken, run: TestRun): Promise<string> {
    const [hint, , what] = broken[id] as readonly [string, object, Parameters<typeof probes.without>[0]?]
    if (hint.startsWith('replay-') && seen.replayed === 0) return 'no-replay'
    if (watched.asserts > run.asserts) return 'loop'
    if (!what) return hint
    const [without, fickle] = [await test(probes.without(what)), await test(probes.fickle(what))]
    if (without.passed && !fickle.passed) return 'with-itself'
    if (!without.passed && fickle.passed) return 'cannot-fail'
    return /^replay-(id|version)$/.test(hint) && !(await test(probes.other)).passed ? 'whole-dog' : hint
  }

  await check('right', async () => {
    Object.assign(seen, { asked: 0, replayed: 0, strange: false })
    for (const dog of [Watched, Dog, Hidden]) {
      const run = await test(dog)
      if (dog === Watched) watched = run
      await mustPass({ run, refuse, guesses, why: (failure) => whyRefused(run, failure) })
    }
  })

  await check('no-dog', async () => {
    const { passed } = await runTests(folder, file, undefined)
    if (passed) refuse('own-dog', { dog: 'nobody', did: 'no Dog at ./dog', came: 'the tests pass' })
  })

  await check('old', async () => {
    if (!(await test(Lazy)).passed) return
    const hint = watched.asserts > 0 ? 'old-test' : watched.skipped > 0 ? 'left-out' : 'no-assertion'
    refuse(hint, { dog: 'lazy', did: 'this dog at ./dog', came: 'the tests pass' })
  })

  await check('broken-dogs', async () => {
    for (const [id, [, dog]] of Object.entries(broken)) {
      const run = await test(dog)
      if (!run.passed) continue
      const hint = id === 'silent' ? await whySilentPasses(run) : await whyPasses(id as keyof typeof broken, run)
      const unforeseen = hint === 'cannot-fail'
      refuse(hint, { dog: id, did: 'this dog at ./dog', came: 'the tests pass', ...(unforeseen && { unforeseen }) })
    }
  })
})
