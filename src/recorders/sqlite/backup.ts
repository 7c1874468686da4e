/** Copies of a database in other files. */
import { StorageError } from '../../errors'
import type { Disk, FileState } from './disk'
import { inWords } from './disk-errors'
import { nodeDisk } from './node-disk'

/** @throws StorageError if there is such a file already, or it cannot be written */
export function saveCopy(disk: Disk = nodeDisk, path: string, bytes: Uint8Array, like?: FileState): void {
  const spoken = inWords(disk)
  if (spoken.stat(path)) throw new StorageError(`${path} exists already: give the copy another name`)
  const draft = `${path}.dog-school-new`
  spoken.remove(draft)
  try {
    const handle = spoken.open(draft, 'new', like)
    try {
      spoken.write(handle, bytes, 0)
      spoken.sync(handle)
    } finally {
      spoken.close(handle)
    }
    if (spoken.stat(path)) throw new StorageError(`${path} exists already: give the copy another name`)
    spoken.rename(draft, path)
  } catch (error) {
    spoken.remove(draft)
    throw error
  }
  spoken.syncFolder(path)
}
