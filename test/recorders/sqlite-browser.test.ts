/** `sqlite(':memory:', { wasm })` where there is no Node: what needs it is behind one file, which a bundle for browsers replaces. */
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import vm from 'node:vm'
import type { SqliteRecorder } from 'dog-school/sqlite'
import t from 'tap'
import * as ts from 'typescript'
import { row, rows } from '../../src/testing/contract/rows'

const dist = dirname(require.resolve('sql.js'))
const src = join(__dirname, '..', '..', 'src')

/** What every browser has, and nothing else: no process, no Buffer, no setImmediate. */
const browser = () =>
  vm.createContext({ window: {}, console, TextEncoder, TextDecoder, URL, setTimeout, fetch, crypto, performance })

/** Loads a file of ours, and what it asks for, in a browser; returns the names of missing things that it uses. */
function load(file: string): { exports: Record<string, unknown>; missing: string[] } {
  const context = browser()
  const loaded = new Map<string, { exports: Record<string, unknown> }>()
  const missing: string[] = []
  const run = (code: string, filename: string, from: string): Record<string, unknown> => {
    const module = { exports: {} }
    loaded.set(filename, module)
    const wrapped = vm.runInContext(`(function (module, exports, require) {${code}\n})`, context, { filename })
    wrapped(module, module.exports, (name: string) => find(name, from))
    return module.exports
  }
  const find = (name: string, from: string): unknown => {
    if (name === 'sql.js') return run(readFileSync(join(dist, 'sql-wasm-browser.js'), 'utf8'), name, dist)
    if (name.endsWith('/on-disk')) return { nodeDisk: undefined }
    if (!name.startsWith('.')) {
      missing.push(name)
      return {}
    }
    const path = join(from, `${name}.ts`)
    return loaded.get(path)?.exports ?? run(transpiled(path), path, dirname(path))
  }
  return { exports: find(`./${file}`, src) as Record<string, unknown>, missing }
}

const transpiled = (path: string): string =>
  ts.transpileModule(readFileSync(path, 'utf8'), {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS },
  }).outputText

t.test('nothing of Node is asked for, and a database in memory works', async (t) => {
  const { exports, missing } = load('recorders/sqlite')
  t.same(missing, [])
  const open = exports.sqlite as (name: string, options: object) => SqliteRecorder
  const school = open(':memory:', { wasm: new Uint8Array(readFileSync(join(dist, 'sql-wasm-browser.wasm'))) })
  t.same(await school.append(rows('fido', 1, 3)), [1, 2, 3])
  await t.rejects(school.append([row('fido', 3)]), { code: 'VERSION_CONFLICT' })
  t.same(JSON.parse(JSON.stringify(await school.select('fido'))), rows('fido', 1, 3))
  await school.query('DELETE FROM stored_events WHERE rowid = 3', { write: true })
  await school.saveSnapshot(row('fido', 2))
  const copy = open('copy', { bytes: await school.bytes() })
  t.same(await copy.append([row('fido', 3)]), [4])
  t.equal((await copy.status()).integrity, 'ok')
  await Promise.all([school.close(), copy.close()])
})

t.test('what is not there is noticed', async (t) => {
  t.same(load('recorders/sqlite/replay').missing, ['node:crypto'])
})
