/** Tests that read like the domain need nothing of Node: here they run in a page, and find what is wrong there. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runInNewContext } from 'node:vm'
import t from 'tap'
import { installedToRun } from '../package/packed'
import { tools } from '../package/tools'

t.setTimeout(1_800_000)
const folder = mkdtempSync(join(tmpdir(), 'dog-school-testing-'))
t.teardown(() => rmSync(folder, { recursive: true }))
installedToRun(folder)

const program = `
import { Aggregate, defineEvent, events, MemoryRecorder } from 'dog-school'
import { given, recorderContract } from 'dog-school/testing'
const Registered = defineEvent('Registered', ['name'])
const Dog = events(class Dog extends Aggregate {
  constructor(name) { super(); this.name = name }
}, { constructor: Registered })
globalThis.answer = async () => {
  await given(Dog).when(() => new Dog('Fido')).then(Registered.of({ name: 'Fido' }))
  const cases = recorderContract(() => new MemoryRecorder()).filter(({ name }) => !name.includes('5,000'))
  for (const { run } of cases) await run()
  const error = await given(Dog).when(() => new Dog('Rex')).then(Registered.of({ name: 'Fido' })).catch((error) => error)
  return [error.name, error.expected, error.actual, error.message]
}
`

t.test('in a page', async (t) => {
  const { build } = require(require.resolve('esbuild', { paths: [tools('quick')] }))
  const stdin = { contents: program, resolveDir: folder }
  const options = { stdin, bundle: true, write: false, platform: 'browser', format: 'iife', target: 'es2022' }
  const { outputFiles } = await build(options)
  const page: Record<string, unknown> = {
    window: {},
    TextEncoder,
    TextDecoder,
    URL,
    queueMicrotask,
    setTimeout,
    clearTimeout,
    crypto,
    performance,
    console,
  }
  runInNewContext(outputFiles[0].text, page)
  const answer = JSON.parse(JSON.stringify(await (page.answer as () => Promise<unknown>)()))
  t.strictSame(answer.slice(0, 3), ['AssertionError', "Registered { name: 'Fido' }", "Registered { name: 'Rex' }"])
  t.match(answer[3], /^Registered has another payload\n\n {2}when {6}\(\) => new Dog/)
})
