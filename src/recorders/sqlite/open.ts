/** Opens a database: in memory, to write, or to look at. What fails leaves everything as it was. */
import { StorageError } from '../../errors'
import type { Files } from './checkpoints'
import { DatabaseFile, openable } from './database-file'
import type { Disk } from './disk'
import { inWords } from './disk-errors'
import { Engine } from './engine'
import { Journal } from './journal'
import type { Contents } from './journal-format'
import { Lock } from './lock'
import { nodeDisk } from './node-disk'
import { Pages } from './pages'
import { replay } from './replay'
import { prepareSchema } from './schema'
import { Store } from './store'

export interface SqliteOptions {
  /** Reads the file and its journal as they are, and writes nothing. No lock is needed. */
  readonly readOnly?: boolean
  /** Opens a copy of this database in memory: what is done to it is kept nowhere. */
  readonly bytes?: Uint8Array
  /**
   * Hears of what goes wrong where no call could reject: a checkpoint that came by itself and failed. Once for each
   * reason. Left out, it is a warning of the process.
   */
  readonly onProblem?: (problem: Error) => void
  /** Another disk than that of this machine: for tests. */
  readonly disk?: Disk
}

export async function openStore(name: string, options: SqliteOptions): Promise<Store> {
  const { readOnly, bytes, disk = nodeDisk, onProblem: tell = warn } = options
  await Engine.load()
  if (bytes) return build(name, tell, openable(name, Pages.of(bytes)))
  if (name === ':memory:') return build(name, tell)
  const spoken = inWords(disk)
  const file = new DatabaseFile(spoken, name)
  return readOnly ? toRead(spoken, file, tell) : toWrite(spoken, file, tell)
}

/** The journal is read before the file: a checkpoint of the writer in between leaves nothing out. */
function toRead(disk: Disk, file: DatabaseFile, tell: Tell): Store {
  const journal = new Journal(disk, file.path)
  const contents = journal.read()
  const pages = file.read()
  if (!pages && !contents) throw new StorageError(`There is no database ${file.path} to read: correct the path`)
  return build(file.path, tell, pages, { file, journal }, contents)
}

async function toWrite(disk: Disk, file: DatabaseFile, tell: Tell): Promise<Store> {
  file.mustBeWritable()
  const lock = await Lock.acquire(disk, file.path)
  const journal = new Journal(disk, file.path)
  try {
    file.tidy()
    journal.tidy()
    const pages = file.read()
    const contents = journal.read()
    if (contents) journal.settle()
    return build(file.path, tell, pages, { file, journal, lock }, contents)
  } catch (error) {
    try {
      journal.close()
    } finally {
      lock.release()
    }
    throw error
  }
}

function build(name: string, tell: Tell, pages?: Pages, files?: Files, contents?: Contents): Store {
  const engine = Engine.open(name, pages)
  try {
    const schema = prepareSchema(engine, name)
    if (!contents || !files) return new Store(engine, schema, tell, files)
    const given = replay({ engine, file: name, journal: files.journal.path, id: schema.id }, contents)
    files.journal.resume(contents)
    return new Store(engine, { ...schema, position: Math.max(schema.position, given) }, tell, files)
  } catch (error) {
    engine.close()
    throw error
  }
}

type Tell = (problem: Error) => void

function warn(problem: Error): void {
  // In a browser there is no process.
  if (typeof process === 'object') process.emitWarning(problem)
  else console.warn(`${problem.name}: ${problem.message}`)
}
