/** What a browser would load: of `dog-school/encryption`, nothing that only Node has. */
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'

const root = join(__dirname, '..', '..')
/** All but types, which are erased. */
const imports =
  /^(?:import|export) (?!type )[^;'"]* from '([^']+)'|^import '([^']+)'|(?:\brequire|(?<!typeof )\bimport)\('([^']+)'\)/gm

/** What a module needs when it runs, and what that needs. */
function needed(file: string, known = new Set<string>()): Set<string> {
  for (const [, from, bare, called] of readFileSync(file, 'utf8').matchAll(imports)) {
    const name = (from ?? bare ?? called) as string
    const path = name.startsWith('.') ? join(dirname(file), `${name}.ts`) : name
    if (known.has(path)) continue
    known.add(path)
    if (path !== name) needed(path, known)
  }
  return known
}
const packagesOf = (name: string) =>
  [...needed(join(root, 'src', `${name}.ts`))].filter((each) => !each.startsWith(root)).sort()

t.strictSame(packagesOf('encryption'), [
  '@noble/ciphers/aes.js',
  '@noble/hashes/hmac.js',
  '@noble/hashes/sha2.js',
  'fflate',
])
t.ok(
  packagesOf('recorders/sqlite').some((name) => name.startsWith('node:')),
  'it would be found',
)
