/**
 * Runs a lesson's checkpoint in a process of its own, with a time limit: whatever the learner's code does, it does there.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Verdict } from '../course/verdict'
import { run, shortLived } from '../node/paths'
import { PULSE_FD } from './judging/pulse'
import type { Sent } from './judging/serve'
import { TimeLimit } from './time-limit'

export interface Run {
  readonly folder: string
  readonly verdict: Verdict
  /** What the learner's code printed. */
  readonly printed: string
}

export interface RunOptions {
  /** In seconds of the processor's time, for each answer. */
  readonly limit?: number
}

/** What a test runner, or a debugger, has put into the environment for itself. */
const foreign = /^(TS_NODE_|TAP|_TAPJS_|NODE_OPTIONS$|NODE_V8_COVERAGE$|NODE_CHANNEL_|DOG_SCHOOL_FOLDER)/

/** Judges answers, in one process as long as none of them brings it down, or leaves something under way there. */
export async function judgeFolders(
  lesson: string,
  folders: readonly string[],
  { limit = 5 }: RunOptions = {},
): Promise<readonly Run[]> {
  const runs: Run[] = []
  while (runs.length < folders.length) runs.push(...(await some(lesson, folders.slice(runs.length), limit)))
  return runs
}

/** The verdicts on the first few of the folders, at least on one. */
function some(lesson: string, folders: readonly string[], limit: number): Promise<readonly Run[]> {
  const kept = Object.entries(process.env).filter(([name]) => !foreign.test(name))
  const child = spawn(process.execPath, [shortLived, run, join(lesson, 'checkpoint.test.ts')], {
    // tap would kill a process after half a minute: the limit here is one for each answer.
    env: {
      ...Object.fromEntries(kept),
      TAP_TIMEOUT: '0',
      DOG_SCHOOL_JUDGE: '1',
      DOG_SCHOOL_FOLDERS: JSON.stringify(folders),
    },
    // The last one is what the pulse is written to.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc', 'pipe'],
    // A group of its own, so that what the learner's code starts ends with it.
    detached: process.platform !== 'win32',
  })
  let printed = ''
  const print = (text: Buffer) => {
    printed += text
  }
  child.stdout?.on('data', print)
  child.stderr?.on('data', print)

  return new Promise((resolve) => {
    const runs: Run[] = []
    let isUnderWay = true
    const hear = (verdict: Verdict) => {
      runs.push({ folder: folders[runs.length] as string, verdict, printed })
      printed = ''
    }
    const finish = () => {
      time.stop()
      end(child)
      resolve(runs)
    }
    const time = new TimeLimit(limit, (verdict) => {
      // What an answer has left under way is no matter of the next one.
      if (isUnderWay) hear(verdict)
      finish()
    })
    child.stdio[PULSE_FD]?.on('data', (pulses: Buffer) =>
      time.pulse(Number(pulses.toString().trim().split('\n').at(-1))),
    )
    child.on('message', ({ folder, verdict, used = 0 }: Partial<Sent>) => {
      // tap talks over the same line.
      if (folder === undefined) return
      isUnderWay = !verdict
      time.begin(used)
      if (!verdict) return
      // What it has printed before may be read after this: it is there, on another line.
      setImmediate(() => {
        hear(verdict)
        if (runs.length === folders.length) finish()
      })
    })
    child.on('error', ({ message }) => {
      hear({ outcome: 'broken', passed: [], message })
      finish()
    })
    child.on('close', (code, signal) =>
      setImmediate(() => {
        if (isUnderWay) hear(endOf(code, signal, printed))
        finish()
      }),
    )
  })
}

/** It ended without a verdict. */
function endOf(code: number | null, signal: string | null, printed: string): Verdict {
  // The kit's own file could not be loaded: Node says why, and gives up with 1.
  if (code === 1 && /checkpoint[\w-]*\.(test\.)?ts/.test(printed))
    return { outcome: 'broken', passed: [], message: printed.trim() }
  const how = signal ? `It was killed by ${signal}.` : `It called process.exit(${code ?? ''}).`
  return { outcome: 'unloadable', passed: [], trouble: { obstacle: 'exit', message: how } }
}

/** Kills it and all that it has started. */
function end(child: ChildProcess): void {
  if (child.pid === undefined) return
  try {
    if (process.platform === 'win32') spawn('taskkill', ['/pid', String(child.pid), '/t', '/f'])
    else process.kill(-child.pid, 'SIGKILL')
  } catch {
    // It is gone already.
  }
}
