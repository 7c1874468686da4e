/** The worker's calls: an answer's files are laid into memory and judged by the checkpoint of their lesson. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type BirpcReturn, createBirpc } from 'birpc'
import * as library from 'dog-school'
import * as store from 'dog-school/sqlite'
import { isIdleWithin } from '../../checkpoints/judging/idle'
import type { Judging } from '../../checkpoints/judging/serve'
import { sqliteCode } from '../worker/sqlite-code'
import { headOf, know, showSources, sourceMapOf } from './compile'
import { checkpoints, onPlug, useTap } from './host'
import { provide, unloadModules } from './modules'
import { builtins } from './node/builtins'
import { volume } from './node/fs'
import { forgetTheBrowser } from './node/globals'
import { onExit, onWrite, process } from './node/process'
import { activity, clearAll, real } from './node/timers'
import { layLeft, teach } from './plug'
import type { Answer, AnswerFile, Bench, Judge, Named } from './protocol'
import { showFramesInText } from './stack-text'

const files = import.meta.glob('../../../lessons/*/checkpoint.test.ts')

/** The lessons whose answer is a test. */
const tests = Object.keys(import.meta.glob('../../../lessons/*/start/*.test.ts', { query: '?raw' }))

/** Where everybody's answer lies. */
const folder = '/my-school'

let page: BirpcReturn<Bench, Judge>
let isBegun = false
let last = 0
function beat(): void {
  const { rung } = activity()
  void page.pulse(isBegun, rung - last)
  last = rung
}

async function loadSqlite(): Promise<void> {
  await sqliteCode()
  await store.sqlite(':memory:').open()
}

async function prepareTap(): Promise<void> {
  const { tapOfPage } = await import('./tap/tap')
  useTap(tapOfPage(sourceMapOf))
}

/** Loads what judging a lesson needs. */
async function prepare(lesson: number): Promise<Judging> {
  const isOfLesson = (path: string) => path.includes(`/lessons/${lesson}-`)
  const [path = '', load] = Object.entries(files).find(([path]) => isOfLesson(path)) ?? []
  await Promise.all([loadSqlite(), load?.(), tests.some(isOfLesson) && prepareTap()])
  const checkpoint = checkpoints.get(dirname(path).split('/').at(-1) ?? '')
  if (!checkpoint) throw new Error(`There is no checkpoint for lesson ${lesson}.`)
  return checkpoint
}

async function judge(lesson: number, answer: Answer) {
  const checkpoint = await prepare(lesson)
  lay(answer.map(({ name, text }) => [name, text]))
  for (const { name, text, transpiled } of answer) if (transpiled) know(join(folder, name), text, transpiled)
  onPlug(async (_folder, cwd, file) => {
    const left = await page.plug(answer.map(withoutTypes), file)
    await layLeft(left, cwd, file)
    return left
  })
  checkpoint.prepare(folder)
  isBegun = true
  beat()
  const verdict = await checkpoint.judge(folder)
  isBegun = false
  const isIdle = await isIdleWithin(30)
  // Timers that have kept nobody busy do not ring in the next answer. tap leaves some behind, for half a minute.
  clearAll()
  return { verdict, isIdle }
}

/** As the compiler has it: who teaches has none. */
const withoutTypes = ({ name, text, transpiled }: AnswerFile): Named[number] =>
  transpiled && 'code' in transpiled ? [name.replace(/\.ts$/, '.js'), transpiled.code] : [name, text]

async function teachFido(answer: Named, file: string) {
  await loadSqlite()
  lay(answer)
  isBegun = true
  return teach(folder, file)
}

/** The files of an answer, and nothing else: what only a browser has is gone as well. */
function lay(answer: Named): void {
  forgetTheBrowser()
  volume.reset()
  unloadModules('/')
  process.chdir('/')
  for (const each of [folder, '/tmp']) mkdirSync(each)
  for (const [name, text] of answer) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
}

/** A module as TypeScript compiles it for Node: nobody takes the whole of it for its default. */
function compiledFrom(module: object): () => object {
  const exports = Object.defineProperty({ ...module }, '__esModule', { value: true })
  return () => exports
}

/** From then on it judges what the page sends. */
export async function begin(): Promise<void> {
  // It is a file of its own, and is asked for in the one way that every browser allows here.
  const zod = await import('zod')
  page = createBirpc<Bench, Judge>(
    { judge, teach: teachFido, prepare: async (lesson) => void (await prepare(lesson)) },
    {
      post: self.postMessage.bind(self),
      on: (hear) => self.addEventListener('message', ({ data }) => hear(data)),
      eventNames: ['pulse', 'printed', 'exited'],
      timeout: -1,
    },
  )
  provide({
    ...builtins,
    'dog-school': compiledFrom(library),
    'dog-school/sqlite': compiledFrom(store),
    zod: compiledFrom(zod),
  })
  showSources()
  showFramesInText(headOf)
  onWrite((text) => void page.printed(text))
  onExit((code) => {
    void page.exited(code)
    // Nothing is to follow: this worker is ended as soon as the page hears of it.
    for (;;);
  })
  // What an answer has left under way goes wrong later: it ends neither the worker nor the next answer.
  const ignore = () => undefined
  process.on('unhandledRejection', ignore).on('uncaughtException', ignore)
  real.setInterval(beat, 100)
}
