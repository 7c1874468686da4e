/**
 * Every Node that is supported, for tests that run on each of them: the one that runs the tests, and the others from the
 * packages that bring a Node along. They are installed below `node_modules/.cache`, where everything must be there (CI);
 * on a user's machine those that are there are used.
 */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { madeOnce } from '../made-once'

/** Each even number since the oldest that package.json allows. */
export const versions = [20, 22, 24, 26] as const

const cache = join(__dirname, '..', '..', 'node_modules', '.cache', 'dog-school-nodes')
/** The package `node` itself is a script that installs one of these: npm runs no script of a package unasked. */
const packaged = `node-${process.platform === 'darwin' && process.arch === 'arm64' ? 'bin-' : ''}${process.platform}-${process.arch}`

const folderOf = (version: number): string => join(cache, String(version))
export const isOurs = (version: number): boolean => process.versions.node.startsWith(`${version}.`)

/** Those that are not here and need not be. */
export const absent = process.env.CI ? [] : versions.filter((each) => !isOurs(each) && !existsSync(folderOf(each)))

/** The program; installed first, if it is not here. */
export function nodeOf(version: number): string {
  if (isOurs(version)) return process.execPath
  const folder = madeOnce(folderOf(version), (unfinished) => install(version, unfinished))
  return join(folder, 'node_modules', packaged, 'bin', 'node')
}

function install(version: number, folder: string): void {
  const wanted = [
    '--prefix',
    folder,
    '--no-save',
    '--no-audit',
    '--no-fund',
    '--prefer-offline',
    `${packaged}@${version}`,
  ]
  // The test runner loads itself into every Node below it, npm's too.
  const env = { ...process.env, NODE_OPTIONS: '' }
  execFileSync('npm', ['install', ...wanted], { cwd: folder, env, stdio: ['ignore', 'ignore', 'inherit'] })
}
