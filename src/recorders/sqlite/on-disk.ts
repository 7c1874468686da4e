/**
 * Opens databases in files. Everything in a recorder that needs Node is imported here: a bundle for browsers replaces
 * this file, and has databases in memory.
 */
import { StorageError } from '../../errors'
import { Checkpoints, type Files, type Settings } from './checkpoints'
import { copied, DatabaseFile } from './database-file'
import { type Disk, doLater, type FileState, inWords } from './disk'
import { Journal } from './journal'
import type { Contents } from './journal-format'
import { Lock } from './lock'
import { nodeDisk } from './node-disk'
import type { Pages, Snapshot } from './pages'
import { replay } from './replay'
import { Store } from './store'

export { nodeDisk }

/** The journal is read before the file, so that nothing is missed if the writer makes a checkpoint in between. */
export function openToRead(path: string, settings: Settings, disk: Disk = nodeDisk): Store {
  const spoken = inWords(disk)
  const file = new DatabaseFile(spoken, path)
  const journal = new Journal(spoken, file.path)
  const contents = journal.read()
  const pages = file.read()
  if (!pages && !contents)
    throw file.state ? isEmpty(file) : new StorageError(`There is no database ${file.path}: correct the path`)
  return build({ file, journal }, settings, pages, contents)
}

/** If this fails, nothing has changed. */
export async function openToWrite(path: string, settings: Settings, disk: Disk = nodeDisk): Promise<Store> {
  const spoken = inWords(disk)
  const file = new DatabaseFile(spoken, path)
  file.mustBeWritable()
  const lock = await Lock.acquire(spoken, file.path)
  const journal = new Journal(spoken, file.path)
  try {
    file.tidy()
    journal.tidy()
    const pages = file.read()
    const contents = journal.read()
    if (contents) journal.settle()
    else if (!pages && file.state) settings.tell(isEmpty(file))
    return build({ file, journal, lock }, settings, pages, contents)
  } catch (error) {
    try {
      journal.close()
    } finally {
      lock.release()
    }
    throw error
  }
}

/** SQLite makes such files for new databases; but so do copies that fail. */
const isEmpty = ({ path }: DatabaseFile): StorageError =>
  new StorageError(`${path} is empty (0 bytes), so there are no events in it: if there should be, restore a backup`)

/**
 * Makes a copy in another file, which gets its name only when it is complete.
 *
 * @throws StorageError if the file exists already, or cannot be written
 */
export async function backUp(disk: Disk, path: string, snapshot: Snapshot, like?: FileState): Promise<void> {
  await doLater(copied(inWords(disk), path, snapshot, like))
}

function build(files: Files, settings: Settings, pages?: Pages, contents?: Contents): Store {
  const { file, journal } = files
  return Store.open(file.path, settings, pages, (engine, schema) => {
    const given = contents ? replay({ engine, file: file.path, journal: journal.path, id: schema.id }, contents) : 0
    if (contents) journal.resume(contents)
    const isNew = schema.isNew || contents?.isOld === true
    return new Checkpoints(engine, files, { ...schema, isNew, position: Math.max(schema.position, given) }, settings)
  })
}
