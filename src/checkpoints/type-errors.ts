/**
 * What TypeScript says of the learner's files. The native compiler does it in a third of a second, beside the run: with
 * one thread, and without collecting garbage in such a short time, it takes no more than that. Where there is none for this
 * machine, TypeScript 6 does it in a second.
 */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, isAbsolute, join, parse, relative, resolve, sep } from 'node:path'
import { isOpen, looseBrace } from '../course/braces'
import { slipOfPython } from '../course/python'
import type { Trouble } from '../course/verdict'
import { cache, kit } from '../node/paths'
import { type Lesson, learnersRules, lessons } from './folders'
import { callAt, indentAt, lineAt } from './judging/load-answer'
import { realFolder, sourceAt, sourcesIn } from './sources'
import { unusedParameter } from './unused-parameter'

/** Lesson 1 asks for a test and no dog: the dog that is there for it is that of the next lesson. */
export function neighbours({ number, folder }: Lesson): readonly string[] {
  const next = lessons().find((lesson) => lesson.number === number + 1)
  const needsDog =
    !existsSync(join(folder, 'solution', 'dog.ts')) && !existsSync(join(folder, 'solution', 'dog-school.ts'))
  return needsDog && next ? [join(next.folder, 'solution')] : []
}

/**
 * The errors in these folders, by folder, in the order of files and lines.
 *
 * @param also folders whose files are found as if they stood beside the learner's: lesson 1 has a test and no dog
 */
export async function typeErrors(
  folders: readonly string[],
  also: readonly string[] = [],
): Promise<ReadonlyMap<string, readonly Trouble[]>> {
  const real = folders.map(realFolder)
  const found = new Map<string, Trouble[]>(folders.map((folder) => [folder, []]))
  const complaints = await compile(real, also)
  const folderOf = (path: string) => real.findIndex((folder) => path.startsWith(folder + sep))
  // A file that cannot be read keeps the compiler from looking at the meaning of any: it looks again at the others.
  const unreadable = new Set(complaints.filter(isGrammar).map(({ path }) => folderOf(path)))
  const others = real.filter((_, at) => !unreadable.has(at))
  if (unreadable.size > 0 && others.length > 0) complaints.push(...(await compile(others, also)))
  for (const complaint of complaints) {
    const { path, code } = complaint
    const { place, message, hint } = cause(complaint)
    const at = folderOf(path)
    const folder = folders[at]
    if (folder === undefined) continue
    const file = relative(real[at] as string, path)
    const isUnread = isGrammar(complaint)
    const mark = isUnread && { mark: place.column - 1 - indentAt(path, place.line) }
    found.get(folder)?.push({
      obstacle: 'types',
      message,
      place: { file, ...place, code: (isUnread ? lineAt : callAt)(path, place.line), ...mark },
      hint: hint ?? `ts${code}`,
    })
  }
  return found
}

interface Complaint {
  readonly path: string
  readonly place: { readonly line: number; readonly column: number }
  readonly code: string
  readonly message: string
}

/** It keeps TypeScript from reading the file. */
const isGrammar = ({ code }: Complaint): boolean => /^1...$/.test(code)

/** Where a brace is missing, the compiler's complaint may come lines after it, and in riddles. */
function cause(complaint: Complaint): Omit<Complaint, 'path' | 'code'> & { readonly hint?: string } {
  const { path, place, message: said } = complaint
  const brace = isGrammar(complaint) && looseBrace(sourceAt(path))
  // In a line of code that is quoted itself, the quotes of the name stay.
  const named = (name: string) => (_: string, open: string, file: string, close: string) => {
    const its = name || `./${file}`
    return open.length < close.length ? `${open}${its}${close}` : `'${its}'`
  }
  const plain = said
    .replace(LIBRARY, named('dog-school'))
    .replace(RECORDER, named('dog-school/sqlite'))
    .replace(FOREIGN, named(''))
  if (brace) {
    const { sign, line, column } = brace
    const message = `This ${sign} ${isOpen(sign) ? 'is never closed' : 'closes nothing'}.`
    // Whatever number the missing brace has led to, it is not what the number is about.
    return { place: { line, column }, message, hint: 'ts1005' }
  }
  // A variable, which no class is: what the compiler takes for nearly the same may be a class of Node's.
  const [, name] = /^Cannot find name '([a-z]\w*)'/.exec(plain) ?? []
  const isForeign = slipOfPython({ message: plain, place: { code: lineAt(path, place.line) } })
  const unused = name && !isForeign && unusedParameter(path, place)
  if (!unused) return { place, message: plain }
  return { place, message: `Cannot find name '${name}'; '${unused}' is never used.`, hint: 'other-parameter' }
}

