/** Opens a database: in memory, to write, or to look at. What fails leaves everything as it was. */
import { StorageError } from '../../errors'
import { DatabaseFile, openable } from './database-file'
import type { Disk } from './disk'
import { inWords } from './disk-errors'
import { Engine } from './engine'
import { Journal } from './journal'
import type { Contents } from './journal-format'
import { Lock } from './lock'
import { nodeDisk } from './node-disk'
import { replay } from './replay'
import { prepareSchema } from './schema'
import { type Files, Store } from './store'

export interface SqliteOptions {
  /** Reads the file and its journal as they are, and writes nothing. No lock is needed. */
  readonly readOnly?: boolean
  /** Opens a copy of this database in memory: what is done to it is kept nowhere. */
  readonly bytes?: Uint8Array
  /** Another disk than that of this machine: for tests. */
  readonly disk?: Disk
}

export async function openStore(name: string, { readOnly, bytes, disk = nodeDisk }: SqliteOptions): Promise<Store> {
  await Engine.load()
  if (bytes) return build(name, openable(name, bytes))
  if (name === ':memory:') return build(name)
  const spoken = inWords(disk)
  const file = new DatabaseFile(spoken, name)
  return readOnly ? toRead(spoken, file) : toWrite(spoken, file)
}

/** The journal is read before the file: a checkpoint of the writer in between leaves nothing out. */
function toRead(disk: Disk, file: DatabaseFile): Store {
  const journal = new Journal(disk, file.path)
  const contents = journal.read()
  const bytes = file.read()
  if (!bytes && !contents) throw new StorageError(`There is no database ${file.path} to read: correct the path`)
  return build(file.path, bytes, { file, journal }, contents)
}

async function toWrite(disk: Disk, file: DatabaseFile): Promise<Store> {
  file.mustBeWritable()
  const lock = await Lock.acquire(disk, file.path)
  const journal = new Journal(disk, file.path)
  try {
    file.tidy()
    const bytes = file.read()
    const contents = journal.read()
    if (contents) journal.settle()
    return build(file.path, bytes, { file, journal, lock }, contents)
  } catch (error) {
    try {
      journal.close()
    } finally {
      lock.release()
    }
    throw error
  }
}

function build(name: string, bytes?: Uint8Array, files?: Files, contents?: Contents): Store {
  const engine = Engine.open(name, bytes)
  try {
    const schema = prepareSchema(engine, name)
    if (!contents || !files) return new Store(engine, schema, files)
    const given = replay({ engine, file: name, journal: files.journal.path, id: schema.id }, contents)
    return new Store(engine, { ...schema, position: Math.max(schema.position, given) }, files)
  } catch (error) {
    engine.close()
    throw error
  }
}
