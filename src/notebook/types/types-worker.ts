/**
 * The worker that knows TypeScript. It only reads the learner's code: it does not run it, so it is a worker of the page like
 * any other.
 */
import { createBirpc } from 'birpc'
import { needsDog } from '../../checkpoints/needs-dog'
import { compiledCell } from '../compiled-cell'
import { type Files, solutionOf } from '../judge/files'
import { transpiledAnswer } from '../judge/transpiled'
import { AnswerTypes } from './answer-types'
import { CellTypes } from './cell-types'
import { NOT_LOADED, type Types } from './types'

const none: Files = new Map()
const neighbours = (lesson: number): Files => (needsDog(solutionOf(lesson).keys()) ? solutionOf(lesson + 1) : none)
/** The lesson whose solution is the \`school\` of the cells. */
const SCHOOL = 7

interface Known {
  readonly answers: AnswerTypes
  readonly cells: CellTypes
}
let loading: Promise<Known> | undefined
/** If it cannot be had now, the next question tries again. */
function known(): Promise<Known> {
  loading ??= load().catch((error: Error) => {
    loading = undefined
    throw new Error(`${NOT_LOADED} ${error.message}`)
  })
  return loading
}

async function load(): Promise<Known> {
  const [{ default: ts }, { default: declared }] = await Promise.all([
    import('typescript'),
    import('virtual:declarations'),
  ])
  // What is declared is parsed once for both.
  const registry = ts.createDocumentRegistry(true)
  return {
    answers: new AnswerTypes(ts, declared, neighbours, registry),
    cells: new CellTypes(ts, declared, solutionOf(SCHOOL), registry),
  }
}
const answers = async () => (await known()).answers
const cells = async () => (await known()).cells

const compiler = async () => {
  const { default: ts } = await import('typescript').catch(({ message }: Error) => {
    throw new Error(`${NOT_LOADED} ${message}`)
  })
  return ts
}
void known().catch(() => undefined)

const types: Types = {
  loaded: async () => void (await known()),
  complaints: async (lesson, files) => (await answers()).complaints(lesson, files),
  errorsIn: async (lesson, files, name) => (await answers()).errorsIn(lesson, files, name),
  completionsAt: async (lesson, files, name, offset) => (await answers()).completionsAt(lesson, files, name, offset),
  hoverAt: async (lesson, files, name, offset) => (await answers()).hoverAt(lesson, files, name, offset),
  cellErrors: async (cell) => (await cells()).errorsIn(cell),
  cellCompletions: async (cell, offset) => (await cells()).completionsAt(cell, offset),
  cellHover: async (cell, offset) => (await cells()).hoverAt(cell, offset),
  transpiled: async (files) => transpiledAnswer(await compiler(), files),
  compiled: async (cell) => compiledCell(await compiler(), cell),
}

createBirpc<Record<never, never>, Types>(types, {
  post: (message) => self.postMessage(message),
  on: (hear) => self.addEventListener('message', ({ data }) => hear(data)),
})
