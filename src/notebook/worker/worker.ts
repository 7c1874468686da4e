/** The worker of the page: a session of the prompt, with its store and the learner's code. The page draws what it says. */
// It replaces Proxy before the first class with a decorator is made.
import './node-util'

import { createBirpc } from 'birpc'
import { sqlite } from 'dog-school/sqlite'
import wasm from 'sql.js/dist/sql-wasm-browser.wasm?url&inline'
import type * as TS from 'typescript'
import { z } from 'zod'
import { Dog } from '../../../lessons/7-implementing-persistence/solution/dog'
import { DogSchool } from '../../../lessons/7-implementing-persistence/solution/dog-school'
import { Evaluator } from '../../repl/cells/evaluator'
import { Refusal } from '../../repl/session/refusal'
import { Session } from '../../repl/session/session'
import type { World } from '../../repl/session/world'
import { from, namesOf } from '../../repl/start/names'
import type { NotebookWorker } from '../protocol'
import { courseOnPage, noFiles } from './course'
import { workerEngine } from './engine'
import { Sitting } from './sitting'

const school = { Dog, DogSchool, file: { dog: './dog', school: './dog-school' } }
const course = courseOnPage()
const inMemory: World['inMemory'] = (bytes) => sqlite(':memory:', { wasm: new URL(wasm), ...(bytes && { bytes }) })
const world: World = {
  openStore: noFiles,
  inMemory,
  inScratch: noFiles,
  schoolOn: (recorder) => new DogSchool(recorder),
  course,
  learnersSchool: async () => undefined,
  resolve: (file) => file,
  readText: noFiles,
  writeText: noFiles,
  copyStore: noFiles,
  importsFor: noFiles,
  noteCrash: noFiles,
  crashOf: async () => undefined,
  die: noFiles,
}

let compiler: typeof TS
let loading: Promise<void> | undefined
/** It is most of what the page loads, and nobody needs it to read. */
function compilerLoaded(): Promise<void> {
  loading ??= import('typescript').then(
    (module) => {
      compiler = module.default
    },
    (error) => {
      loading = undefined
      throw error
    },
  )
  return loading
}

let sitting: Sitting | undefined
/** Whatever is asked runs after what was asked before it. */
let before: Promise<unknown> = Promise.resolve()
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const done = before.then(work)
  before = done.catch(() => undefined)
  return done
}

function opened(): Sitting {
  if (!sitting) throw new Refusal('No lesson is open.')
  return sitting
}

async function open(lesson: number): Promise<Sitting> {
  const notebook = course.notebook(lesson)
  await sitting?.close()
  const names = { ...namesOf(school), z: { value: z, statement: from('z', 'zod') } }
  const evaluator = new Evaluator(
    workerEngine(() => compiler, school),
    names,
  )
  evaluator.typesOn = false
  const session = new Session(evaluator, world, inMemory())
  await session.open()
  return new Sitting(session, notebook)
}

const worker: NotebookWorker = {
  open: (lesson) =>
    inTurn(async () => {
      sitting = await open(lesson)
      // If it cannot be had now, the first cell tries again, and says so.
      void compilerLoaded().catch(() => undefined)
    }),
  run: (piece) =>
    inTurn(async () => {
      await compilerLoaded()
      return opened().run(piece)
    }),
  answer: (piece, guess) => inTurn(() => opened().answer(piece, guess)),
}

createBirpc<Record<never, never>, NotebookWorker>(worker, {
  post: (message) => self.postMessage(message),
  on: (hear) => self.addEventListener('message', ({ data }) => hear(data)),
})
