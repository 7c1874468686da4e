/**
 * The package as npm would publish it. It is built and packed in a copy of what it is made of, so that nothing here
 * changes under the feet of another test, and kept until something that it is made of changes.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { cleanEnvironment } from '../clean-environment'
import { madeOnce } from '../made-once'

export const root = join(__dirname, '..', '..')
const madeOf = ['package.json', 'package-lock.json', 'README.md', 'LICENSE', 'tsconfig.json', 'src', 'test/build']

/** The packed file. */
export function packed(): string {
  const hash = createHash('sha1')
  for (const name of madeOf) for (const file of filesOf(name)) hash.update(file).update(readFileSync(join(root, file)))
  const folder = join(root, 'node_modules', '.cache', 'dog-school-packed', hash.digest('hex').slice(0, 12))
  madeOnce(folder, pack)
  return join(folder, readdirSync(folder).find((name) => name.endsWith('.tgz')) as string)
}

function filesOf(name: string): string[] {
  if (!statSync(join(root, name)).isDirectory()) return [name]
  return readdirSync(join(root, name)).flatMap((each) => filesOf(join(name, each)))
}

function pack(folder: string): void {
  const copy = mkdtempSync(join(tmpdir(), 'dog-school-pack-'))
  for (const name of madeOf) cpSync(join(root, name), join(copy, name), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], {
    cwd: copy,
    env: cleanEnvironment(),
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  rmSync(copy, { recursive: true })
}

/** Lays the package into `node_modules` of a folder, its dependencies beside it, and gives where it is. */
export function installed(folder: string, ...more: readonly string[]): string {
  return laid(folder, more, [])
}

/** The same, without what compilers and debuggers read: a third of the files. */
export function installedToRun(folder: string, ...more: readonly string[]): string {
  return laid(folder, more, ['*.map', '*.d.ts', '*.d.mts', 'package/src'])
}

function laid(folder: string, more: readonly string[], without: readonly string[]): string {
  const place = join(folder, 'node_modules', 'dog-school')
  mkdirSync(place, { recursive: true })
  const left = without.map((name) => `--exclude=${name}`)
  execFileSync('tar', ['xzf', packed(), '-C', place, '--strip-components=1', ...left])
  const { dependencies } = JSON.parse(readFileSync(join(place, 'package.json'), 'utf8'))
  for (const name of [...Object.keys(dependencies), ...more]) {
    mkdirSync(dirname(join(folder, 'node_modules', name)), { recursive: true })
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name))
  }
  return place
}
