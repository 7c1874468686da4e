/** What TypeScript knows of a learner's files: errors, completions, and what is under the pointer. */
import type * as TS from 'typescript'
import { troubleIn } from '../../checkpoints/complaints'
import type { Trouble } from '../../course/verdict'
import type { Hover, TypeProblem } from '../page/editor/types'
import { completions } from './completions'
import { type Declared, openProject, type Project } from './project'
import { eachOnce, hoverAt, problemIn } from './told'
import type { Completions, Files } from './types'

const ANSWER = '/answer/'
const BESIDE = '/beside/'
/** A file is found as if these were one folder. */
export const folders = [ANSWER, BESIDE]

/** What an answer may import, besides its own files. */
const modules = ['dog-school', 'dog-school/sqlite', 'tap', 'zod', 'node:assert/strict']

/** As if they were in that folder. What is no TypeScript is not read. */
const inFolder = (folder: string, files: Files) =>
  new Map([...files].flatMap(([name, text]) => (name.endsWith('.ts') ? [[folder + name, text] as const] : [])))

export class AnswerTypes {
  readonly #ts: typeof TS
  readonly #project: Project
  readonly #neighbours: (lesson: number) => Files

  /** @param neighbours what is there for a lesson besides the learner's files */
  constructor(
    ts: typeof TS,
    declared: Declared,
    neighbours: (lesson: number) => Files,
    registry?: TS.DocumentRegistry,
  ) {
    this.#ts = ts
    this.#neighbours = neighbours
    this.#project = openProject(ts, declared, folders, registry)
  }

  complaints(lesson: number, files: Files): readonly Trouble[] {
    this.#put(lesson, files)
    return this.#project
      .complaints()
      .filter(({ path }) => path.startsWith(ANSWER))
      .map((found) => {
        const name = found.path.slice(ANSWER.length)
        return troubleIn(name, files.get(name) ?? '', found, () => this.#ts)
      })
  }

  errorsIn(lesson: number, files: Files, name: string): readonly TypeProblem[] {
    const path = this.#put(lesson, files, name)
    if (!path) return []
    const text = files.get(name) ?? ''
    return eachOnce(this.#project.complaintsOf(path).map((found) => problemIn(name, text, found, this.#ts)))
  }

  completionsAt(lesson: number, files: Files, name: string, offset: number): Completions | undefined {
    const path = this.#put(lesson, files, name)
    if (!path) return undefined
    const own = [...files.keys(), ...this.#neighbours(lesson).keys()].filter((each) => each !== name)
    const beside = own.filter((each) => each.endsWith('.ts')).map((each) => `./${each.replace(/\.ts$/, '')}`)
    return completions(this.#ts, this.#project.service, path, offset, [...new Set([...beside, ...modules])])
  }

  hoverAt(lesson: number, files: Files, name: string, offset: number): Hover | undefined {
    const path = this.#put(lesson, files, name)
    return path ? hoverAt(this.#project.service, path, offset) : undefined
  }

  /** Makes them the files that there are; the path of one of them, if it is there. */
  #put(lesson: number, files: Files, name?: string): string | undefined {
    const own = inFolder(ANSWER, files)
    this.#project.put(own, inFolder(BESIDE, this.#neighbours(lesson)))
    return own.has(ANSWER + name) ? ANSWER + name : undefined
  }
}
