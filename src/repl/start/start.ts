/** Puts a session together: the files, the store, the school, and the names that it starts with. */
import { existsSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, isAbsolute, relative, resolve } from 'node:path'
import { sqlite } from 'dog-school/sqlite'
import { calledFrom } from '../../node/called-from'
import { Evaluator } from '../cells/evaluator'
import { keyboardGuard } from '../cells/keyboard-guard'
import { nodeEngine } from '../cells/node-engine'
import { Refusal } from '../session/refusal'
import { Session } from '../session/session'
import { isAddress, isOnServer, type Store } from '../session/store'
import type { World } from '../session/world'
import { kitSchool, OwnSchool, type School } from './current-school'
import { imports, preloaded } from './globals'
import type { Options } from './options'
import { Shell } from './shell'

const folder = calledFrom('start')
const resolved = (file: string): string =>
  file === ':memory:' || isAddress(file) || isAbsolute(file) ? file : resolve(folder, file)

function openStore(name: string, tables: Options['tables'], how: { readonly readOnly?: boolean } = {}): Store {
  const [, scheme] = /^([a-z][\w+.-]+):\/\//i.exec(name) ?? []
  if (scheme === undefined && !isAddress(name)) return sqlite(resolved(name), how)
  // What follows the scheme may have a password in it.
  if (!isAddress(name))
    throw new Refusal(
      `There is no store at ${scheme}://…`,
      'Name a file, :memory:, or postgres://user@host:5432/database',
    )
  const { openServer } = require('./server') as typeof import('./server')
  return openServer(name, { ...tables, ...how })
}

/** @param options.school the classes of `school`; by default those of the course */
export async function startSession(
  options: Pick<Options, 'db' | 'readOnly'> & Partial<Pick<Options, 'tables' | 'types'>> & { readonly school?: School },
): Promise<{ readonly shell: Shell } | { readonly refused: string }> {
  let found = options.school ?? kitSchool()
  const own = options.school ? undefined : new OwnSchool()
  // The course is loaded when it is opened.
  let course: World['course'] | undefined
  const { tables = {} } = options
  const world: World = {
    openStore: (name, how) => openStore(name, tables, how),
    inMemory: (bytes) => sqlite(':memory:', bytes ? { bytes } : {}),
    inScratch(store, work) {
      const { inScratch } = require('./server') as typeof import('./server')
      return inScratch(store, found, work)
    },
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
      if (!isOnServer(from)) return from.backup(file)
      const { saveToFile } = require('./server') as typeof import('./server')
      await saveToFile(from, file)
    },
    importsFor: (file) => imports(found, file),
    async crashOf(store) {
      const note = crashNote(store)
      // There hardly ever is one, and to find that out must not delay the start.
      if (!existsSync(note)) return undefined
      const noted = await readFile(note, 'utf8').catch(() => undefined)
      if (noted !== undefined) await rm(note, { force: true })
      return noted === undefined ? undefined : Number(noted)
    },
    noteCrash: (store, acknowledged) => writeFile(crashNote(store), String(acknowledged)),
    die: () => {
      process.kill(process.pid, 'SIGKILL')
      throw new Error('Unreachable: the process was just killed.')
    },
  }
  try {
    if (!isAddress(options.db) && Object.keys(tables).length > 0)
      throw new Refusal(
        `${options.db} has no schema and no prefix: only tables on a server have.`,
        'Leave --schema and --prefix out, or name a server: --db postgres://…',
      )
    const recorder = world.openStore(options.db, options.readOnly ? { readOnly: true } : {})
    const evaluator = new Evaluator(nodeEngine(folder, keyboardGuard(process.stdin)), preloaded(found))
    evaluator.typesOn = options.types ?? true
    const session = new Session(evaluator, world, recorder)
    session.isReadOnly = options.readOnly
    await session.open()
    return { shell: new Shell(session) }
  } catch (error) {
    const { code, message, next } = error as Error & { code?: string; next?: string }
    const advice = next ?? (options.readOnly ? undoing : looking)[code ?? '']
    // The library speaks to programs; here, a person has typed options.
    const says = message.replace(/, or open it with \{ readOnly: true \}/, '')
    return { refused: advice === undefined ? says : `${says}\n${advice}` }
  }
}

/** What helps where a store cannot be opened, for writing and for reading. */
const looking: Readonly<Record<string, string>> = {
  DATABASE_LOCKED: 'To look at it meanwhile: npm start -- --read-only',
}
const undoing: Readonly<Record<string, string>> = {
  READ_ONLY: 'To make them, start once without --read-only.',
}

/** The file in which a deliberate crash leaves a note: beside the database, or, of a server, in this folder. */
const crashNote = (store: string): string =>
  `${isAddress(store) ? resolve(folder, store.replace(/\W+/g, '-')) : store}.dog-school-crash`

function refuse(file: string, error: NodeJS.ErrnoException): never {
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: 'there is no such file',
    EISDIR: 'it is a folder',
    EACCES: 'permission denied',
    EEXIST: 'the file exists already: choose another name',
  }
  throw new Refusal(`${file}: ${reasons[error.code ?? ''] ?? error.message}.`)
}
