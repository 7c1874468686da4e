/** Copies of a database in other files. */
import { dirname } from 'node:path'
import { StorageError } from '../../errors'
import type { Disk, FileState } from './disk'
import { inWords } from './disk-errors'
import { nodeDisk } from './node-disk'

/** @throws StorageError if there is such a file already, or it cannot be written */
export function saveCopy(disk: Disk = nodeDisk, path: string, bytes: Uint8Array, like?: FileState): void {
  const spoken = inWords(disk)
  if (spoken.stat(path)) throw new StorageError(`${path} exists already: give the copy another name`)
  const handle = spoken.open(path, 'new', like)
  try {
    spoken.write(handle, bytes, 0)
    spoken.sync(handle)
  } catch (error) {
    spoken.remove(path)
    throw error
  } finally {
    spoken.close(handle)
  }
  spoken.syncFolder(dirname(path))
}
