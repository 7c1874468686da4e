/**
 * What can be said against the texts of a lesson without running anything. A fault is a sentence; no fault, no sentence.
 */
import { readNotebook } from './notebook'
import type { Hint, Messages } from './texts'

const LINES = 120
const WIDTH = 120
/** A terminal has 80 columns, and code is indented there. */
const CODE_WIDTH = 76
const WORDS = { least: 40, most: 160 }

/** `8-taking-a-snapshot` */
export const folderName = (number: number, title: string): string =>
  `${number}-${(title.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).join('-')}`

/** The form that every lesson.md keeps. */
export function textFaults(folder: string, markdown: string): string[] {
  const lines = markdown.split('\n')
  const { number, title, pieces } = readNotebook(markdown)
  const turn = pieces.find(({ prose }) => prose.startsWith('## Your turn'))?.prose ?? ''
  const told = [`my-school/${folder}/`, `npm run checkpoint -- ${number}\n`, 'supposed to fail:']
  const name = folderName(number, title)
  return [
    ...(name === folder ? [] : [`its title makes it ${name}, and the folder is ${folder}`]),
    ...(lines.length > LINES ? [`it has ${lines.length} lines, and ${LINES} are the limit`] : []),
    ...lines.flatMap((line, at) => (line.length > WIDTH ? [`line ${at + 1} is longer than ${WIDTH} columns`] : [])),
    ...inFences(lines).flatMap(({ line, number }) =>
      line.length > CODE_WIDTH ? [`line ${number} is code, and longer than ${CODE_WIDTH} columns`] : [],
    ),
    ...lines.flatMap((line, at) => (/!(?![=[])/.test(line) ? [`line ${at + 1} has an exclamation mark`] : [])),
    ...(pieces.some(({ cell }) => cell?.isPrediction) ? [] : ['it asks for no prediction']),
    ...told
      .filter((each) => !turn.replace(/\s+/g, ' ').includes(each.replace(/\s+/g, ' ')))
      .map((each) => `"Your turn" does not say: ${each.trim()}`),
  ]
}

function inFences(lines: readonly string[]): { readonly line: string; readonly number: number }[] {
  let isCode = false
  return lines.flatMap((line, at) => {
    if (line.startsWith('```')) isCode = !isCode
    // What is shown comes below the code.
    return isCode ? [{ line: line.replace(/\s*\/\/ →.*$/, ''), number: at + 1 }] : []
  })
}

/**
 * @param known everything that a reader has seen: the texts and the code of this lesson and those before
 * @param isTold whether a lesson before has the text of a hint that has none here, but wrong answers
 */
export function hintFaults(
  hints: ReadonlyMap<string, Hint>,
  known: string,
  isTold: (id: string) => boolean = () => false,
): string[] {
  const words = new Set(known.match(/[\p{L}\p{N}_$]+/gu))
  return [...hints].flatMap(([id, { levels }]) => [
    ...(levels.length === 3 || (levels.length === 0 && isTold(id))
      ? []
      : [`hint ${id} has ${levels.length} levels, not three`]),
    ...levels.flatMap((text, at) => lengthFaults(id, at + 1, text)),
    ...levels.slice(0, 2).flatMap((text, at) =>
      [...text.matchAll(/`([^`\n]+)`/g)]
        .flatMap(([, code = '']) => code.replace(/'[^']*'/g, '').match(/[\p{L}_$][\p{L}\p{N}_$]*/gu) ?? [])
        .filter((word) => !words.has(word) && !everyday.has(word))
        .map((word) => `hint ${id}, level ${at + 1}, speaks of \`${word}\`, which no lesson has so far`),
    ),
  ])
}

function lengthFaults(id: string, level: number, text: string): string[] {
  const count = text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length
  const least = level < 3 ? WORDS.least : 1
  if (count >= least && count <= WORDS.most) return []
  return [`hint ${id}, level ${level}, has ${count} words, and ${least} to ${WORDS.most} are asked for`]
}

/**
 * @param ids of the checks, as the solution passes them
 * @param dogs that a wrong answer can let get away
 */
export function messageFaults(messages: Messages, ids: readonly string[]): string[] {
  const told = [...messages.keys()].filter((id) => id !== 'start' && !id.startsWith('dog:'))
  return [
    ...ids.filter((id) => !messages.get(id)).map((id) => `messages.md has nothing on the check ${id}`),
    ...told.filter((id) => !ids.includes(id)).map((id) => `messages.md tells of ${id}, and there is no such check`),
  ]
}

/** What somebody who writes TypeScript knows without any lesson. */
const everyday = new Set([
  ...['class', 'const', 'let', 'new', 'this', 'return', 'export', 'import', 'default', 'extends', 'super', 'static'],
  ...['async', 'await', 'function', 'constructor', 'readonly', 'private', 'public', 'from'],
  ...['if', 'else', 'for', 'throw'],
  ...['string', 'number', 'boolean', 'true', 'false', 'null', 'undefined', 'void', 'object', 'type', 'require'],
  ...['Array', 'Map', 'Set', 'Promise', 'Error', 'JSON', 'process', 'exit', 'console', 'log', 'get', 'try', 'catch'],
  ...[Array, String, Map, Set, Promise].flatMap((each) => Object.getOwnPropertyNames(each.prototype)),
])
