/**
 * The SQLite recorder where there is no Node: what needs it is behind one file, which a bundle for browsers replaces. In a
 * true browser: `browser.test.ts`.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import vm from 'node:vm'
import { crc32 } from 'node:zlib'
import { type browserDisk as nodesDisk, type SqliteRecorder, sqlite } from 'dog-school/sqlite'
import fc from 'fast-check'
import t from 'tap'
import * as ts from 'typescript'
import * as nodes from '../../src/recorders/sqlite/platform'
import * as browsers from '../../src/recorders/sqlite/platform-browser'
import { row, rows } from '../../src/testing/contract/rows'
import { anyText } from '../any-text'
import { VolatileOpfs } from './crash/volatile-opfs'

const dist = dirname(require.resolve('sql.js'))
const src = join(__dirname, '..', '..', 'src')

/** What every browser has, and nothing else: no process, no Buffer, no setImmediate. */
const browser = () =>
  vm.createContext({
    window: {},
    ...{ console, TextEncoder, TextDecoder, URL, setTimeout, fetch, crypto, performance, btoa, atob },
  })

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
    if (name.endsWith('/platform')) return find(`${name}-browser`, from)
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

const wasm = () => new Uint8Array(readFileSync(join(dist, 'sql-wasm-browser.wasm')))

t.test('nothing of Node is asked for, and a database in memory works', async (t) => {
  const { exports, missing } = load('recorders/sqlite')
  t.same(missing, [])
  const open = exports.sqlite as (name: string, options: object) => SqliteRecorder
  const school = open(':memory:', { wasm: wasm() })
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

t.test('a database in files, and it is gone on with in Node, from a journal that a browser wrote', async (t) => {
  const { exports } = load('recorders/sqlite')
  const [open, browserDisk] = [exports.sqlite, exports.browserDisk] as [typeof sqlite, typeof nodesDisk]
  const opfs = new VolatileOpfs()
  const school = open('a.db', { disk: browserDisk({ root: opfs.root }), wasm: wasm() })
  t.same(await school.append(rows('fido', 1, 3)), [1, 2, 3])
  await school.append([{ ...row('rex', 1), state: Uint8Array.of(0, 128, 255) }])
  await school.checkpoint()
  await school.append([{ ...row('rex', 2), state: Uint8Array.of(7) }])

  const again = sqlite('a.db', { disk: opfs.afterKill().disk })
  t.same((await again.notifications({ as: 'bytes' })).map(({ aggregateId, state }) => [aggregateId, state]).slice(-2), [
    ['rex', Uint8Array.of(0, 128, 255)],
    ['rex', Uint8Array.of(7)],
  ])
  t.same(await again.append(rows('fido', 4, 4)), [6])
  await again.close()
  await school.close()
})

t.test('what stands in for Node says the same', async (t) => {
  const bytes = fc.uint8Array({ maxLength: 300 })
  fc.assert(
    fc.property(bytes, fc.nat(2 ** 32 - 1), anyText(200), (bytes, seed, text) => {
      t.equal(browsers.crc32(bytes, seed), crc32(bytes, seed))
      t.equal(browsers.sha256(text), createHash('sha256').update(text).digest('hex'))
    }),
  )
  for (const length of [55, 56, 63, 64, 65, 119, 120])
    t.equal(browsers.sha256('a'.repeat(length)), nodes.sha256('a'.repeat(length)), String(length))
  t.same(Object.keys(browsers).sort(), Object.keys(nodes).sort())
})

t.test('what is not there is noticed', async (t) => {
  t.same(load('recorders/sqlite/sockets-on-disk').missing, ['node:fs', 'node:net', 'node:path'])
})
