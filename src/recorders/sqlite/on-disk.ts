/** Opens databases in files. */
import { StorageError } from '../../errors'
import { Checkpoints, type Files, type Settings } from './checkpoints'
import { copied, DatabaseFile } from './database-file'
import { type Disk, doLater, type FileState, type Hold, inWords } from './disk'
import { Journal } from './journal'
import type { Contents } from './journal-format'
import type { Pages, Snapshot } from './pages'
import { lock, ownDisk } from './platform'
import { replay } from './replay'
import { Store } from './store'

/** The journal is read before the file, so that nothing is missed if the writer makes a checkpoint in between. */
export async function openToRead(path: string, settings: Settings, disk: Disk = ownDisk): Promise<Store> {
  const spoken = inWords(disk)
  const hold = await spoken.hold?.(path)
  try {
    const file = new DatabaseFile(spoken, path)
    const journal = new Journal(spoken, file.path)
    const contents = journal.read()
    const pages = file.read()
    if (!pages && !contents)
      throw file.state ? isEmpty(file) : new StorageError(`There is no database ${file.path}: correct the path`)
    return build({ file, journal, hold, isReadOnly: true }, settings, pages, contents)
  } catch (error) {
    hold?.release()
    throw error
  }
}

/** If this fails, nothing has changed. */
export async function openToWrite(path: string, settings: Settings, disk: Disk = ownDisk): Promise<Store> {
  const spoken = inWords(disk)
  let hold: Hold | undefined = await spoken.hold?.(path)
  let journal: Journal | undefined
  try {
    const file = new DatabaseFile(spoken, path)
    file.mustBeWritable()
    hold ??= await lock(spoken, file.path)
    journal = new Journal(spoken, file.path)
    file.tidy()
    journal.tidy()
    const pages = file.read()
    const contents = journal.read()
    if (contents) journal.settle()
    else if (!pages && file.state) settings.tell(isEmpty(file))
    return build({ file, journal, hold }, settings, pages, contents)
  } catch (error) {
    try {
      journal?.close()
    } finally {
      hold?.release()
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
