/** Installs a peer for the benchmarks only, in a folder that this package does not see: `node_modules/.cache/peers`. */
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { promisify } from 'node:util'

const cache = join(__dirname, '../../../node_modules/.cache/peers')

/**
 * What requires modules of a peer, whose package is the first of these; they are `name@version`.
 *
 * @throws Error if it cannot be installed
 */
export async function install(packages: readonly string[]): Promise<NodeJS.Require> {
  const folder = join(cache, packages.join(' ').replaceAll(/[^a-z0-9.-]+/g, '_'))
  const file = join(folder, 'package.json')
  if (!existsSync(join(folder, 'installed'))) {
    mkdirSync(folder, { recursive: true })
    // Act reads the package of the folder it runs in, and wants it complete.
    const about = { name: 'peer', version: '1.0.0', description: 'A peer', author: 'nobody', license: 'MIT' }
    writeFileSync(file, JSON.stringify({ ...about, dependencies: {} }))
    const quietly = ['--no-audit', '--no-fund', '--loglevel=error']
    await shown(
      `installing ${packages[0]}`,
      promisify(execFile)('npm', ['install', ...quietly, ...packages], { cwd: folder, timeout: 900_000 }),
    )
    writeFileSync(join(folder, 'installed'), '')
  }
  return Object.assign(createRequire(file), { folder })
}

/** Says every ten seconds how long something is under way. */
export async function shown<T>(what: string, working: Promise<T>): Promise<T> {
  const start = Date.now()
  const timer = setInterval(
    () => process.stderr.write(`peers: ${what}: ${Math.round((Date.now() - start) / 1000)} s\n`),
    10_000,
  )
  return working.finally(() => clearInterval(timer))
}
