/** What a browser would load: of `dog-school/encryption`, nothing that only Node has. */
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import * as ts from 'typescript'

const root = join(__dirname, '..', '..')

/** What a module needs when it runs, and what that needs: types are erased. */
function needed(file: string, known = new Set<string>()): Set<string> {
  const { outputText } = ts.transpileModule(readFileSync(file, 'utf8'), {
    compilerOptions: { module: ts.ModuleKind.ES2022, target: ts.ScriptTarget.ES2022 },
  })
  for (const { fileName } of ts.preProcessFile(outputText, true, true).importedFiles) {
    const path = fileName.startsWith('.') ? join(dirname(file), `${fileName}.ts`) : fileName
    if (known.has(path)) continue
    known.add(path)
    if (path !== fileName) needed(path, known)
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
