/** What a program loads before it does anything: all of it is paid for by each test file, and by much that these start. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import t, { Test } from 'tap'
import { register } from '../src/node/paths'
import { cleanEnvironment } from './clean-environment'

const loaded = (folder: string) => Object.keys(require.cache).some((file) => file.includes(`/node_modules/${folder}/`))

t.test('tap loads what tells of a failure when something fails', async (t) => {
  t.notOk(loaded('yaml'))
  const test = new Test({ name: 'one that fails', cb: async (t) => t.strictSame([1, 2], [1, 3]) })
  let told = ''
  test.on('data', (text) => {
    told += text
  })
  await new Promise<void>((resolve) => test.runMain(resolve))
  t.ok(loaded('yaml'))
  t.match(told, /^ +---\n +diff: \|$/m, 'as YAML')
  t.match(told, /^ +- +3,\n +\+ +2,$/m, 'with the difference')
})

t.test('what shows stack traces is loaded when one is shown', (t) => {
  const program = `
    const loaded = () => Object.keys(require.cache).some((file) => file.includes('source-map-support'))
    console.log(loaded(), new Error('here').stack.split('\\n')[0], loaded())`
  const { stdout } = spawnSync(process.execPath, ['-r', register, '-e', program], {
    encoding: 'utf8',
    env: cleanEnvironment(),
  })
  t.equal(stdout, 'false Error: here true\n')
  t.end()
})

t.test('no stack trace has files read that are no TypeScript of ours', (t) => {
  const thrower = join(t.testdir({ 'thrower.js': "module.exports = () => new Error('here').stack" }), 'thrower.js')
  const program = `
    const stack = require(${JSON.stringify(thrower)})
    const fs = require('node:fs')
    const { readFileSync } = fs
    const read = []
    fs.readFileSync = (file, ...rest) => read.push(file) && readFileSync(file, ...rest)
    console.log(/thrower.js:1/.test(stack()), read.filter((file) => /thrower/.test(file)))`
  const { stdout } = spawnSync(process.execPath, ['-r', register, '-e', program], {
    encoding: 'utf8',
    env: cleanEnvironment(),
  })
  t.equal(stdout, 'true []\n')
  t.end()
})
