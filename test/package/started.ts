/** Programs that were built, as they run. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { cleanEnvironment } from '../clean-environment'

const run = promisify(execFile)

export interface Said {
  readonly out: string
  readonly error?: string
}

/** What a refusal tells the user to write. */
export const remedy = /TypeError: .*(static readonly topic = '|defineEvent\('\w+', \['|\{ name: '|schema)/s

/** Runs a program in this folder to its end. */
export async function started(
  folder: string,
  [program = '', ...first]: readonly string[],
  ...args: string[]
): Promise<Said> {
  // Half of the time of such a short program would go into making SQLite's code faster.
  const flags = program === 'node' ? ['--liftoff-only'] : []
  try {
    const { stdout } = await run(program, [...flags, ...first, ...args], { cwd: folder, env: cleanEnvironment() })
    return { out: stdout }
  } catch (error) {
    return { out: '', error: (error as { stderr?: string }).stderr || String(error) }
  }
}
