/** What an `import` in Node reads: the names of an entry, passed on from its CommonJS module. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Entry } from './manifest'

export function writeWrappers(dist: string, entries: readonly Entry[]): void {
  mkdirSync(join(dist, 'import'), { recursive: true })
  for (const { name, module } of entries) {
    const from = `'../cjs/${module}.js'`
    const names = Object.keys(require(join(dist, 'cjs', `${module}.js`))).sort()
    writeFileSync(join(dist, 'import', `${name}.mjs`), `export { ${names.join(', ')} } from ${from}\n`)
    writeFileSync(join(dist, 'import', `${name}.d.mts`), `export * from ${from}\n`)
  }
}
