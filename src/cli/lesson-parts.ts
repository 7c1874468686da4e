/** Reads a lesson that may be unfinished: what is missing or cannot be read is a sentence, and no end of the reading. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { filesIn, type Lesson, lessons } from '../checkpoints/folders'
import { type Answer, readAnswer } from '../course/answer'
import { type Notebook, readNotebook } from '../course/notebook'
import { type Hint, type Messages, readHint, readMessages } from '../course/texts'

/** What a lesson consists of, and what each part is. */
const parts = {
  'lesson.md': 'the notebook: prose, cells and "Your turn"',
  'start/': 'what the learner gets: what the lesson before ends with',
  'solution/': 'one good answer',
  'checkpoint.test.ts': 'the checks',
  'messages.md': 'a sentence for each check, and below "## start" the id of the hint that start/ gets',
  'hints/': 'a file for each hint, with its wrong answers',
  'right/': 'right answers in other styles',
} as const
export type Part = keyof typeof parts

/** What a checkpoint may keep in files of its own: the dogs that tests meet, and what finds out why an answer is wrong. */
const beside = ['dogs.ts', 'probes.ts']

export interface Parts {
  readonly markdown: string
  readonly notebook: Notebook | undefined
  readonly messages: Messages
  readonly hints: ReadonlyMap<string, Hint>
  /** By their names. */
  readonly right: ReadonlyMap<string, Answer>
  readonly start: ReadonlyMap<string, string>
  readonly solution: ReadonlyMap<string, string>
  /** Parts that are not there, or cannot be read. */
  readonly missing: ReadonlySet<Part>
  readonly faults: readonly string[]
  /** What authors have left to write, line by line. */
  readonly unwritten: readonly string[]
}

export function readParts(lesson: Lesson): Parts {
  const { folder } = lesson
  const faults: string[] = []
  const missing = new Set<Part>()
  const read = <T>(part: Part, name: string, reader: () => T): T | undefined => {
    try {
      return reader()
    } catch (error) {
      if (part === name) missing.add(part)
      const { message } = error as Error
      faults.push(message.startsWith(name) ? message : `${name}: ${message}`)
      return undefined
    }
  }
  const readAll = <T>(part: Part, reader: (text: string) => T): ReadonlyMap<string, T> => {
    const found = new Map<string, T>()
    for (const [name, text] of filesIn(join(folder, part))) {
      const value = read(part, `${part}${name}`, () => reader(text))
      if (value !== undefined) found.set(name.replace(/\.md$/, ''), value)
    }
    return found
  }
  for (const [part, what] of Object.entries(parts))
    if (!isThere(join(folder, part))) {
      missing.add(part as Part)
      faults.push(`${part} is missing: ${what}`)
    }
  const top = filesIn(folder)
  const markdown = top.get('lesson.md') ?? ''
  const solution = filesIn(join(folder, 'solution'))
  const hints = readAll('hints/', readHint)
  const right = readAll('right/', readAnswer)
  const rightNamed = [...right].map(([name, answer]) => [`right/${name}.md`, answer] as const)
  const wrong = [...hints.values()].flatMap(({ wrongAnswers }) => [...wrongAnswers])
  const notebook = missing.has('lesson.md') ? undefined : read('lesson.md', 'lesson.md', () => readNotebook(markdown))
  const messages = read('messages.md', 'messages.md', () => readMessages(top.get('messages.md') ?? ''))
  faults.push(
    ...numberFaults(lesson),
    ...strangers(folder),
    ...[...wrong, ...rightNamed].flatMap(([name, { without }]) =>
      without.filter((file) => !solution.has(file)).map((file) => `${name}: solution/ has no ${file} to take away`),
    ),
  )
  const start = filesIn(join(folder, 'start'))
  const unwritten = unwrittenIn(folder)
  return {
    markdown,
    notebook,
    messages: messages ?? new Map(),
    hints,
    right,
    start,
    solution,
    missing,
    faults,
    unwritten,
  }
}

/** An empty folder is not there for git either. */
const isThere = (path: string): boolean => existsSync(path) && (!path.endsWith('/') || readdirSync(path).length > 0)

function strangers(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .map((entry) => `${entry.name}${entry.isDirectory() ? '/' : ''}`)
    .filter((name) => !Object.hasOwn(parts, name) && !beside.includes(name))
    .map((name) => `${name} does not belong in a lesson: take it out`)
}

/** Lessons are numbered 1, 2, 3: a learner goes on with the next number. */
function numberFaults({ number, name }: Lesson): string[] {
  const others = lessons().filter((each) => each.name !== name)
  const twin = others.find((each) => each.number === number)
  return [
    ...(twin ? [`lessons/${twin.name} has the number ${number} too: rename one of them`] : []),
    ...(number === 1 || others.some((each) => each.number === number - 1)
      ? []
      : [`there is no lesson ${number - 1} before it: give its folder, and those after it, the numbers that follow`]),
  ]
}

function unwrittenIn(folder: string): string[] {
  const top = filesIn(folder)
  const files = [
    ...['lesson.md', 'checkpoint.test.ts', 'messages.md'].map((name) => [name, top.get(name) ?? ''] as const),
    ...['hints', 'right'].flatMap((part) =>
      [...filesIn(join(folder, part))].map(([name, text]) => [`${part}/${name}`, text] as const),
    ),
  ]
  return files.flatMap(([name, text]) =>
    text.split('\n').flatMap((line, at) => {
      const [, todo] = /TODO:? *(.*?)(?: \*\/)?$/.exec(line) ?? []
      return todo === undefined ? [] : [`${name}, line ${at + 1}: ${todo}`]
    }),
  )
}
