/**
 * Other people's tools: bundlers, compilers, linters of packages. They are no dependencies of this project, so that a
 * learner need not install them. The first test that wants them installs what `tools/<set>/package-lock.json` pins, below
 * `node_modules/.cache`; from then on they are there.
 */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { cleanEnvironment } from '../clean-environment'

const cache = join(__dirname, '..', '..', 'node_modules', '.cache')
const run = promisify(execFile)

/** The folder whose `node_modules` has the tools of this set. */
export async function tools(set: 'quick' | 'long'): Promise<string> {
  const wanted = join(__dirname, 'tools', set)
  const hash = createHash('sha1')
    .update(readFileSync(join(wanted, 'package-lock.json')))
    .digest('hex')
  const folder = join(cache, 'dog-school-tools', `${set}-${hash.slice(0, 12)}`)
  if (existsSync(folder)) return folder
  const unfinished = `${folder}.${process.pid}`
  mkdirSync(unfinished, { recursive: true })
  cpSync(wanted, unfinished, { recursive: true })
  await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'], {
    cwd: unfinished,
    env: cleanEnvironment(),
  })
  finish(unfinished, folder)
  return folder
}

/** What is made beside is there at once and whole; where somebody else was quicker, theirs is as good. */
export function finish(unfinished: string, folder: string): void {
  try {
    renameSync(unfinished, folder)
  } catch (error) {
    if (!existsSync(folder)) throw error
    rmSync(unfinished, { recursive: true })
  }
}
