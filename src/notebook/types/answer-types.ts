/** What TypeScript knows of a learner's files: errors, completions, and what is under the pointer. */
import type * as TS from 'typescript'
import { asImported, troubleIn } from '../../checkpoints/complaints'
import type { Trouble } from '../../course/verdict'
import type { Hover, TypeProblem } from '../page/editor/types'
import { completions } from './completions'
import { type Declared, type Found, openProject, type Project } from './project'
import type { Completions, Files } from './types'

const ANSWER = '/answer/'
const BESIDE = '/beside/'

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
    this.#project = openProject(ts, declared, [ANSWER, BESIDE], registry)
  }

  complaints(lesson: number, files: Files): readonly Trouble[] {
    this.#put(lesson, files)
    return this.#project
      .complaints()
      .filter(({ path }) => path.startsWith(ANSWER))
      .map((found) => this.#trouble(files, found))
  }

  errorsIn(lesson: number, files: Files, name: string): readonly TypeProblem[] {
    const path = this.#put(lesson, files, name)
    if (!path) return []
    const errors = this.#project.complaintsOf(path).map((found) => this.#error(files, found))
    // Of a brace that is missing, TypeScript complains in more than one place.
    return errors.filter(
      ({ from, message }, at) => errors.findIndex((other) => other.from === from && other.message === message) === at,
    )
  }

  completionsAt(lesson: number, files: Files, name: string, offset: number): Completions | undefined {
    const path = this.#put(lesson, files, name)
    if (!path) return undefined
    const { service } = this.#project
    return completions(this.#ts, service, path, offset, [...files.keys(), ...this.#neighbours(lesson).keys()])
  }

  hoverAt(lesson: number, files: Files, name: string, offset: number): Hover | undefined {
    const path = this.#put(lesson, files, name)
    const found = path && this.#project.service.getQuickInfoAtPosition(path, offset)
    if (!found) return undefined
    const { textSpan, displayParts, documentation, tags = [] } = found
    const written = [
      inLines(plain(documentation)),
      ...tags.map(({ name, text }) => saysTag(name, inLines(plain(text)))),
    ]
    const about = written.filter((each) => each !== '').join('\n')
    return {
      from: textSpan.start,
      to: textSpan.start + textSpan.length,
      text: asImported(plain(displayParts).replace(/^\((alias|method|property)\) |\nimport .*$/g, '')),
      ...(about && { documentation: about }),
    }
  }

  /** Makes them the files that there are; the path of one of them, if it is there. */
  #put(lesson: number, files: Files, name?: string): string | undefined {
    const own = inFolder(ANSWER, files)
    this.#project.put(own, inFolder(BESIDE, this.#neighbours(lesson)))
    return own.has(ANSWER + name) ? ANSWER + name : undefined
  }

  #trouble(files: Files, found: Found): Trouble {
    const name = found.path.slice(ANSWER.length)
    return troubleIn(name, files.get(name) ?? '', found, () => this.#ts)
  }

  /** As the checkpoint says it, at its place; and, where TypeScript goes on, the rest. */
  #error(files: Files, found: Found): TypeProblem {
    const { message, place } = this.#trouble(files, found)
    const code = Number(found.code)
    const isMoved = place?.line !== found.place.line || place.column !== found.place.column
    if (isMoved && place) {
      const from = offsetOf(files.get(place.file) ?? '', place)
      return { from, to: from + 1, message, code }
    }
    const rest = message === asImported(found.message) && found.more ? `\n${asImported(found.more)}` : ''
    return { from: found.from, to: found.to, message: message + rest, code }
  }
}

const offsetOf = (text: string, { line, column }: { readonly line: number; readonly column: number }): number =>
  text
    .split('\n')
    .slice(0, line - 1)
    .reduce((sum, each) => sum + each.length + 1, column - 1)

/** What is written about a name: without the marks of a link, whose text says what it leads to. */
const plain = (parts: readonly TS.SymbolDisplayPart[] = []): string =>
  parts.map(({ kind, text }) => (kind === 'link' ? '' : text)).join('')

/** A paragraph is a line: where the source breaks it is its own affair. */
const inLines = (text: string): string => text.trim().replace(/(?<!\n)\n(?![\n*-])/g, ' ')

/** Tags that are not for tools, in words. */
function saysTag(name: string, text: string): string {
  if (text === '') return ''
  if (name === 'param') return text.replace(/^(\w+) (- )?/, '$1: ')
  return /^(returns|throws|deprecated)$/.test(name) ? `${name[0]?.toUpperCase()}${name.slice(1)}: ${text}` : ''
}
