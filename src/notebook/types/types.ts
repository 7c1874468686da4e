/** The calls between the page and the worker that knows TypeScript. Offsets count from the start of a file's text. */
import type { Trouble } from '../../course/verdict'
import type { CompiledCell } from '../compiled-cell'
import type { Answer, Named } from '../judge/protocol'
import { notLoaded } from '../not-loaded'
import type { Completion, Hover, TypeProblem } from '../page/editor/types'

/** By their names. */
export type Files = ReadonlyMap<string, string>

/** The code of a cell. */
export interface CellText {
  /** What runs before it: the codes of the cells above. */
  readonly before: readonly string[]
  readonly code: string
}

export interface Completions {
  /** Where what they complete begins. */
  readonly from: number
  /** The best first: the learner's own names and the library's, then those of the language and of Node. */
  readonly options: readonly Completion[]
}

/** Implemented by the worker. The files are all that the learner has for a lesson, by their names. */
export interface Types {
  /** Resolves when TypeScript is there. */
  loaded(): Promise<void>
  /** What `typeErrors()` says of them in a terminal. */
  complaints(lesson: number, files: Files): Promise<readonly Trouble[]>
  /** Each as the checkpoint says it, and the rest of TypeScript's sentences. */
  errorsIn(lesson: number, files: Files, name: string): Promise<readonly TypeProblem[]>
  /** Undefined where nothing can be completed, or there is no such file. */
  completionsAt(lesson: number, files: Files, name: string, offset: number): Promise<Completions | undefined>
  /** Undefined where there is no name. */
  hoverAt(lesson: number, files: Files, name: string, offset: number): Promise<Hover | undefined>
  /** The same of a cell; nothing keeps one from running whose types are wrong. */
  cellErrors(cell: CellText): Promise<readonly TypeProblem[]>
  cellCompletions(cell: CellText, offset: number): Promise<Completions | undefined>
  cellHover(cell: CellText, offset: number): Promise<Hover | undefined>
  /** An answer as the judge takes it. */
  transpiled(files: Named): Promise<Answer>
  /** A cell as the session's worker takes it. */
  compiled(cell: string): Promise<CompiledCell>
}

export const NOT_LOADED = notLoaded('TypeScript')
