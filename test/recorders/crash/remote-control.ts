/** Starts a process of `remote.ts` and talks to it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Test } from 'tap'
import { cleanEnvironment, shortLived } from '../../clean-environment'

export interface Answer {
  readonly value?: unknown
  readonly code?: string
  readonly message?: string
  /** Its number, as it knows it itself. */
  readonly pid: number
}

export interface Remote {
  readonly process: ChildProcess
  tell(order: string): Promise<Answer>
  /** Resolves when it has ended, and what it has started as well. */
  kill(): Promise<void>
}

/** The program and its arguments that start a remote for this file. */
export const remoteCommand = (file: string, ...more: string[]): string[] => [
  process.execPath,
  shortLived,
  join(__dirname, 'run.cjs'),
  join(__dirname, 'remote.ts'),
  file,
  ...more,
]

/** `command` ends with that of a remote, perhaps after another program that starts it. */
export function remote(t: Test, command: readonly string[]): Remote {
  const [program = '', ...args] = command
  const child = spawn(program, args, { env: cleanEnvironment(), stdio: ['pipe', 'pipe', 'inherit'] })
  const closed = new Promise((resolve) => child.on('close', resolve))
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const kill = async (): Promise<void> => {
    const all = descendants(child.pid!)
    child.kill('SIGKILL')
    await closed
    // What a container has in it ends a little after that which started it, without anybody being told.
    for (const pid of all) while (!hasEnded(pid)) await new Promise(setImmediate)
  }
  t.teardown(kill)
  return {
    process: child,
    async tell(order) {
      child.stdin.write(`${order}\n`)
      const { value } = await lines.next()
      if (value === undefined) throw new Error(`It ended before it answered ${order}`)
      return JSON.parse(value)
    },
    kill,
  }
}

/** Has a process ended, all its threads included? Then it is no more, or a zombie. */
export function hasEnded(pid: number): boolean {
  const stat = statusOf(pid)
  return !stat || (/^State:\s+[ZX]/m.test(stat) && /^Threads:\s+[01]$/m.test(stat))
}

function statusOf(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8')
  } catch {
    return undefined
  }
}

function descendants(pid: number): number[] {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
    return [...children, ...children.flatMap(descendants)]
  } catch {
    return []
  }
}
