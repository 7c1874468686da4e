/**
 * What TypeScript says of the learner's files. The native compiler does it in a third of a second, beside the run: with
 * one thread, and without collecting garbage in such a short time, it takes no more than that. Where there is none for this
 * machine, TypeScript 6 does it in a second.
 */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, isAbsolute, join, parse, relative, resolve, sep } from 'node:path'
import type * as TS from 'typescript'
import type { Trouble } from '../course/verdict'
import { cache, kit } from '../node/paths'
import { type Complaint, isGrammar, troubleIn } from './complaints'
import { filesIn, type Lesson, learnersRules, lessons } from './folders'
import { needsDog } from './needs-dog'
import { realFolder, sourceAt, sourcesIn } from './sources'

/** The folders whose files stand beside an answer to this lesson, if it needs a dog and has none. */
export function neighbours({ number, folder }: Lesson): readonly string[] {
  const next = lessons().find((lesson) => lesson.number === number + 1)
  return next && needsDog(filesIn(join(folder, 'solution')).keys()) ? [join(next.folder, 'solution')] : []
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
  const folderOf = (path: string) => real.findIndex((folder) => path.startsWith(folder + sep))
  const first = await compile(real, also)
  // A file that cannot be read keeps the compiler from looking at the meaning of any: it looks again at the others.
  const unreadable = new Set(first.filter(isGrammar).map(({ path }) => folderOf(path)))
  const others = real.filter((_, at) => !unreadable.has(at))
  const complaints =
    unreadable.size > 0 && others.length > 0
      ? [...first.filter(({ path }) => unreadable.has(folderOf(path))), ...(await compile(others, also))]
      : first
  const found = new Map<string, Trouble[]>(folders.map((folder) => [folder, []]))
  for (const { path, ...complaint } of complaints) {
    const at = folderOf(path)
    const file = relative(real[at] ?? '', path)
    found.get(folders[at] ?? '')?.push(troubleIn(file, sourceAt(path), complaint, typescript))
  }
  return found
}

/** It takes a while to load, and is seldom needed. */
const typescript = (): typeof TS => require('typescript')

interface Found extends Complaint {
  readonly path: string
}

function compile(
  folders: readonly string[],
  also: readonly string[],
  files = folders.flatMap((folder) => sourcesIn(folder).map((name) => join(folder, name))),
): Promise<Found[]> {
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
export function compiler(): { readonly command: string; readonly args: readonly string[] } {
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
