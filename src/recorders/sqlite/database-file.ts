/**
 * The database file: read whole, replaced whole.
 *
 * Other programs may open it too. What they have committed beside the file, or written to it since it was
 * read here, is noticed before anything of it could be lost. It is looked for right before the file is replaced;
 * SQLite's own locks cannot be had from Node, so a gap of the few system calls between these two remains.
 */
import { DatabaseChangedError, StorageError } from '../../errors'
import type { Disk, FileState, Parts } from './disk'
import { mustHaveNoHotJournal, mustHaveNoTransaction, mustHaveNoWal, mustNotBeOpenInWalMode } from './other-programs'
import { openable, Pages, type Snapshot } from './pages'

const headerSize = 100

export class DatabaseFile {
  readonly path: string
  readonly #disk: Disk
  /** The file as it was when it was last read or written here. */
  #seen: string | undefined
  #size = 0

  /** @throws StorageError if this is a folder, or in none */
  constructor(disk: Disk, path: string) {
    this.#disk = disk
    // A link is followed, so that its target is replaced and not the link.
    this.path = disk.realPath(path)
    if (this.state?.isFolder) throw new StorageError(`${path} is a folder: name a file in it`)
  }

  /** Another text whenever the file was read or written here. */
  get seen(): string | undefined {
    return this.#seen
  }

  /** In bytes, when it was last read or written; 0 when there is none. */
  get size(): number {
    return this.#size
  }

  /** What it is like now; nothing where there is no file yet. */
  get state(): FileState | undefined {
    return this.#disk.stat(this.path)
  }

  /** @throws StorageError if it may only be read, or has other names that would not follow when it is replaced */
  mustBeWritable(): void {
    const { state, path } = this
    if (state && !this.#disk.mayWrite(path))
      throw new StorageError(
        `${path} is not writable: change its permissions, or open it with { readOnly: true } to look at it`,
      )
    if (state && state.links > 1)
      throw new StorageError(
        `${path} has other names too (hard links), and what is written here would not be found by them: ` +
          'remove the others (a symbolic link is followed), or open it with { readOnly: true } to look at it',
      )
  }

  /**
   * Its bytes, as sql.js can open them; nothing where there is no file yet.
   *
   * @throws NotADatabaseError if it is something else
   * @throws DatabaseChangedError if another program has committed changes that are beside it, or writes to it all the time
   */
  read(): Pages | undefined {
    for (let tries = 0; tries < 3; tries++) {
      this.#mustBeSettled()
      const seen = this.#fingerprint(this.path)
      let pages: Pages | undefined
      this.#disk.load(this.path, (size) => {
        pages = new Pages(size)
        return pages.bytes
      })
      this.#mustBeSettled()
      // What was written while it was read may be in it by half.
      if (this.#fingerprint(this.path) !== seen) continue
      this.#seen = seen
      this.#size = pages?.bytes.length ?? 0
      return pages?.bytes.length ? openable(this.path, pages) : undefined
    }
    throw new DatabaseChangedError(
      `${this.path} is being written to by another program, each time that it is read: wait for that program, or close it, then open again`,
    )
  }

  /** @throws DatabaseChangedError if another program has it open, or has written to it since it was read or written here */
  mustBeReplaceable(): void {
    this.#mustBeSettled()
    mustNotBeOpenInWalMode(this.#disk, this.path)
    mustHaveNoTransaction(this.#disk, this.path)
    if (this.#fingerprint(this.path) === this.#seen) return
    throw new DatabaseChangedError(
      `${this.path} was written to by another program while it was open here, so it was not overwritten. ` +
        `Nothing is lost: what the other program wrote is in the file, what was recorded here is in ${this.path}.dog-school-journal. ` +
        'Save a copy of what this process sees with backup(), then close and open again: what was recorded here is added where it still fits',
    )
  }

  /**
   * Puts another database in its place, part by part: whatever happens meanwhile, the file is the old one or the
   * new one. What `mayReplace` throws at the last moment stops it.
   *
   * @throws DatabaseChangedError if another program has it open, or has written to it; it is as it was then
   */
  *replaced(snapshot: Snapshot, mayReplace: () => void): Parts {
    const draft = draftOf(this.path)
    let isReplaced = false
    try {
      yield* made(this.#disk, draft, snapshot, this.state)
      const seen = this.#fingerprint(draft)
      mayReplace()
      this.mustBeReplaceable()
      this.#disk.rename(draft, this.path)
      isReplaced = true
      this.#seen = seen
      this.#size = snapshot.size
    } finally {
      if (!isReplaced) discard(this.#disk, draft)
    }
    this.#disk.syncFolder(this.path)
  }

  /** Removes what a crash in the midst of `write` has left. */
  tidy(): void {
    this.#disk.remove(draftOf(this.path))
  }

  #mustBeSettled(): void {
    mustHaveNoWal(this.#disk, this.path)
    mustHaveNoHotJournal(this.#disk, this.path)
  }

  /** Of a file that gets another name it stays the same. The header is in it because SQLite counts its changes there, and clocks are coarse. */
  #fingerprint(path: string): string {
    return `${this.#disk.stat(path)?.stamp} ${this.#disk.read(path, headerSize)?.join()}`
  }
}

const draftOf = (path: string): string => `${path}.dog-school-new`
/** So much is written in one go. To copy it takes less than a millisecond, and nothing else is done meanwhile. */
const sliceSize = 1024 * 1024

/**
 * Makes a copy of a database in another file, which has its name only when it is whole.
 *
 * @throws StorageError if there is such a file already, or it cannot be written
 */
export function* copied(disk: Disk, path: string, snapshot: Snapshot, like?: FileState): Parts {
  const mustBeFree = (): void => {
    if (disk.stat(path)) throw new StorageError(`${path} exists already: give the copy another name`)
  }
  mustBeFree()
  const draft = draftOf(path)
  let isThere = false
  try {
    yield* made(disk, draft, snapshot, like)
    mustBeFree()
    disk.rename(draft, path)
    isThere = true
  } finally {
    if (!isThere) discard(disk, draft)
  }
  disk.syncFolder(path)
}

/** A new file with the owner and mode of another one, and this database on the disk. */
function* made(disk: Disk, path: string, snapshot: Snapshot, like?: FileState): Parts {
  disk.remove(path)
  const handle = disk.open(path, 'new', like)
  try {
    const slice = new Uint8Array(Math.min(sliceSize, snapshot.size))
    for (let position = 0; position < snapshot.size; position += slice.length) {
      const bytes = slice.subarray(0, snapshot.size - position)
      snapshot.copy(bytes, position)
      yield {
        now: () => disk.write(handle, bytes, position),
        later: () => disk.writeLater(handle, bytes, position),
      }
    }
    yield { now: () => disk.sync(handle), later: () => disk.syncLater(handle) }
  } finally {
    disk.close(handle)
  }
}

function discard(disk: Disk, path: string): void {
  try {
    disk.remove(path)
  } catch {
    // What led here is thrown; the next writer removes the leftover.
  }
}
