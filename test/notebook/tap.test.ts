/** The page's tap against that of the terminal: what the judge makes of a learner's tests is the same. */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import t, { type Test } from 'tap'
import type { UserConfig } from 'vite'
import { type Judged, judgedTests } from './judged-tests'

const page = join(__dirname, '..', '..', 'src', 'notebook', 'vite.config.mts')

/** Builds a worker as the page's judge is built, but for the compiler, which takes long to build. */
async function built(t: Test): Promise<string> {
  const { build, loadConfigFromFile } = await import('vite')
  const loaded = await loadConfigFromFile({ command: 'build', mode: 'production' }, page, undefined, 'error')
  const { resolve = {}, worker = {} }: UserConfig = loaded?.config ?? {}
  const outDir = t.testdir()
  await build({
    configFile: false,
    logLevel: 'error',
    resolve,
    plugins: worker.plugins?.().filter((plugin) => Object(plugin).name !== 'shared-modules') ?? [],
    publicDir: false,
    build: {
      outDir,
      target: 'es2022',
      minify: false,
      lib: { entry: join(__dirname, 'judged-tests-worker.mjs'), formats: ['es'] },
      rolldownOptions: {
        external: ['typescript'],
        output: { keepNames: true, entryFileNames: 'worker.mjs', chunkFileNames: '[name].mjs' },
      },
    },
  })
  return join(outDir, 'worker.mjs')
}

interface Sent {
  readonly judged: Map<string, Judged>
  /** Some of the files, judged without the frames of a stack. */
  readonly frameless: Map<string, Judged>
}

async function onPage(t: Test): Promise<Sent> {
  const script = pathToFileURL(await built(t)).href
  const worker = new Worker(join(__dirname, 'browser-worker.cjs'), { workerData: { script } })
  t.teardown(() => worker.terminate())
  const sent = await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject))
  if (typeof sent === 'string') throw new Error(sent)
  return sent as Sent
}

/** All but the places, which nobody knows there. */
const placeless = (judged: Judged | undefined) =>
  judged && [judged.passed, judged.asserts, judged.ended, judged.failure?.name, judged.failure?.diff]

t.test('tests of every form', async (t) => {
  t.capture(console, 'error') // tap tells there of an assertion that comes too late.
  const inTerminal = await judgedTests(t.testdir())
  const { judged, frameless } = await onPage(t)

  t.test('are judged as in the terminal', async (t) => {
    for (const [name, expected] of inTerminal) t.strictSame(judged.get(name), expected, name)
    t.equal(judged.size, inTerminal.size)
  })

  t.test('are judged in a browser that keeps the frames of a stack to itself', async (t) => {
    t.ok(frameless.size > 10)
    for (const [name, found] of frameless) t.strictSame(placeless(found), placeless(inTerminal.get(name)), name)
  })
})
