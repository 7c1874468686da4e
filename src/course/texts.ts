/**
 * The texts of a lesson that are kept apart from its code, by the ids that the code uses: `messages.md`, and a file in
 * `hints/` for each hint. To translate a lesson is to translate its markdown files.
 */
import { type Answer, readAnswer } from './answer'

/** The hints of a lesson by their ids. Each has three levels: a question, a pointer, a piece of code. */
export interface Hints {
  has(id: string): boolean
  get(id: string): readonly string[] | undefined
}

/**
 * The hints of a lesson: its own, those that all lessons have in common, and those of the lessons before, which a checkpoint
 * may give again; what TypeScript objects to is explained anew.
 *
 * @param near the folders of the lesson and of what is common
 * @param before those of the lessons before, the last one first
 * @param levelsIn reads a hint of a folder; a file that has wrong answers only leaves the text to a lesson before
 */
export function hintsFrom<Folder>(
  near: readonly Folder[],
  before: readonly Folder[],
  levelsIn: (folder: Folder, id: string) => readonly string[],
): Hints {
  const get = (id: string) => {
    for (const each of /^ts\d/.test(id) ? near : [...near, ...before]) {
      const levels = levelsIn(each, id)
      if (levels.length > 0) return levels
    }
    return undefined
  }
  return { has: (id) => get(id) !== undefined, get }
}

/** A sentence for each check, and for each dog (`dog:<id>`) what is wrong with it. */
export type Messages = ReadonlyMap<string, string>

/** What the file of a hint says. */
export interface Hint {
  readonly levels: readonly string[]
  /** The answers that must get this hint, by their titles. */
  readonly wrongAnswers: ReadonlyMap<string, Answer>
}

/**
 * Reads a file of `hints/`: `## 1`, `## 2`, `## 3`, and `## Wrong answers` with a `### title` for each.
 *
 * @throws SyntaxError
 */
export function readHint(markdown: string): Hint {
  const parts = sections(markdown, '## ')
  const wrong = sections(parts.get('Wrong answers') ?? '', '### ')
  parts.delete('Wrong answers')
  const wrongAnswers = new Map<string, Answer>()
  for (const [title, text] of wrong) {
    try {
      wrongAnswers.set(title, readAnswer(text))
    } catch (error) {
      throw new SyntaxError(`${title}: ${(error as Error).message}`)
    }
  }
  return { levels: [...parts.values()], wrongAnswers }
}

/** Reads messages.md: `## id`, and a sentence below it. */
export function readMessages(markdown: string): Messages {
  return sections(markdown, '## ')
}

/** What is below each heading of this level, outside of fences. What precedes the first one is for the authors. */
function sections(markdown: string, heading: string): Map<string, string> {
  const found = new Map<string, string>()
  let id: string | undefined
  let isCode = false
  for (const line of markdown.split(/\r?\n/)) {
    if (line.startsWith('```')) isCode = !isCode
    if (line.startsWith(heading) && !isCode) {
      id = line.slice(heading.length).trim()
      if (found.has(id)) throw new SyntaxError(`There are two sections named ${id}: give one of them another name`)
      found.set(id, '')
    } else if (id !== undefined) found.set(id, `${found.get(id)}${line}\n`)
  }
  return new Map([...found].map(([name, text]) => [name, text.trim()]))
}
