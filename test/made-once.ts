/**
 * What several test files need and one of them makes: a packed package, other people's tools. It is kept below
 * `node_modules/.cache` under a name that says what it was made of.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Sees to it that a folder is there, and whole. Test files that want it at the same time wait for the one that came first.
 *
 * @param make fills an empty folder, which gets its name when it is done
 */
export function madeOnce(folder: string, make: (unfinished: string) => void): string {
  const lock = `${folder}.lock`
  while (!existsSync(folder)) {
    if (!isOurs(lock)) {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100)
      continue
    }
    const unfinished = `${folder}.unfinished`
    try {
      if (existsSync(folder)) break
      rmSync(unfinished, { recursive: true, force: true })
      mkdirSync(unfinished)
      make(unfinished)
      renameSync(unfinished, folder)
    } finally {
      rmSync(lock)
    }
  }
  return folder
}

/** Takes the lock, if nobody has it who lives. */
function isOurs(lock: string): boolean {
  try {
    mkdirSync(dirname(lock), { recursive: true })
    writeFileSync(lock, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    if (!isAlive(lock)) rmSync(lock, { force: true })
    return false
  }
}

function isAlive(lock: string): boolean {
  try {
    process.kill(Number(readFileSync(lock, 'utf8')), 0)
    return true
  } catch (error) {
    // What has just been removed is no more known to be dead than what belongs to somebody else.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}
