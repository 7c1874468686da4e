/**
 * Makes a notebook run in a kernel, where nothing is preloaded: in Deno's, in a clone of this repository. The cells that are
 * added say so of themselves, and are left out when the notebook is read.
 */
import { posix } from 'node:path'
import type { IpynbCell } from '../../course/ipynb'
import { asksIds, idOfInFile, mentions, onlyUsed } from './transcript'

/** Where the names of the prompt come from. */
export interface Origins {
  /** Statements for all of them. A module of ours is named from where the notebook is, without its ending. */
  readonly imports: readonly string[]
  /** The text of a module that is named so. */
  read(module: string): Promise<string>
}

const DENO = 'the kernel of [Deno](https://docs.deno.com/runtime/reference/cli/jupyter/) (`deno jupyter --install`)'
const NEEDS_NOTHING = `To run this notebook, choose ${DENO}. It needs nothing else.`
const NEEDS_CLONE = [
  `To run this notebook, open it in a clone of Dog School in which \`npm ci && npm run build\` has run, and choose ${DENO}.`,
  'The next cell brings in what is there at the prompt, and `new Difference(before, after)`, which shows how a dog has changed.',
].join(' ')

export async function forKernel(pages: readonly IpynbCell[], { imports, read }: Origins): Promise<IpynbCell[]> {
  const code = pages.filter(({ kind }) => kind === 'code').map(({ text }) => text)
  const start = await startOf(code.join('\n'), imports, read)
  const cells = [...start.map(added), ...pages]
  return [
    { ...added(start.length > 0 ? NEEDS_CLONE : NEEDS_NOTHING), kind: 'prose' },
    ...cells.flatMap((cell, at) => {
      if (cell.kind !== 'code') return [cell]
      const before = asksIds(cell.text) && !cell.isForKernel ? [added('await learnNames(school)')] : []
      return [...before, cell, ...decoratedIn(cell.text, cells.slice(at + 1)).map(added)]
    }),
  ]
}

const added = (text: string): IpynbCell => ({ kind: 'code', text, isForKernel: true })

/** The cells that come first. */
async function startOf(code: string, imports: readonly string[], read: Origins['read']): Promise<string[]> {
  const hasSchool = mentions(code, 'school') || asksIds(code)
  const wanted = hasSchool ? `${code}\nDogSchool` : code
  const used = imports.map((statement) => onlyUsed(statement, wanted)).filter(Boolean)
  if (used.length === 0) return []
  const found = await Promise.all(used.map((statement) => modulesOf(statement, read)))
  const drawing = "import { Difference, drawInJupyter } from 'dog-school/jupyter'"
  const last = [
    'drawInJupyter()',
    ...(hasSchool ? ['const school = new DogSchool()'] : []),
    ...(asksIds(code) ? [idOfInFile] : []),
  ]
  const [statements, texts] = [
    found.flatMap(({ statement = [] }) => statement),
    found.flatMap(({ texts = [] }) => texts),
  ]
  const imported = [...statements, drawing].join('\n')
  if (texts.length === 0) return [`${imported}\n\n${last.join('\n')}`]
  return [imported, ...new Set(texts), last.join('\n')]
}

interface Found {
  readonly statement?: string
  readonly texts?: readonly string[]
}

const IMPORT = /^(import\b[^'"]*from\s*)['"](\.{1,2}\/[^'"]*?)(?:\.[jt]s)?['"]/gm

/**
 * What brings in the names of a statement. Deno asks for the endings of files, which a learner's own imports do not have, so
 * a module that imports others of theirs stands in the notebook itself.
 */
async function modulesOf(statement: string, read: Origins['read']): Promise<Found> {
  const [[, names = '', module] = []] = [...statement.matchAll(IMPORT)]
  if (module === undefined) return { statement }
  const text = await read(module)
  const inside = [...text.matchAll(IMPORT)]
  if (inside.length === 0) return { statement: `${names}'${module}.ts'` }
  const found = await Promise.all(
    inside.map(([, names = '', other = '']) => {
      const path = posix.join(posix.dirname(module), other)
      return modulesOf(`${names}'${path.startsWith('.') ? path : `./${path}`}'`, read)
    }),
  )
  let at = 0
  const own = text.replace(IMPORT, () => found[at++]?.statement ?? '').trim()
  return { texts: [...found.flatMap(({ texts = [] }) => texts), own] }
}

/**
 * Deno 2.9 hands over to later cells a class without its decorators, and keeps the decorated one under another name.
 *
 * @returns a cell for each of those that later cells mention
 */
function decoratedIn(text: string, later: readonly IpynbCell[]): string[] {
  if (!/^\s*(export\s+)?@/m.test(text)) return []
  return [...text.matchAll(/^(?:@[^\n]*\)\s*)?(?:export\s+)?(?:abstract\s+)?class\s+([\w$]+)/gm)]
    .map(([, name = '']) => name)
    .filter((name) => later.some((cell) => cell.kind === 'code' && mentions(cell.text, name)))
    .map(
      (name) => `void (typeof _${name} === 'undefined' || (${name} = _${name})) // with its decorators, in this kernel`,
    )
}
