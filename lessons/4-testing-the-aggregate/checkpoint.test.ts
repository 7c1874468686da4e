/** The learner's tests are the answer here: right aggregates must pass them all, each broken one must fail at least one. */
import { Aggregate, DomainEvent } from 'dog-school'
import { speaksIn, whyUnknown } from '../../src/checkpoints/judging/declared'
import { differenceOf, kindOf } from '../../src/checkpoints/judging/difference'
import type { Failure } from '../../src/checkpoints/judging/failure'
import { type Checkpoint, judge } from '../../src/checkpoints/judging/judge'
import { isAskedLate, mustPass } from '../../src/checkpoints/judging/right-dogs'
import { isFurther, runTests, type TestRun } from '../../src/checkpoints/judging/run-learner-tests'
import { isSpelling } from '../../src/checkpoints/judging/spelling'
import { asserted } from '../../src/checkpoints/judging/what-was-asserted'
import { shown } from '../../src/course/example'
import { broken, forget, HiddenDog, Lazy, seen, WatchedDog } from './dogs'
import { probes } from './probes'
import { Dog } from './start/dog'

/** Hints that do not name one mistake: what TypeScript says is worth more. */
const guesses = new Set(['threw', 'not-defined'])

const isId = (value: unknown) => typeof value === 'string' && /^[0-9a-f]{32}$/.test(value)
const isNumber = (value: unknown) => typeof value === 'number'
const isNumbers = (value: unknown) => isNumber(value) || (Array.isArray(value) && value.every(isNumber))
const isEvent = (value: unknown) => value instanceof DomainEvent
const isNames = (value: unknown) => [value].flat().every((each) => /^(Registered|TrickAdded)$/.test(String(each)))
/** The keys of an object, or of each of the objects in a list, with the kinds of their values. */
const shapeOf = (value: unknown): string =>
  [value]
    .flat()
    .map((each) =>
      each instanceof Object ? Object.entries(each).map(([key, of]) => `${key}:${kindOf(of)}`) : kindOf(each),
    )
    .join()

