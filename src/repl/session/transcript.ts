/**
 * A session as a file: a script, a notebook, a test. Lines that failed are left out.
 */

import type { IpynbCell } from '../../course/ipynb'
import type { Cell } from '../cells/cell'
import type { Input } from './input'
import { Refusal } from './refusal'
import { failed } from './reply'
import type { Session } from './session'

/** A line that succeeded, and what it showed. */
export interface Kept {
  readonly cell: Cell
  readonly text: string
  readonly shown: string | undefined
}

/** @throws Refusal if there is none */
export function cellsOf(session: Session): Kept[] {
  const kept = session.lines.flatMap((line) => keptOf(session, line) ?? [])
  if (kept.length === 0) throw new Refusal('No line of this session has worked yet, so there is nothing to write.')
  return kept
}

/** The same, with the prose of the notebooks that were loaded. */
export function pagesOf(session: Session): IpynbCell[] {
  cellsOf(session)
  return session.lines.flatMap((line): IpynbCell[] => {
    if (line.reply.kind === 'prose') return [{ kind: 'prose', text: line.text }]
    const { text, shown } = keptOf(session, line) ?? {}
    return text === undefined ? [] : [{ kind: 'code', text, ...(shown !== undefined && { shown }) }]
  })
}

/** Commands, and what was said to questions (see `Shell`), are no code. */
function keptOf({ evaluator }: Session, { text, reply, shown }: Input): Kept | undefined {
  if (/^\s*(\.[a-z?]|\? )/i.test(text) || reply.kind === 'prose' || failed(reply)) return undefined
  const cell = evaluator.read(text)
  return cell.mistake === undefined ? { cell, text, shown } : undefined
}

export const scriptOf = (cells: readonly Kept[]): string => `${cells.map(({ text }) => text).join('\n')}\n`

/** A notebook in the format of the lessons. */
export function notebookOf(cells: readonly Kept[]): string {
  const parts = cells.map(({ text, shown }) => {
    const [first = '', ...rest] = shown?.split('\n') ?? []
    const comment = shown === undefined ? '' : `\n// → ${[first, ...rest.map((line) => `//   ${line}`)].join('\n')}`
    return `\`\`\`ts\n${text}${comment}\n\`\`\`\n`
  })
  return `# A session\n\n${parts.join('\n')}`
}

/** Replaces ids and times, which are new in every run. */
const shape = String.raw`(value: unknown) =>
  inspect(value, { depth: 4, breakLength: 100 })
    .replace(/[0-9a-f]{32}/g, '<id>')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+(Z|\+00:00)/g, '<time>')`

/** `idOf('fido')` and an id as they were typed. */
const TYPED_ID = /\bidOf\(\s*['"`]([^'"`]*)['"`]|['"`]([0-9a-f]{32})['"`]/g

/** What `idOf` is at the prompt, for a file: it knows what was recorded before `learnNames` was called. */
export const idOfInFile = `const { idOf, learnNames } = (() => {
  const ids = new Map<string, string>()
  return {
    idOf(name: string): string {
      const id = ids.get(name.toLowerCase())
      if (id === undefined) throw new Error(name + ' is not here')
      return id
    },
    async learnNames(school: DogSchool): Promise<void> {
      for (const { aggregateId, payload } of await school.notificationLog.select())
        if ('name' in payload) ids.set(String(payload.name).toLowerCase(), aggregateId)
    },
  }
})()`
export const asksIds = (text: string): boolean => /\bidOf\b/.test(text)

const shaped = (text: string): string =>
  text.replace(/[0-9a-f]{32}/g, '<id>').replace(/\d{4}-\d\d-\d\dT[\d:.]+(Z|\+00:00)/g, '<time>')

/**
 * A tap test that does the same again on a new store, and compares what was shown.
 *
 * @param isName whether somebody in the store is called so
 * @param imports the statements that bring in what is preloaded at the prompt
 */
export function testOf(cells: readonly Kept[], imports: readonly string[], isName: (said: string) => boolean): string {
  const id = cells
    .flatMap(({ text }) => [...text.matchAll(TYPED_ID)])
    .find(({ 1: said = '', 2: id }) => id || !isName(said))
  if (id !== undefined)
    throw new Refusal(
      `'${id[1] ?? id[2]}' is an id, or the beginning of one, and a test makes new ones each time it runs.`,
      "Type the session again with names, such as idOf('fido'), or .export md, which shows it as it was.",
    )
  const names = cells.flatMap(({ cell }) => cell.declared.map(({ name }) => name))
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice !== undefined)
    throw new Refusal(
      `'${twice}' was declared more than once, and a file can do that only once.`,
      'Type the session again with a name for each, or .export md, which may.',
    )
  const isImport = (text: string) => /^\s*import\b(?!\s*\()/.test(text)
  const own = cells.filter(({ text }) => isImport(text)).map(({ text }) => text)
  const body = cells
    .filter(({ text }) => !isImport(text))
    .map(({ cell, text, shown }) => {
      const learnt = asksIds(text) ? 'await learnNames(school)\n' : ''
      if (shown === undefined || !cell.shows) return `${learnt}${text}`
      const kept = cell.kept.replace(
        /export const _ = \((.*)\);/s,
        (_, expression) => `t.equal(shown(${expression}), ${JSON.stringify(shaped(shown))})`,
      )
      return `${learnt}${kept}`
    })
  return [
    "import { inspect } from 'node:util'",
    "import t from 'tap'",
    ...imports.map((line) => onlyUsed(line, `DogSchool\n${body.join('\n')}`)).filter(Boolean),
    ...own,
    '',
    `const shown = ${shape}`,
    ...(body.some(asksIds) ? ['', idOfInFile] : []),
    '',
    "t.test('as at the prompt', async (t) => {",
    '  const school = new DogSchool()',
    ...body.flatMap((text) => text.split('\n').map((line) => `  ${line}`)),
    '  await school.close()',
    '})',
    '',
  ].join('\n')
}

/** An import of just the names that the text mentions; empty if it mentions none. */
export function onlyUsed(statement: string, text: string): string {
  const [, names = '', from = ''] = /^import \{ (.*) \} from (.*)$/.exec(statement) ?? []
  const used = names.split(', ').filter((name) => mentions(text, name))
  return used.length > 0 ? `import { ${used.join(', ')} } from ${from}` : ''
}

export const mentions = (text: string, name: string): boolean =>
  new RegExp(`(?<![\\w$.])${name.replaceAll('$', '\\$')}(?![\\w$])`).test(text)
