/** Opens a database: in memory, to write, or to look at. What fails leaves everything as it was. */
import { StorageError } from '../../errors'
import type { Files } from './checkpoints'
import { DatabaseFile, openable } from './database-file'
import { type Disk, inWords } from './disk'
import { Engine } from './engine'
import { Journal } from './journal'
import type { Contents } from './journal-format'
import { Lock } from './lock'
import { nodeDisk } from './node-disk'
import { Pages } from './pages'
import { replay } from './replay'
import { loadSqlJs, type Wasm } from './sql-js'
import { type Settings, Store } from './store'
import { prepareSchema } from './tables'

export interface SqliteOptions {
  /** Reads the file and its journal as they are, and writes nothing. No lock is needed. */
  readonly readOnly?: boolean
  /** Opens a copy of this database in memory: what is done to it is kept nowhere. */
  readonly bytes?: Uint8Array
  /**
   * The most that the database may grow to, in bytes: 1,500,000,000 when left out, and that at the most, because all of
   * it is held in memory. What would make it larger is refused; at two thirds of it there is a warning.
   */
  readonly maxBytes?: number
  /**
   * Hears of what goes wrong where no call could reject: a checkpoint that came by itself and failed, a
   * database that is getting large. Once for each reason. Left out, it is a warning of the process.
   */
  readonly onProblem?: (problem: Error) => void
  /** Where the file `sql-wasm.wasm` of sql.js is, or what is in it, for a bundle that has it elsewhere. Said once in a process. */
  readonly wasm?: Wasm
  /** Another disk than that of this machine: for tests. */
  readonly disk?: Disk
}

/** Neither sql.js nor Node goes far beyond it, and a process that is told in time can do something about it. */
const largest = 1_500_000_000

export async function openStore(name: string, options: SqliteOptions): Promise<Store> {
  const { readOnly, bytes, disk = nodeDisk, onProblem: tell = warn, maxBytes = largest, wasm } = options
  if (!Number.isInteger(maxBytes) || maxBytes < 1 || maxBytes > largest)
    throw new TypeError(
      `maxBytes must be a whole number up to ${largest}, and is ${maxBytes}: correct it, or leave it out`,
    )
  await loadSqlJs(nodeDisk, wasm)
  const settings = { tell, maxBytes }
  if (bytes) return build(name, settings, openable(name, Pages.of(bytes)))
  if (name === ':memory:') return build(name, settings)
  const spoken = inWords(disk)
  const file = new DatabaseFile(spoken, name)
  // Whatever can be read may be looked at.
  return readOnly ? toRead(spoken, file, { tell, maxBytes: 2 * largest }) : toWrite(spoken, file, settings)
}

/** The journal is read before the file: a checkpoint of the writer in between leaves nothing out. */
function toRead(disk: Disk, file: DatabaseFile, settings: Settings): Store {
  const journal = new Journal(disk, file.path)
  const contents = journal.read()
  const pages = file.read()
  if (!pages && !contents) throw new StorageError(`There is no database ${file.path} to read: correct the path`)
  return build(file.path, settings, pages, { file, journal }, contents)
}

async function toWrite(disk: Disk, file: DatabaseFile, settings: Settings): Promise<Store> {
  file.mustBeWritable()
  const lock = await Lock.acquire(disk, file.path)
  const journal = new Journal(disk, file.path)
  try {
    file.tidy()
    journal.tidy()
    const pages = file.read()
    const contents = journal.read()
    if (contents) journal.settle()
    return build(file.path, settings, pages, { file, journal, lock }, contents)
  } catch (error) {
    try {
      journal.close()
    } finally {
      lock.release()
    }
    throw error
  }
}

function build(name: string, settings: Settings, pages?: Pages, files?: Files, contents?: Contents): Store {
  const engine = new Engine(name, settings.maxBytes, pages)
  try {
    const schema = prepareSchema(engine, name)
    if (!contents || !files) return new Store(engine, schema, settings, files)
    const given = replay({ engine, file: name, journal: files.journal.path, id: schema.id }, contents)
    files.journal.resume(contents)
    return new Store(engine, { ...schema, position: Math.max(schema.position, given) }, settings, files)
  } catch (error) {
    engine.close()
    throw error
  }
}

function warn(problem: Error): void {
  // In a browser there is no process.
  if (typeof process === 'object') process.emitWarning(problem)
  else console.warn(`${problem.name}: ${problem.message}`)
}