const LIBRARY = /(['"]+)([^'"]*\/src\/index)(['"]+)/g
const RECORDER = /(['"]+)([^'"]*\/src\/recorders\/sqlite)(['"]+)/g
/** A file that is named with its whole path: where it is found is no business of the learner's. */
const FOREIGN = /(['"]+)(?:[A-Za-z]:)?\/[^'"]*?([\w.-]+)(['"]+)/g

function compile(
  folders: readonly string[],
  also: readonly string[],
  files = folders.flatMap((folder) => sourcesIn(folder).map((name) => join(folder, name))),
): Promise<Complaint[]> {
  if (files.length === 0) return Promise.resolve([])
  const project = projectFor(folders, files, also)
  const { command, args } = compiler()
  return new Promise((done, fail) => {
    const env = { ...process.env, GOGC: 'off' }
    execFile(command, [...args, '-p', project, '--pretty', 'false'], { cwd: kit, env }, (error, out, err) => {
      const complaints = [...out.matchAll(/^(.+?)\((\d+),(\d+)\): error TS(\d+): (.*)$/gm)].map(
        ([, path = '', line, column, code = '', message = '']) => ({
          path: isAbsolute(path) ? path : join(kit, path),
          place: { line: Number(line), column: Number(column) },
          code,
          message,
        }),
      )
      const gone = new Set(
        [...out.matchAll(/^error TS6053: File '(.+)' not found/gm)].map(([, path = '']) => resolve(path)),
      )
      const left = files.filter((file) => !gone.has(file))
      if (left.length < files.length) done(compile(folders, also, left))
      else if (error && complaints.length === 0) fail(new Error(`The compiler failed: ${out}${err}`))
      else done(complaints)
    })
  })
}

/** The kit's own tsconfig, on these files alone: what it includes itself is no business of the learner's. */
function projectFor(folders: readonly string[], files: readonly string[], also: readonly string[]): string {
  const name = createHash('sha1').update(folders.join('\n')).digest('hex').slice(0, 12)
  // Many folders are a proof, which happens once: it goes with them.
  const project =
    folders.length === 1 ? join(cache, `check-${name}.json`) : join(dirname(folders[0] as string), 'check.json')
  const compilerOptions = {
    rootDir: parse(kit).root,
    ...learnersRules,
    ...(also.length > 0 && { rootDirs: [...folders, ...also] }),
  }
  mkdirSync(cache, { recursive: true })
  writeFileSync(project, JSON.stringify({ extends: join(kit, 'tsconfig.json'), compilerOptions, files, include: [] }))
  return project
}

/** What starts a compiler. The native one is started as it is: Node before it would take as long again. */
function compiler(): { readonly command: string; readonly args: readonly string[] } {
  const native = `@typescript/typescript-${process.platform}-${process.arch}/package.json`
  try {
    const paths = [dirname(require.resolve('typescript-7/package.json'))]
    const name = process.platform === 'win32' ? 'tsc.exe' : 'tsc'
    return { command: join(dirname(require.resolve(native, { paths })), 'lib', name), args: ['--singleThreaded'] }
  } catch {
    const args = [join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc')]
    return { command: process.execPath, args }
  }
}
