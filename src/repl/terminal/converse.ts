/** Connects a session to the process: its terminal or pipe, its signals, its exit. */
import { homedir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { inspect } from 'node:util'
import { guardProcess } from '../cells/process-guard'
import { lookOf } from '../render/look'
import { render } from '../render/render'
import { late } from '../session/explain-error'
import { text } from '../session/reply'
import { afterCrash, welcome } from '../session/welcome'
import type { Shell } from '../start/shell'
import { followPipe } from './pipe'
import { openPrompt } from './terminal'

/** Node shows numbers in yellow, which is unreadable on a light background. */
Object.assign(inspect.styles, { number: 'cyan', bigint: 'cyan', boolean: 'magenta', special: 'cyan' })

/** @returns the exit status */
export async function converse(shell: Shell): Promise<number> {
  const { stdin, stdout, env } = process
  const look = () => lookOf(stdout, env)
  const write = (said: string) => void stdout.write(said)
  const isTerminal = stdin.isTTY === true && stdout.isTTY === true && env.TERM !== 'dumb'
  const say = (sentences: string) => write(`${render(text(sentences), look())}\n`)
  let status = 0
  let release: (() => void) | undefined
  const uncaught = (error: unknown): string => {
    shell.session.lastError = error
    return render(late(error), look())
  }
  try {
    if (isTerminal) say(await welcome(shell.session))
    if (shell.session.about.kind !== 'nothing') write(`${render(shell.session.about, look())}\n`)
    const crash = await afterCrash(shell.session)
    if (crash !== undefined) say(crash)
    if (isTerminal) {
      const leaving = openPrompt(shell, { input: stdin, output: stdout, look, history: historyFile(env), uncaught })
      const warming = setImmediate(() => shell.session.evaluator.warmUp())
      status = await leaving
      // Someone who leaves at once does not wait for what has not been started yet.
      clearImmediate(warming)
    } else {
      // At a terminal, Ctrl-C stops the running cell; in a pipe, it ends the program.
      const stop = stdin.isTTY ? () => void shell.session.evaluator.stop() : undefined
      release = guardProcess((error) => write(`${uncaught(error)}\n`), stop)
      const lines = createInterface({ input: stdin, crlfDelay: Number.POSITIVE_INFINITY })
      let isHeard = true
      const leave = () => {
        shell.session.isOver = true
        shell.session.evaluator.stop()
        lines.close()
      }
      stdin.on('error', leave)
      stdout.on('error', () => {
        isHeard = false
        leave()
      })
      status = await followPipe(lines, shell, look(), write)
      lines.close()
      // The usual status of a program whose output nobody reads any more (SIGPIPE).
      if (!isHeard) status = 141
    }
  } finally {
    release?.()
  }
  try {
    await shell.session.close()
  } catch (error) {
    write(`${(error as Error).message}\n`)
    status = 1
  }
  // A timer or a server that was left running must not keep the process alive.
  if (stdin.isTTY && stdout.isTTY) setImmediate(() => process.exit(status))
  return status
}

const historyFile = (env: NodeJS.ProcessEnv): string => env.DOG_SCHOOL_HISTORY ?? join(homedir(), '.dog_school_history')
