/** The worker of the page: a session of the prompt, with its store and the learner's code. The page draws what it says. */
// It comes before what it changes.
import './globals'

import cells from 'virtual:lesson-cells'
import { createBirpc } from 'birpc'
import { type SqliteRecorder, sqlite } from 'dog-school/sqlite'
import { Dog } from '../../../lessons/7-implementing-persistence/solution/dog'
import { DogSchool } from '../../../lessons/7-implementing-persistence/solution/dog-school'
import { Evaluator } from '../../repl/cells/evaluator'
import { late } from '../../repl/session/explain-error'
import { Refusal } from '../../repl/session/refusal'
import { Session } from '../../repl/session/session'
import type { World } from '../../repl/session/world'
import { namesOf } from '../../repl/start/names'
import { type CompiledCell, compilerFor } from '../compiled-cell'
import { partsOf } from '../parts'
import type { NotebookPage, NotebookWorker, Outcome, Run, StorePlace } from '../protocol'
import { locks, root } from './alone'
import { clock } from './chance'
import { courseOnPage, noFiles } from './course'
import { loadZod, workerEngine, z } from './engine'
import { clearTimers, during, printed } from './globals'
import { Keeping } from './keeping'
import { needsOf } from './needs'
import { SavedSoFar } from './saved-so-far'
import { Sitting, shownOf } from './sitting'
import { sqliteCode } from './sqlite-code'
import { asked, databaseOf, NewStore, Stores } from './store'
import { inTypedLines } from './typed-lines'

const school = { Dog, DogSchool, file: { dog: './dog', school: './dog-school' } }
const course = courseOnPage((work) => during(undefined, work))
const inMemory: World['inMemory'] = (bytes) => sqlite(':memory:', bytes && { bytes })
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

let sitting: Sitting | undefined
/** The piece whose run was played last. */
let piece = 0
/** Whatever is asked runs after what was asked before it. */
let before: Promise<unknown> = Promise.resolve()
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const done = before.then(work)
  before = done.catch(() => undefined)
  return done
}

const names = namesOf(school, z)

async function sessionOn(store: SqliteRecorder): Promise<Session> {
  const evaluator = new Evaluator(workerEngine(compilerFor(cells), school), names)
  evaluator.typesOn = false
  const session = new Session(evaluator, world, store)
  await session.open()
  if (!(store instanceof NewStore)) await asked(store)
  return session
}

const keeping = new Keeping({
  stores: new Stores(root),
  inMemory,
  schoolOn: world.schoolOn,
  sessionOn,
  session: () => sitting?.session,
})

const savedSoFar = new SavedSoFar((count) => page.saved(piece, count), clock)

/** The one that is open. */
let lesson = 0

/** Says why its events are in memory, if they are. */
async function begin(number: number, place?: StorePlace): Promise<string | undefined> {
  const notebook = course.notebook(number)
  await sitting?.close()
  clearTimers()
  const { store, why } = await keeping.begin(place)
  savedSoFar.hear(store)
  // Whoever runs a cell that needs it hears why it is not there.
  if (store instanceof NewStore)
    sqliteCode()
      .then(() => inTurn(() => store.settle()))
      .catch(() => undefined)
  lesson = number
  const around = { during, printed: () => printed.take() }
  sitting = new Sitting(await sessionOn(store), notebook, around, (folder) => keeping.schoolIn(folder))
  return why
}

function opened(): Sitting {
  if (!sitting) throw new Refusal('No lesson is open.')
  return sitting
}

async function play(run: Run, parts: readonly CompiledCell[] = []): Promise<Outcome> {
  piece = run.piece
  for (const [at, text] of partsOf(run).entries()) cells.set(text, parts[at] as CompiledCell)
  printed.late = undefined
  try {
    await loadFor(run)
    savedSoFar.begins()
    return await opened().play(run)
  } finally {
    printed.late = (text) => page.said(piece, { tone: 'printed', text })
  }
}

/** Loads what a run needs and is not there yet. */
async function loadFor({ piece, code, guess }: Run): Promise<void> {
  const typed = code ?? course.notebook(lesson).pieces[piece]?.cell?.text
  const { store, zod } = needsOf(`${typed} ${guess}`, Object.keys(names))
  await Promise.all([store && keeping.settled(), zod && loadZod()])
}

const worker: NotebookWorker = {
  open: (lesson, _, place) =>
    inTurn(async () => {
      return begin(lesson, place)
    }),
  isLike: (folder) => inTurn(() => keeping.isLike(folder)),
  recordedIn: (...asked) => inTurn(() => keeping.recordedIn(...asked)),
  database: (folder) => inTurn(() => keeping.database(folder)),
  databaseOfCell: (store) =>
    inTurn(async () => {
      const recorder = sitting?.recorderOf(store)
      if (!recorder) throw new Refusal(`There is no store of ${store} any more: run its cell again.`)
      return databaseOf(recorder)
    }),
  bringIn: (folder, bytes) => inTurn(() => keeping.bringIn(folder, bytes)),
  play: (run, parts) => inTurn(() => play(run, parts)),
  stateAt: (event) => inTurn(() => opened().sights.stateAt(event)),
  viewAt: (position, view) => inTurn(() => opened().sights.viewAt(position, view)),
  moveView: (move, view) => inTurn(() => opened().sights.moveView(move, view)),
}

const page = createBirpc<NotebookPage, NotebookWorker>(worker, {
  post: (message) => self.postMessage(message),
  on: (hear) => self.addEventListener('message', ({ data }) => hear(data)),
  eventNames: ['said', 'saved', 'holds'],
})

// A page that is served without TLS has no locks.
const lock = `session ${crypto.randomUUID?.()}`
void locks?.request(lock, () => {
  void page.holds(lock)
  return new Promise(() => {})
})

// What a timer throws ends no worker, and belongs to the cell that has started it.
self.addEventListener('error', (event) => {
  event.preventDefault()
  tellLate(event.error ?? event.message)
})
self.addEventListener('unhandledrejection', (event) => {
  event.preventDefault()
  tellLate(event.reason)
})
function tellLate(error: unknown): void {
  for (const shown of shownOf(late(inTypedLines(error)))) page.said(piece, shown)
}
