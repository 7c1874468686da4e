/**
 * Pulls the plug: a process of its own teaches Fido in the learner's school, and is killed as `kill -9` does. This file is
 * both sides of it: what the checkpoint calls, and (run with arguments) the process that dies.
 */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { run, shortLived } from '../../node/paths'

/** What the process could tell before it died. */
export interface Plugged {
  /** Fido's id; undefined where it did not come to that. */
  readonly id?: string
  /** Why it did not. */
  readonly problem?: string
}

export const taught = ['roll over', 'play dead']

/**
 * Starts the process, and resolves when it is dead.
 *
 * @param cwd where the process runs: `file` is a name there
 */
export function teachAndPullThePlug(folder: string, cwd: string, file: string): Promise<Plugged> {
  const child = spawn(process.execPath, [shortLived, run, __filename, folder, file], {
    cwd,
    env: { ...process.env, DOG_SCHOOL_JUDGE: '' },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  return new Promise((resolve) => {
    let told: Plugged = { problem: 'It ended before Fido was taught.' }
    child.on('message', (message: Plugged) => {
      told = message
    })
    child.on('error', ({ message }) => resolve({ problem: message }))
    child.on('close', () => resolve(told))
  })
}

async function teach(folder: string, file: string): Promise<Plugged> {
  try {
    const { openSchool } = require(join(folder, 'dog-school'))
    const school = await openSchool(file)
    const id = await school.registerDog('Fido')
    for (const trick of taught) await school.addTrick(id, trick)
    return { id }
  } catch (error) {
    return { problem: String(error) }
  }
}

if (process.argv[1] === __filename) {
  const [folder = '', file = ''] = process.argv.slice(2)
  void teach(folder, file).then((told) => process.send?.(told, () => process.kill(process.pid, 'SIGKILL')))
}
