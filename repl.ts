/**
 * The prompt of Dog School: a session on a store, and a terminal or a pipe in front of it.
 *
 * `npm start` comes here through `src/cli/main.cjs`, which lets Node run TypeScript.
 */

import { lookOf } from './src/repl/render/look'
import { render } from './src/repl/render/render'
import { silent, waitingOn } from './src/repl/render/waiting'
import { all, type Reply, text } from './src/repl/session/reply'
import { isAddress } from './src/repl/session/store'
import { readOptions, usage } from './src/repl/start/options'
import { startSession } from './src/repl/start/start'
import { converse } from './src/repl/terminal/converse'

/** Gives the exit status: 0, 1 if a piped line failed or the store cannot be opened, 2 for options that do not exist. */
export async function main(args: readonly string[]): Promise<number> {
  let options: ReturnType<typeof readOptions>
  try {
    options = readOptions(args, process.env)
  } catch (error) {
    process.stderr.write(`${drawn(all(text(`${(error as Error).message}\n`), usage))}\n`)
    return 2
  }
  if (options.help) return print(usage)
  if (options.version) return print(text(require('./package.json').version))
  const { stdout } = process
  const waiting = isAddress(options.db) && stdout.isTTY ? waitingOn(stdout, () => lookOf(stdout, process.env)) : silent
  const started = await waiting('connecting to the server', () => startSession(options))
  if ('shell' in started) return converse(started.shell)
  print(text(started.refused))
  // A connection that was refused may stay open for a minute.
  if (isAddress(options.db)) setImmediate(() => process.exit(1))
  return 1
}

const drawn = (reply: Reply): string => render(reply, lookOf(process.stdout, process.env))

function print(reply: Reply): number {
  console.log(drawn(reply))
  return 0
}
