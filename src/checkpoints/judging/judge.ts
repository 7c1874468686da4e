/** What a lesson's `checkpoint.test.ts` is written with: its checks, and the verdict that comes of them. */
import { Topics } from 'dog-school'
import { type Example, perform, shown, slipIn } from '../../course/example'
import type { Slip, Trouble, Verdict } from '../../course/verdict'
import { serve } from './host'
import { asWritten, type LoadHints, load, placeIn, prepare, troubleOf, Unloadable } from './load-answer'

/** What the judging function of a lesson gets. */
export interface Checkpoint {
  /** The learner's folder. */
  readonly folder: string
  /** The exports of one of its files. If it throws while it is loaded, the first hint whose words are in the message is given. */
  load(file: string, hints?: LoadHints): Record<string, unknown>
  /** One thing that must be right. The first check that is not ends the judging. */
  check(id: string, check: Example | (() => unknown)): Promise<void>
  /** Inside a check: runs the example's lines, gives the last value, and refuses it if it is not what is to be shown. */
  expect(example: Example): Promise<unknown>
  /** Inside a check: this is wrong. */
  refuse(hint: string, what?: Omit<Slip, 'check' | 'hint'>): never
}

class Refused extends Error {
  constructor(readonly slip: Omit<Slip, 'check'>) {
    super(slip.hint)
  }
}

/** Judges whatever the host of the checkpoint has: folders that Node was started with, or what the page sends. */
export function judge(lesson: string, judging: (answer: Checkpoint) => Promise<void>): void {
  // Each answer has a Dog of its own, which takes the place of the one before.
  Topics.redefinition = true
  serve(lesson, { prepare, judge: (folder) => judged(folder, judging) })
}

/** Judges one folder. Never throws. */
function judged(folder: string, judging: (answer: Checkpoint) => Promise<void>): Promise<Verdict> {
  const passed: string[] = []
  return new Promise((resolve) => {
    const end = (verdict: Verdict) => {
      process.off('unhandledRejection', rejection).off('uncaughtException', exception).off('beforeExit', waiting)
      resolve(verdict)
    }
    const stopped = (trouble: Trouble) => end({ outcome: 'unloadable', passed, trouble })
    const rejection = (error: unknown) => stopped({ ...troubleOf(error, folder), obstacle: 'rejection' })
    const exception = (error: unknown) => stopped(troubleOf(error, folder))
    // Nothing is left to do, and nothing came of it: the learner's code waits for a promise that nobody keeps.
    const waiting = () => end({ outcome: 'endless', passed })
    process.on('unhandledRejection', rejection).on('uncaughtException', exception).on('beforeExit', waiting)

    const judgement = { passed, check: '' }
    Promise.resolve()
      .then(() => judging(answerIn(folder, judgement)))
      // A rejection that nobody handles is known one turn later.
      .then(() => new Promise((turn) => setImmediate(turn)))
      .then(
        () => end({ outcome: 'passed', passed }),
        (error) => end(verdictOf(error, folder, judgement)),
      )
  })
}

interface Judgement {
  readonly passed: string[]
  /** The one under way. */
  check: string
}

function answerIn(folder: string, judgement: Judgement): Checkpoint {
  const refuse: Checkpoint['refuse'] = (hint, what = {}) => {
    throw new Refused({ hint, ...what })
  }
  const expect: Checkpoint['expect'] = async (example) => {
    const outcome = await perform(example)
    if (outcome.isRight) return outcome.value
    const { did, isWhole, came, error, threw } = outcome
    const place = error instanceof Error ? placeIn(error.stack ?? '', folder) : undefined
    const slip = slipIn(example, outcome)
    // Of what the learner's code throws, the hint for a wrong value would tell something that was not seen.
    return refuse(slip ?? (threw && !isOfExample(error) ? 'threw' : example.hint), {
      did,
      came: threw ? asWritten(came, folder, place) : came,
      ...(isWhole && { expected: shown(example.shows) }),
      ...(example.steps && { steps: example.steps }),
      ...(place && { place }),
      ...(threw && slip === undefined && { unforeseen: true }),
    })
  }
  const check: Checkpoint['check'] = async (id, check) => {
    judgement.check = id
    await (typeof check === 'function' ? check() : expect(check))
    judgement.passed.push(id)
  }
  return { folder, load: (file, hints) => load(folder, file, hints), check, expect, refuse }
}

/** Whether the line of the example itself throws it: what it asks for is not there. */
function isOfExample(error: unknown): boolean {
  const frames = error instanceof Error ? error.stack?.match(/^ +at .*$/gm) : undefined
  return frames?.[0]?.includes('eval at perform') ?? false
}

function verdictOf(error: unknown, folder: string, { passed, check }: Judgement): Verdict {
  if (error instanceof Refused) return { outcome: 'not yet', passed, slip: { check, ...error.slip } }
  if (error instanceof Unloadable) return { outcome: 'unloadable', passed, trouble: error.trouble }
  const stack = error instanceof Error ? (error.stack ?? String(error)) : String(error)
  // What nobody expected is the learner's if it was thrown there, and else it is ours.
  if (placeIn(stack, folder)) return { outcome: 'unloadable', passed, trouble: troubleOf(error, folder) }
  return { outcome: 'broken', passed, message: stack }
}