judge(__dirname, async ({ folder, check, refuse }: Checkpoint) => {
  const file = 'dog.test.ts'
  const speaksOf = speaksIn(folder, file)
  const test = (dog: object) => runTests(folder, file, { Dog: dog }, { diagnostic: false })
  let watched: TestRun

  /** Why a right dog fails. */
  async function whyRefused(run: TestRun, failure: Failure): Promise<string> {
    const { name, line, diff = '' } = failure
    const likes = async (dog: object) => isFurther(await test(dog), run)
    if (/^ReferenceError/.test(name)) return whyUnknown(name, speaksOf)
    if (speaksOf(/\.(collectEvents|addTrick)\b(?!\s*(\?\.)?\s*[(<])/)) return 'not-called'
    if ((await likes(probes.Generous)) || (await likes(probes.Unchanged))) return 'collected-twice'
    if (failure.isIdentity) return failure.asserted?.values[0] instanceof Aggregate ? 'one-by-one' : 'same-list'
    if (await likes(probes.Appending)) return 'replay-appends'
    if (failure.isThrown) {
      if (/^EventMismatchError/.test(name)) return 'replay-start'
      if (/\.(name|tricks|id|version|payload|pendingEvents) is not a function/.test(name)) return 'not-a-method'
      if (/InvalidPayloadError|replay|not iterable/.test(`${name} ${line}`)) return 'replay-call'
      return /of (undefined|null) \(reading/.test(name) ? 'no-such-property' : 'threw'
    }
    if (await likes(probes.Complete)) return 'replay-part'
    if (failure.asserted?.method === 'throws') return 'expects-error'
    const { method, values: [found, wanted] = [] } = failure.asserted ?? {}
    const difference = failure.asserted && differenceOf(failure.asserted)
    const isAbsent = (value: unknown) => value === undefined || (Array.isArray(value) && value.includes(undefined))
    if (difference && difference !== 'condition' && isAbsent(found) !== isAbsent(wanted)) return 'no-such-property'
    if (isId(found) && isId(wanted) && method === 'equal') return seen.replayed === 0 ? 'not-replayed' : 'known-id'
    if (difference === 'order') return 'other-order'
    if (difference && isNumbers(found) && isNumbers(wanted)) return 'numbers'
    if ((await likes(broken.silent[1])) || (await likes(Lazy))) return 'opposite'
    if (isEvent(found) || (Array.isArray(found) && found.some(isEvent))) return 'whole-event'
    if (/not extensible/.test((await test(probes.Frozen)).failure?.name ?? '')) return 'own-list'
    if (/[0-9a-f]{32}/.test(diff) || isId(found) || isId(wanted)) return 'known-id'
    await test(probes.Spy)
    if (seen.strange && /^\+.*undefined/m.test(diff)) return 'no-such-property'
    if (isSpelling(failure)) return 'spelling'
    if (await likes(broken.unborn[1])) return 'no-registered'
    if (await likes(broken['from-zero'][1])) return 'numbers'
    if (difference === 'kind') return shapeOf(found).includes(':') ? 'payload-shape' : 'another-kind'
    if (seen.told.has(shown(found)) && seen.told.has(shown(wanted))) return 'wrong-event'
    if (difference === 'more') return 'too-many'
    if (difference === 'fewer') return 'too-few'
    if (difference === 'condition') return 'condition'
    if (isNames(found) || isNames(wanted)) return 'other-names'
    return shapeOf(found) === shapeOf(wanted) ? 'refuses-right' : 'payload-shape'
  }

  /** Why a dog who records nothing passes. */
  async function whySilentPasses(run: TestRun): Promise<string> {
    const { asked } = seen
    if (asked === 0 && (await isAskedLate(() => seen.asked > 0))) return 'too-late'
    if (asked === 0) return speaksOf(/collectEvents|pendingEvents/) ? 'not-run' : 'no-events'
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
    if (watched.skipped > 0) return 'left-out'
    if (hint.startsWith('replay-') && seen.replayed === 0) return 'no-replay'
    if (watched.asserts > run.asserts) return 'loop'
    if (/^(count|facts)$/.test(hint) && seen.different < 2) return 'one-trick'
    const [, silent, facts] = broken['no-facts']
    const isUntold = async (dog: object) => (await test(dog)).passed
    if (hint === 'names' && (await isUntold(silent)) && (await isUntold(broken['all-ones'][1]))) return 'only-number'
    if (hint === 'registered-fact' && (await isUntold(silent)) && (await isUntold(probes.without(facts))))
      return 'no-payloads'
    if (!what) return hint
    const [without, fickle] = [await test(probes.without(what)), await test(probes.fickle(what))]
    if (without.passed && !fickle.passed)
      return hint.startsWith('replay-') && seen.copies > 1 ? 'two-copies' : 'with-itself'
    if (!without.passed && fickle.passed) return 'cannot-fail'
    return /^replay-(id|version)$/.test(hint) && !(await test(probes.other)).passed ? 'whole-dog' : hint
  }

  const gotAway = (dog: string, run: TestRun) => {
    return { dog, did: 'this dog at ./dog', came: 'the tests pass', asserted: asserted(run, watched) }
  }

  await check('right', async () => {
    forget()
    for (const dog of [WatchedDog, Dog, HiddenDog]) {
      const run = await runTests(folder, file, { Dog: dog })
      if (dog === WatchedDog) watched = run
      await mustPass({ run, refuse, guesses, why: (failure) => whyRefused(run, failure) })
    }
  })

  await check('no-dog', async () => {
    const { passed } = await runTests(folder, file, undefined, { diagnostic: false })
    if (passed) refuse('own-dog', { dog: 'nobody', did: 'no Dog at ./dog', came: 'the tests pass' })
  })

  await check('old', async () => {
    const run = await test(Lazy)
    if (!run.passed) return
    const hint = watched.asserts > 0 ? 'old-test' : watched.skipped > 0 ? 'left-out' : 'no-assertion'
    refuse(hint, gotAway('lazy', run))
  })

  await check('broken-dogs', async () => {
    for (const [id, [, dog]] of Object.entries(broken)) {
      const run = await test(dog)
      if (!run.passed) continue
      const hint =
        id === 'silent' && watched.skipped === 0
          ? await whySilentPasses(run)
          : await whyPasses(id as keyof typeof broken, run)
      const unforeseen = hint === 'cannot-fail'
      refuse(hint, { ...gotAway(id, run), ...(unforeseen && { unforeseen }) })
    }
  })
})
