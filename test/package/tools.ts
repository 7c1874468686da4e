/**
 * Other people's tools: bundlers, compilers, linters of packages. They are no dependencies of this project, so that a
 * learner need not install them. The first test that wants them installs what `tools/<set>/package-lock.json` pins, below
 * `node_modules/.cache`; from then on they are there.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { cleanEnvironment } from '../clean-environment'
import { madeOnce } from '../made-once'

const cache = join(__dirname, '..', '..', 'node_modules', '.cache')

/** The folder whose `node_modules` has the tools of this set. */
export function tools(set: 'quick' | 'long' | 'browser' | 'jupyter'): string {
  const wanted = join(__dirname, 'tools', set)
  const hash = createHash('sha1')
    .update(readFileSync(join(wanted, 'package-lock.json')))
    .digest('hex')
  const folder = join(cache, 'dog-school-tools', `${set}-${hash.slice(0, 12)}`)
  return madeOnce(folder, (unfinished) => {
    cpSync(wanted, unfinished, { recursive: true })
    execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'], {
      cwd: unfinished,
      env: cleanEnvironment(),
      stdio: ['ignore', 'ignore', 'inherit'],
    })
  })
}
