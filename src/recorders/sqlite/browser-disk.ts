/**
 * The disk of a browser: its private file system (OPFS), where a page of this site, and nobody else, has files.
 *
 * A file there can be opened by one worker at a time, so a database that is open in one tab is locked for every other.
 * The browser closes the files of a worker or tab that ends, however it ends.
 */
import { DatabaseLockedError, StorageError } from '../../errors'
import type { Disk, Handle } from './disk'
import { type OpfsFile, OpfsFiles, type OpfsFolder, type OpfsHandle } from './opfs-files'
import { soon } from './soon'

export interface BrowserDiskOptions {
  /** The name of the folder in the private file system. All databases in a folder are open in the same worker. */
  readonly folder?: string
  /**
   * How long to wait for the files, in milliseconds; 2,000 by default. A page that is loaded again finds them still
   * open for a moment.
   */
  readonly wait?: number
  /** @internal In place of the browser's, for tests. */
  readonly root?: () => Promise<OpfsFolder>
}

/** In bytes. The browser refuses the arrays that a database grows in, so what is read is copied in such slices. */
const sliceSize = 1024 * 1024

/**
 * A disk in the private file system, for a dedicated worker: `sqlite('school.db', { disk: browserDisk() })`. In a bundle
 * for browsers, it is the disk that `sqlite()` uses by itself. Nothing is opened before the first use of a database.
 */
export function browserDisk(options: BrowserDiskOptions = {}): Disk {
  const { folder = 'dog-school', wait = 2000, root = ownRoot } = options
  let opening: Promise<OpfsFiles> | undefined
  let files: OpfsFiles | undefined
  const held = new Set<string>()

  const opened = (): OpfsFiles => {
    if (files) return files
    throw Object.assign(new Error('it is closed'), { name: 'InvalidStateError' })
  }
  const slotOf = ({ fd }: Handle) => opened().at(fd)
  const found = (path: string) => {
    const slot = opened().find(path)
    if (slot) return slot
    throw Object.assign(new Error(`there is no file ${path}`), { code: 'ENOENT' })
  }

  const disk: Disk = {
    async hold(path) {
      if (held.has(path))
        throw new DatabaseLockedError(`${path} is already open in this worker: use that recorder, or close it first`)
      held.add(path)
      const release = (): void => {
        held.delete(path)
        if (held.size > 0) return
        files?.close()
        files = opening = undefined
      }
      try {
        opening ??= root().then((root) => allFiles(root, folder, path, wait))
        files = await opening
        return { mustBeHeld() {}, release }
      } catch (error) {
        release()
        throw error
      }
    },

    resolve: (path) => path,
    realPath: (path) => path,
    mayWrite: () => true,

    read(path, length = Infinity) {
      const slot = opened().find(path)
      if (!slot) return undefined
      const bytes = new Uint8Array(Math.min(opened().size(slot), length))
      return bytes.subarray(0, opened().read(slot, bytes, 0))
    },

    load(path, memory) {
      const slot = opened().find(path)
      if (!slot) return false
      const bytes = memory(opened().size(slot))
      const slice = new Uint8Array(Math.min(sliceSize, bytes.length))
      for (let done = 0; done < bytes.length; ) {
        const read = opened().read(slot, slice.subarray(0, bytes.length - done), done)
        if (read === 0) break
        bytes.set(slice.subarray(0, read), done)
        done += read
      }
      return true
    },

    stat(path) {
      const slot = opened().find(path)
      if (!slot) return undefined
      const stamp = `${slot.number} ${slot.changes}`
      return { size: opened().size(slot), mode: 0o600, uid: 0, gid: 0, links: 1, isFolder: false, stamp }
    },

    create(path, bytes) {
      if (opened().find(path)) return false
      const draft = opened().make(`${path}.draft`)
      opened().write(draft, bytes, 0)
      draft.handle.flush()
      opened().rename(draft, path)
      return true
    },

    open(path, how) {
      if (how === 'new' && opened().find(path)) throw Object.assign(new Error(`${path} exists`), { code: 'EEXIST' })
      const slot = how === 'new' ? opened().make(path) : found(path)
      slot.uses++
      // For the next file that is made; if it fails, there is still room for some.
      opened()
        .grow()
        .catch(() => {})
      return { fd: slot.number, path }
    },

    write: (handle, bytes, position) => opened().write(slotOf(handle), bytes, position),
    truncate: (handle, length) => opened().truncate(slotOf(handle), length),
    sync: (handle) => slotOf(handle).handle.flush(),

    async writeLater(handle, bytes, position) {
      await new Promise<void>((done) => soon(done))
      disk.write(handle, bytes, position)
    },

    async syncLater(handle) {
      await new Promise<void>((done) => soon(done))
      disk.sync(handle)
    },

    close(handle) {
      slotOf(handle).uses--
    },

    rename: (from, to) => opened().rename(found(from), to),
    remove: (path) => opened().remove(path),
    // A name is on the disk when the call that gave it returns.
    syncFolder() {},
  }
  return disk
}

/** Opens all files, and waits for a worker that is about to end. */
async function allFiles(root: OpfsFolder, folder: string, path: string, wait: number): Promise<OpfsFiles> {
  const end = Date.now() + wait
  const open = async (file: OpfsFile): Promise<OpfsHandle> => {
    if (!file.createSyncAccessHandle)
      throw new StorageError(
        `${path} can be opened in a dedicated worker only: move the application into one (new Worker(…)), or use sqlite(':memory:')`,
      )
    for (;;)
      try {
        return await file.createSyncAccessHandle()
      } catch (cause) {
        if ((cause as Error).name !== 'NoModificationAllowedError') throw cause
        if (Date.now() >= end)
          throw new DatabaseLockedError(`${path} is open in another tab or worker: close it there, then try again`, {
            cause,
          })
        await new Promise((again) => setTimeout(again, 20))
      }
  }
  return OpfsFiles.in(await root.getDirectoryHandle(folder, { create: true }), open)
}

async function ownRoot(): Promise<OpfsFolder> {
  const { storage } =
    (globalThis as { navigator?: { storage?: { getDirectory?(): Promise<OpfsFolder> } } }).navigator ?? {}
  if (!storage?.getDirectory)
    throw new StorageError(
      "There is no private file system here: open the page by https or on localhost, in a browser that has one; or use sqlite(':memory:')",
    )
  try {
    return await storage.getDirectory()
  } catch (cause) {
    throw new StorageError(
      `The browser keeps no files for this site (${(cause as Error).name}), as in some private windows and where cookies are blocked: allow it in the browser's settings, or open the page in an ordinary window; or use sqlite(':memory:')`,
      { cause },
    )
  }
}
