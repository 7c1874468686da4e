/**
 * The database file: read whole, replaced whole.
 *
 * Other programs may open it too. What they have committed beside the file, or written to it since it was
 * read here, is noticed before anything of it could be lost. It is looked for right before the file is replaced;
 * SQLite's own locks cannot be had from Node, so a gap of the few system calls between these two remains.
 */
import { DatabaseChangedError, NotADatabaseError, StorageError } from '../../errors'
import type { Disk, FileState } from './disk'
import { mustHaveNoHotJournal, mustHaveNoTransaction, mustHaveNoWal, mustNotBeOpenInWalMode } from './other-programs'

const magic = 'SQLite format 3\0'
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
  read(): Uint8Array | undefined {
    for (let tries = 0; tries < 3; tries++) {
      this.#mustBeSettled()
      const seen = this.#fingerprint(this.path)
      const bytes = this.#disk.read(this.path)
      this.#mustBeSettled()
      // What was written while it was read may be in it by half.
      if (this.#fingerprint(this.path) !== seen) continue
      this.#seen = seen
      this.#size = bytes?.length ?? 0
      return bytes?.length ? openable(this.path, bytes) : undefined
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
   * Puts these bytes in its place: whatever happens meanwhile, the file is the old one or the new one. What
   * `mayReplace` throws at the last moment stops it.
   *
   * @throws DatabaseChangedError if another program has it open, or has written to it; it is as it was then
   */
  write(bytes: Uint8Array, mayReplace: () => void): void {
    const draft = temporary(this.path)
    try {
      this.#make(draft, bytes)
      const seen = this.#fingerprint(draft)
      mayReplace()
      this.mustBeReplaceable()
      this.#disk.rename(draft, this.path)
      this.#seen = seen
      this.#size = bytes.length
    } catch (error) {
      this.#discard(draft)
      throw error
    }
    this.#disk.syncFolder(this.path)
  }

  /** Removes what a crash in the midst of `write` has left. */
  tidy(): void {
    this.#disk.remove(temporary(this.path))
  }

  #mustBeSettled(): void {
    mustHaveNoWal(this.#disk, this.path)
    mustHaveNoHotJournal(this.#disk, this.path)
  }

  /** A new file with the owner and mode of the old one, and these bytes on the disk. */
  #make(path: string, bytes: Uint8Array): void {
    this.#disk.remove(path)
    const handle = this.#disk.open(path, 'new', this.state)
    try {
      this.#disk.write(handle, bytes, 0)
      this.#disk.sync(handle)
    } finally {
      this.#disk.close(handle)
    }
  }

  #discard(path: string): void {
    try {
      this.#disk.remove(path)
    } catch {
      // What led here is thrown; the next writer removes the leftover.
    }
  }

  /** Of a file that gets another name it stays the same. The header is in it because SQLite counts its changes there, and clocks are coarse. */
  #fingerprint(path: string): string {
    const header = Buffer.from(this.#disk.read(path, headerSize) ?? [])
    return `${this.#disk.stat(path)?.stamp} ${header.toString('latin1')}`
  }
}

const temporary = (path: string): string => `${path}.dog-school-new`

/** A copy of a database that sql.js can open, after a first look at what it is. */
export function openable(path: string, bytes: Uint8Array): Uint8Array {
  const header = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(headerSize, bytes.length))
  if (header.length < headerSize || header.toString('latin1', 0, 16) !== magic)
    throw new NotADatabaseError(`${path} is not a SQLite database (or it is encrypted): name another file`)
  const pageSize = header.readUInt16BE(16) === 1 ? 65536 : header.readUInt16BE(16)
  const isCountValid = header.readUInt32BE(24) === header.readUInt32BE(92)
  if (isCountValid && bytes.length < pageSize * header.readUInt32BE(28))
    throw new NotADatabaseError(`${path} is a SQLite database that was cut short: restore it from a backup`)
  // Bytes 18 and 19 say that there is a write-ahead log, which sql.js cannot have. There is none with anything in it.
  const copy = new Uint8Array(bytes)
  copy.fill(1, 18, 20)
  return copy
}
