/**
 * The database file: read as a whole, replaced as a whole.
 *
 * Other programs may open it too. What they have committed beside the file, or written to it since it was read here, is
 * noticed before it could be lost. The check comes right before the file is replaced; Node cannot take SQLite's own
 * locks, so a gap of a few system calls remains between the two.
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
  /** Its state when it was last there: its owner and mode, should it be removed. */
  #like: FileState | undefined

  /** @throws StorageError if this is a folder, or its folder does not exist */
  constructor(disk: Disk, path: string) {
    this.#disk = disk
    // Follows a link, so that its target is replaced and not the link.
    this.path = disk.realPath(path)
    if (this.state?.isFolder) throw new StorageError(`${path} is a folder: name a file in it`)
  }

  /** A string that changes when the file is read or written here. */
  get seen(): string | undefined {
    return this.#seen
  }

  /** Its size in bytes when it was last read or written here; 0 if there is none. */
  get size(): number {
    return this.#size
  }

  /** Its present state; undefined if there is no file yet. */
  get state(): FileState | undefined {
    const state = this.#disk.stat(this.path)
    this.#like = state ?? this.#like
    return state
  }

  /** It was removed, or moved elsewhere, after it was read or written here. */
  get isGone(): boolean {
    return !this.state && this.#size > 0
  }

  /** @throws StorageError if it is not writable, or has hard links, which would keep the old file */
  mustBeWritable(): void {
    const { state, path } = this
    if (state && !this.#disk.mayWrite(path))
      throw new StorageError(`${path} is not writable: change its permissions, or open it with { readOnly: true }`)
    if (state && state.links > 1)
      throw new StorageError(
        `${path} has other names (hard links), which would not show what is written here: ` +
          'remove the others (symbolic links work), or open it with { readOnly: true }',
      )
  }

  /**
   * Its pages, in a form that sql.js can open; undefined if there is no file yet.
   *
   * @throws NotADatabaseError if it is not a SQLite database
   * @throws DatabaseChangedError if another program has changes that are not in the file yet, or keeps writing to it
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
      // If it was written meanwhile, it may have been read half old and half new.
      if (this.#fingerprint(this.path) !== seen) continue
      this.#seen = seen
      this.#size = pages?.bytes.length ?? 0
      return pages?.bytes.length ? openable(this.path, pages) : undefined
    }
    throw new DatabaseChangedError(
      `${this.path} is being written to by another program all the time: wait for that program or close it, then open again`,
    )
  }

  /** @throws DatabaseChangedError if another program has it open, or wrote to it since it was read or written here */
  mustBeReplaceable(): void {
    this.#mustBeSettled()
    mustNotBeOpenInWalMode(this.#disk, this.path)
    mustHaveNoTransaction(this.#disk, this.path)
    // There is nothing to overwrite where there is no file.
    if (this.isGone || this.#fingerprint(this.path) === this.#seen) return
    throw new DatabaseChangedError(
      `${this.path} was written to by another program while it was open here, so it was not overwritten. ` +
        `Nothing is lost: what the other program wrote is in the file, what was recorded here is in ${this.path}.dog-school-journal. ` +
        'Save a copy of what this process sees with backup(), then close and open again: the journal is added if it still fits',
    )
  }

  /**
   * Replaces it by another database, part by part: at any moment, the file is either the old one or the new one. If
   * `mayReplace` throws at the last moment, it is not replaced.
   *
   * @throws DatabaseChangedError if another program has it open, or wrote to it; then it is not replaced
   */
  *replaced(snapshot: Snapshot, mayReplace: () => void): Parts {
    const draft = draftOf(this.path)
    let isReplaced = false
    try {
      yield* made(this.#disk, draft, snapshot, this.state ?? this.#like)
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

  /** Removes the draft that a crash left behind. */
  tidy(): void {
    this.#disk.remove(draftOf(this.path))
  }

  #mustBeSettled(): void {
    mustHaveNoWal(this.#disk, this.path)
    mustHaveNoHotJournal(this.#disk, this.path)
  }

  /** Does not change when a file is renamed. Contains the header, where SQLite counts changes: clocks are coarse. */
  #fingerprint(path: string): string {
    return `${this.#disk.stat(path)?.stamp} ${this.#disk.read(path, headerSize)?.join()}`
  }
}

const draftOf = (path: string): string => `${path}.dog-school-new`
/** How many bytes are written in one part. Copying them blocks the process for less than a millisecond. */
const sliceSize = 1024 * 1024

/**
 * Makes a copy of a database in another file, which gets its name only when it is complete.
 *
 * @throws StorageError if the file exists already, or cannot be written
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

/** Writes a database to a new file with the owner and mode of another one. */
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
    // The error that led here is thrown; the next writer removes the draft.
  }
}
