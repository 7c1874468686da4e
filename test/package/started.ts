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

/** Runs a program in this folder to its end. */
export async function started(
  folder: string,
  [program = '', ...first]: readonly string[],
  ...args: string[]
): Promise<Said> {
  const flags = program === 'node' ? [shortLived] : []
  try {
    const all = [...alone, program, ...flags, ...first, ...args]
    const { stdout } = await run('env', all, { cwd: folder, env: cleanEnvironment() })
    return { out: stdout }
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string }
    return { out: '', error: stdout + stderr || String(error) }
  }
}
