/**
 * A checkpoint as a process. It judges the folder that `DOG_SCHOOL_FOLDER` names (left out: the lesson's solution). Started
 * by the kit it sends its verdict as data; started by anybody else it is a tap program.
 *
 * Nobody writes to stdout while the learner's code runs but that code, so a debug print never spoils a verdict.
 */
import { join } from 'node:path'
import type { Verdict } from '../../course/verdict'
import { isIdleWithin } from './idle'
import { tap } from './modules'
import { processorTime, startPulse } from './pulse'

/** What the process that judges sends to the kit: that an answer is about to be loaded, then what came of it. */
export interface Sent {
  readonly folder: string
  readonly verdict?: Verdict
  /** How much time of the processor had been used by then. */
  readonly used: number
}

export interface Judging {
  /** Does what is no fault of the learner's if it takes time. */
  prepare(folder: string): void
  /** Never throws. */
  judge(folder: string): Promise<Verdict>
}

/** Judges the folder (or, one after the other, the folders that `DOG_SCHOOL_FOLDERS` lists) and says what came of it. */
export function serve(lesson: string, judging: Judging): void {
  const { DOG_SCHOOL_FOLDER, DOG_SCHOOL_FOLDERS, DOG_SCHOOL_JUDGE } = process.env
  const alone = [DOG_SCHOOL_FOLDER || join(lesson, 'solution')]
  const folders: string[] = DOG_SCHOOL_FOLDERS ? JSON.parse(DOG_SCHOOL_FOLDERS) : alone
  const tell = DOG_SCHOOL_JUDGE && process.send ? send : report
  if (tell === send) startPulse()
  void all(folders, judging, tell)
}

type Tell = (sent: Sent) => Promise<void>

async function all(folders: readonly string[], { prepare, judge }: Judging, tell: Tell) {
  // What an answer has left under way goes wrong later: it ends neither the process nor the next answer.
  const ignore = () => undefined
  process.on('unhandledRejection', ignore).on('uncaughtException', ignore)
  for (const folder of folders) {
    prepare(folder)
    const heard = tell === report ? mute() : undefined
    await tell({ folder, used: processorTime() })
    const verdict = await judge(folder)
    heard?.()
    await tell({ folder, verdict, used: processorTime() })
    // What is still under way has a moment to go wrong. If it goes on, the kit judges the others in a new process.
    if (folder !== folders.at(-1) && !(await isIdleWithin(30)) && tell === send) process.exit()
  }
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
  const { t } = tap()
  if (!verdict) return
  for (const id of verdict.passed) t.pass(id)
  if (verdict.outcome === 'passed') return
  if (verdict.outcome === 'not yet') t.fail(verdict.slip.check, { ...verdict.slip })
  else t.fail(verdict.outcome, { verdict })
}
