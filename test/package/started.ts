/** Programs that were built, as they run. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { cleanEnvironment, shortLived } from '../clean-environment'

const run = promisify(execFile)

export interface Said {
  readonly out: string
  /** Everything that it printed, where it failed. */
  readonly error?: string
}

/** What a refusal tells the user to write. */
export const remedy = /TypeError: .*(static readonly topic = '|defineEvent\('\w+', \['|\{ name: '|schema)/s

/** The test runner puts a module of its own into every Node that is started, however clean its environment is. */
const alone = ['-u', 'NODE_OPTIONS']

/** In milliseconds. A Node was seen that slept with all of its threads, in a program that ends in a second by itself. */
const limit = 300_000

/** Runs a program in this folder to its end. */
export async function started(
  folder: string,
  [program = '', ...first]: readonly string[],
  ...args: string[]
): Promise<Said> {
  const flags = program === 'node' ? [shortLived] : []
  try {
    const all = [...alone, program, ...flags, ...first, ...args]
    const limits = { timeout: limit, killSignal: 'SIGKILL' as const }
    const { stdout } = await run('env', all, { cwd: folder, env: cleanEnvironment(), ...limits })
    return { out: stdout }
  } catch (error) {
    const { stdout = '', stderr = '', killed } = error as { stdout?: string; stderr?: string; killed?: boolean }
    const hung = killed ? `It did not end within ${limit / 1000} seconds. ` : ''
    return { out: '', error: hung + stdout + stderr || String(error) }
  }
}
