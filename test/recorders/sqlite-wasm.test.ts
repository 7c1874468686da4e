/** Where sql.js has its code from. It is loaded once in a process, so each case is a process of its own. */
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import t from 'tap'
import { cleanEnvironment, shortLived } from '../clean-environment'

const dist = dirname(require.resolve('sql.js'))
const code = join(dist, 'sql-wasm.wasm')
const runner = join(__dirname, 'crash', 'run.cjs')

/** Loads sql.js from `place`, with each of these as `wasm` until one works; prints what became of each. */
function load(place: string, ...given: string[]): string {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [shortLived, runner, join(__dirname, 'crash', 'loader.ts'), place, ...given],
    { env: cleanEnvironment(), encoding: 'utf8' },
  )
  return status === 0 && stderr === '' ? stdout : `${stdout}exit ${status}\n${stderr}`
}

/** A copy of sql.js without its code, as a bundler leaves it. */
function bundled(folder: string): string {
  mkdirSync(`${folder}/out`)
  copyFileSync(join(dist, 'sql-wasm.js'), `${folder}/out/sql-wasm.js`)
  return `${folder}/out/sql-wasm.js`
}

t.test('it finds its code by itself', async (t) => {
  t.equal(load(join(dist, 'sql-wasm.js'), 'nothing'), 'works\n')
})

t.test('where its code was left behind, the error says what to give, and the process lives', async (t) => {
  const answer = load(bundled(t.testdir()), 'nothing', 'nothing')
  t.match(answer, /^(STORAGE .*out\/sql-wasm\.wasm cannot be used, it is not there.*\{ wasm: .*\n){2}still here\n$/)
})

t.test('the path or the contents of its code may be passed', async (t) => {
  t.equal(load(bundled(t.testdir()), code), 'works\n')
  t.equal(load(`${t.testdirName}/out/sql-wasm.js`, pathToFileURL(code).href), 'works\n')
  t.equal(load(`${t.testdirName}/out/sql-wasm.js`, `URL ${pathToFileURL(code).href}`), 'works\n')
  t.equal(load(`${t.testdirName}/out/sql-wasm.js`, `bytes ${code}`), 'works\n')
  t.equal(
    load(
      `${t.testdirName}/out/sql-wasm.js`,
      `data:application/wasm;base64,${readFileSync(code, 'base64').slice(0, 400)}`,
    ).slice(0, 8),
    'STORAGE ',
  )
})

t.test('a wrong path may be corrected', async (t) => {
  const answer = load(bundled(t.testdir({ 'a.wasm': 'no code' })), '/nowhere/a.wasm', `${t.testdirName}/a.wasm`, code)
  t.match(
    answer,
    /^STORAGE .*\/nowhere\/a\.wasm cannot be used, it is not there.*\nSTORAGE .*a\.wasm cannot be used, .*magic word.*\nworks\n$/,
  )
})

t.test('another promise that nobody waits for still ends the process', async (t) => {
  const answer = load(bundled(t.testdir()), 'nothing', 'reject')
  t.match(answer, /exit 1\n.*somebody else/s)
})
