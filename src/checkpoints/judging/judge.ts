/**
 * What a lesson's `checkpoint.test.ts` is written with. It judges the folder that `DOG_SCHOOL_FOLDER` names (left out: the
 * lesson's solution). Started by the kit it sends its verdict as data; started by anybody else it is a tap program.
 *
 * Nobody writes to stdout while the learner's code runs but that code, so a debug print never spoils a verdict.
 */
import { join } from 'node:path'
import { Topics } from 'dog-school'
import { type Example, perform, shown, slipIn } from '../../course/example'
import type { Slip, Trouble, Verdict } from '../../course/verdict'
import { isIdleWithin } from './idle'
import { asWritten, type LoadHints, load, placeIn, prepare, troubleOf, Unloadable } from './load-answer'
import { processorTime, startPulse } from './pulse'

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

/** What the process that judges sends to the kit: that an answer is about to be loaded, then what came of it. */
export interface Sent {
  readonly folder: string
  readonly verdict?: Verdict
  /** How much time of the processor had been used by then. */
  readonly used: number
}

/** Judges the folder (or, one after the other, the folders that `DOG_SCHOOL_FOLDERS` lists) and says what came of it. */
export function judge(lesson: string, judging: (answer: Checkpoint) => Promise<void>): void {
  const { DOG_SCHOOL_FOLDER, DOG_SCHOOL_FOLDERS, DOG_SCHOOL_JUDGE } = process.env
  const alone = [DOG_SCHOOL_FOLDER || join(lesson, 'solution')]
  const folders: string[] = DOG_SCHOOL_FOLDERS ? JSON.parse(DOG_SCHOOL_FOLDERS) : alone
  const tell = DOG_SCHOOL_JUDGE && process.send ? send : report
  if (tell === send) startPulse()
  // Each answer has a Dog of its own, which takes the place of the one before.
  Topics.redefinition = true
  void all(folders, judging, tell)
}

type Tell = (sent: Sent) => Promise<void>

async function all(folders: readonly string[], judging: (answer: Checkpoint) => Promise<void>, tell: Tell) {
  // What an answer has left under way goes wrong later: it ends neither the process nor the next answer.
  const ignore = () => undefined
  process.on('unhandledRejection', ignore).on('uncaughtException', ignore)
  for (const folder of folders) {
    prepare(folder)
    const heard = tell === report ? mute() : undefined
    await tell({ folder, used: processorTime() })
    const verdict = await judged(folder, judging)
    heard?.()
    await tell({ folder, verdict, used: processorTime() })
    // What is still under way has a moment to go wrong. If it goes on, the kit judges the others in a new process.
    if (folder !== folders.at(-1) && !(await isIdleWithin(30)) && tell === send) process.exit()
  }
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

function send(sent: Sent): Promise<void> {
  return new Promise((resolve) => process.send?.(sent, () => resolve()))
}

/** Keeps what is printed away from stdout, until it is called off. */
function mute(): () => void {
  const { write } = process.stdout
  process.stdout.write = ((...rest: unknown[]) => {
    const then = rest.at(-1)
    if (typeof then === 'function') then()
    return true
  }) as typeof write
  return () => {
    process.stdout.write = write
  }
}

/** As a tap program says it. */
async function report({ verdict }: Sent): Promise<void> {
  const { t } = require('tap') as typeof import('tap')
  if (!verdict) return
  for (const id of verdict.passed) t.pass(id)
  if (verdict.outcome === 'passed') return
  if (verdict.outcome === 'not yet') t.fail(verdict.slip.check, { ...verdict.slip })
  else t.fail(verdict.outcome, { verdict })
}
