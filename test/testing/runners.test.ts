/**
 * Test runners as users have them: what passes passes, and what fails, or checks nothing, fails at the line of the test.
 * vitest and jest in the long form (`DOG_SCHOOL_LONG=1`), which also runs alone what other errors could hide.
 */
import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import t from 'tap'
import { cleanEnvironment } from '../clean-environment'
import { installedToRun, root } from '../package/packed'
import { tools } from '../package/tools'

t.setTimeout(1_800_000)
const isLong = process.env.DOG_SCHOOL_LONG === '1'
const folder = mkdtempSync(join(tmpdir(), 'dog-school-runners-'))
t.teardown(() => rmSync(folder, { recursive: true }))
installedToRun(folder)
cpSync(join(__dirname, 'sentences.cjs'), join(folder, 'sentences.cjs'))
const lines = readFileSync(join(folder, 'sentences.cjs'), 'utf8').split('\n')

const program = (file: string, imports: string, test: string) =>
  writeFileSync(join(folder, file), `${imports}\n;${test}\n`)

/** Runs the tests of these names, or those that pass. */
async function run(command: readonly string[], sentences = ''): Promise<{ status: number; text: string }> {
  const [file = '', ...args] = command
  const env = { ...cleanEnvironment(), SENTENCES: sentences, NO_COLOR: '1', CI: '1' }
  return new Promise((resolve) => {
    execFile('env', ['-u', 'NODE_OPTIONS', file, ...args], { cwd: folder, env, maxBuffer: 1e8 }, (error, out, err) =>
      resolve({ status: Number(error?.code ?? 0), text: stripVTControlCharacters(out + err) }),
    )
  })
}

const required = "require('./sentences.cjs')"
const runners: Record<string, () => readonly string[]> = {
  'node:test': () => {
    program('node.cjs', '', `${required}(require('node:test').test)`)
    return ['node', '--test', 'node.cjs']
  },
  tap: () => {
    program(
      'tap.cjs',
      `const { t } = require('${join(root, 'node_modules', 'tap')}')`,
      `${required}((...test) => t.test(...test))`,
    )
    return ['node', 'tap.cjs']
  },
}
if (isLong) {
  const place = join(tools('long'), 'node_modules')
  runners.vitest = () => {
    program(
      'vitest.test.mjs',
      `import { test } from '${place}/vitest/dist/index.js'\nimport sentences from './sentences.cjs'\n`,
      'sentences(test)',
    )
    return ['node', `${place}/vitest/vitest.mjs`, 'run', '--root', folder]
  }
  runners.jest = () => {
    program('jest.test.cjs', '', `${required}(test)`)
    const config = JSON.stringify({
      rootDir: folder,
      testMatch: ['**/jest.test.cjs'],
      testEnvironment: 'node',
      watchman: false,
    })
    return ['node', `${place}/jest/bin/jest.js`, '--config', config]
  }
}

type Sentences = Readonly<Record<string, readonly string[]>>

/** What is said of each. */
const failing: Sentences = {
  payload: ['TrickAdded has another payload', "TrickAdded { trick: 'beg' }", "TrickAdded { trick: 'begg' }"],
  refused: ['it was refused: Fido can sit already', 'throws RangeError: Fido can sit already'],
  halfway: ['This checks nothing: end it with then'],
  returned: ['This checks nothing: end it with then'],
}
/** Of what is not waited for, it may be said when its test is over. */
const late: Sentences = {
  unended: ['This checks nothing: end it with then'],
  unawaited: ['This test ends before its check: write await'],
  unawaited2: ['This test ends before its check: write await'],
}
const programs = isLong ? [failing, ...Object.entries(late).map((one) => Object.fromEntries([one]))] : [failing, late]

for (const [runner, prepare] of Object.entries(runners))
  t.test(runner, async (t) => {
    const command = prepare()
    const { status, text } = await run(command)
    t.equal(status, 0, 'what passes passes')
    t.match(text, /keeps all of a batch or none of it|Tests +\d+ passed|Tests: +\d+ passed|# pass \d\d/)
    for (const sentences of programs) {
      const { status, text } = await run(command, Object.keys(sentences).join())
      t.not(status, 0, `it fails: ${Object.keys(sentences)}`)
      for (const [name, texts] of Object.entries(sentences)) {
        for (const each of texts) t.ok(text.includes(each), `${name}: it says ${each}`)
        const line = lines.findIndex((each) => each.endsWith(`// ${name}`)) + 1
        t.match(text, new RegExp(`sentences\\.cjs:${line}\\b`), `${name}: it points at the line`)
      }
    }
  })
