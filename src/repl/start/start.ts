/** Puts a session together: the files, the store, the school, and the names that it starts with. */
import { existsSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, isAbsolute, relative, resolve } from 'node:path'
import { Topics } from 'dog-school'
import { sqlite } from 'dog-school/sqlite'
import { Evaluator } from '../cells/evaluator'
import { keyboardGuard } from '../cells/keyboard-guard'
import { Refusal } from '../session/refusal'
import { Session } from '../session/session'
import type { World } from '../session/world'
import { kitSchool, OwnSchool, type School } from './current-school'
import { imports, preloaded } from './globals'
import type { Options } from './options'
import { Shell } from './shell'

/** npm changes to the folder of the package, and INIT_CWD is where it was called. */
const folder =
  process.env.INIT_CWD && process.env.npm_lifecycle_event === 'start' ? process.env.INIT_CWD : process.cwd()
const resolved = (file: string): string => (file === ':memory:' || isAbsolute(file) ? file : resolve(folder, file))

/** @param options.school the classes of `school`; by default those of the course */
export async function startSession(
  options: Pick<Options, 'db' | 'readOnly'> & { readonly types?: boolean; readonly school?: School },
): Promise<{ readonly shell: Shell } | { readonly refused: string }> {
  // A class that is typed again replaces the earlier one.
  Topics.redefinition = true
  let found = options.school ?? kitSchool()
  const own = options.school ? undefined : new OwnSchool()
  // The course is loaded when it is opened.
  let course: World['course'] | undefined
  const world: World = {
    openStore: (file, how) => sqlite(file, how),
    schoolOn: (recorder) => new found.DogSchool(recorder),
    get course() {
      const { courseOnDisk } =
        require('../../checkpoints/course-on-disk') as typeof import('../../checkpoints/course-on-disk')
      course ??= courseOnDisk(folder)
      return course
    },
    async learnersSchool() {
      const news = await own?.news()
      if (!news) return undefined
      const name = relative(folder, news.folder)
      if (!news.school) return { says: `${name} cannot be loaded, so \`school\` stays as it was: ${news.problem}` }
      found = news.school
      return { names: preloaded(found), says: `\`school\` is yours: the DogSchool of ${name}` }
    },
    resolve: resolved,
    readText: (file) => readFile(file, 'utf8').catch((error) => refuse(file, error)),
    async writeText(file, text) {
      await mkdir(dirname(file), { recursive: true })
      await writeFile(file, text, { flag: 'wx' }).catch((error) => refuse(file, error))
    },
    async copyStore(from, file) {
      if (existsSync(file)) refuse(file, { code: 'EEXIST' } as NodeJS.ErrnoException)
      await from.backup(file)
    },
    importsFor: (file) => imports(found, file),
    async crashOf(file) {
      // There hardly ever is one, and to find that out must not delay the start.
      if (!existsSync(crashNote(file))) return undefined
      const note = await readFile(crashNote(file), 'utf8').catch(() => undefined)
      if (note !== undefined) await rm(crashNote(file), { force: true })
      return note === undefined ? undefined : Number(note)
    },
    noteCrash: (file, acknowledged) => writeFile(crashNote(file), String(acknowledged)),
    die: () => {
      process.kill(process.pid, 'SIGKILL')
      throw new Error('Unreachable: the process was just killed.')
    },
  }
  const recorder = world.openStore(resolved(options.db), options.readOnly ? { readOnly: true } : {})
  const evaluator = new Evaluator(folder, keyboardGuard(process.stdin), preloaded(found))
  evaluator.typesOn = options.types ?? true
  const session = new Session(evaluator, world, recorder)
  session.isReadOnly = options.readOnly
  try {
    await session.open()
  } catch (error) {
    const { code, message } = error as Error & { code?: string }
    const next = code === 'DATABASE_LOCKED' ? '\nTo look at it meanwhile: npm start -- --read-only' : ''
    // The library speaks to programs; here, a person has typed options.
    return { refused: `${message.replace(/, or open it with \{ readOnly: true \}/, '')}${next}` }
  }
  return { shell: new Shell(session) }
}

/** The file in which a deliberate crash leaves a note. */
const crashNote = (file: string): string => `${file}.dog-school-crash`

function refuse(file: string, error: NodeJS.ErrnoException): never {
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: 'there is no such file',
    EISDIR: 'it is a folder',
    EACCES: 'permission denied',
    EEXIST: 'the file exists already: choose another name',
  }
  throw new Refusal(`${file}: ${reasons[error.code ?? ''] ?? error.message}.`)
}
