/**
 * The journal: what was committed since the last checkpoint, in a file beside the database.
 *
 * It exists only while something is in it. Each commit is one line, written and synced before anybody is told
 * that it is recorded. A write that fails is cut off again, so that only whole commits are ever read.
 */
import { JournalError } from '../../errors'
import type { Disk, Handle } from './disk'
import { type Commit, type Contents, commitLine, type Heading, headingLine, type Line, parse } from './journal-format'

/**
 * A file that does not grow is a third cheaper to sync, so a journal in steady use gets zeros as room for more:
 * as much again as is in it, up to this. A small one has none.
 */
const [smallJournal, largestRoom] = [8 * 1024, 64 * 1024]

export class Journal {
  readonly path: string
  readonly #database: string
  readonly #disk: Disk
  #handle: Handle | undefined
  /** The first line of a journal that is not begun yet. */
  #first: Line | undefined
  #seed = 0
  #length = 0
  /** How long the file is, with the room. */
  #reserved = 0
  /** Something may stand behind the last whole line. */
  #isTorn = true

  constructor(disk: Disk, database: string) {
    this.#disk = disk
    this.#database = database
    // Not `-journal` or `-wal`: SQLite has its own idea of what is in those.
    this.path = `${database}.dog-school-journal`
  }

  /** How many bytes of whole lines it has; 0 when there is none. */
  get length(): number {
    return this.#length
  }

  /**
   * What a journal that was left behind holds; nothing if it holds no commit.
   *
   * @throws JournalError if it is damaged
   */
  read(): Contents | undefined {
    const contents = parse(this.path, this.#disk.read(this.path) ?? new Uint8Array())
    if (!contents?.commits.length) return undefined
    this.#seed = contents.seed
    this.#length = contents.length
    return contents
  }

  /** The next commit begins a journal that says where it belongs; what another one of this name held is gone. */
  begin(heading: Heading): void {
    this.#first = headingLine(heading)
  }

  /** @throws JournalError if what is in it cannot be found by its name: what is added would be lost */
  mustBeInPlace(): void {
    if (this.#length === 0) return
    if (this.#handle ? (this.#disk.isInPlace?.(this.#handle) ?? true) : this.#disk.stat(this.path)) return
    throw new JournalError(
      `${this.path} was removed or replaced while it was open here, so nothing more is added to it. ` +
        'Call checkpoint(), which puts all that was recorded into the database file, then try again',
    )
  }

  /** Adds a commit; when this returns, it is on the disk. */
  append(commit: Commit): void {
    if (this.#first) this.#begin(this.#first, commit)
    else this.#write(commitLine(commit, this.#seed))
  }

  /** Takes back what was appended after this length. If the disk refuses, the next append tries again. */
  cutBackTo(length: number): void {
    if (!this.#handle || (this.#length === length && !this.#isTorn)) return
    this.#length = length
    this.#isTorn = true
    try {
      this.#cut(this.#handle)
    } catch {
      // The commit that failed says so already; nothing is appended until this has been done.
    }
    if (length === 0) this.#forget()
  }

  /** Makes durable what was found: whoever wrote it may have been killed before it was. */
  settle(): void {
    this.#handle = this.#disk.open(this.path, 'existing')
    this.#disk.sync(this.#handle)
    this.#disk.syncFolder(this.path)
  }

  /** Everything in it is in the database file. It must not come back: it may not follow on from the next one. */
  discard(): void {
    this.close()
    this.#disk.remove(this.path)
    this.#length = 0
    this.#disk.syncFolder(this.path)
  }

  /** A file that cannot be closed is let go of all the same: its number may be that of another one soon. */
  close(): void {
    const handle = this.#handle
    this.#handle = undefined
    this.#isTorn = true
    if (handle) this.#disk.close(handle)
  }

  /** With its first commit, and whole: as long as it has no place in its folder, nothing in it counts. */
  #begin({ bytes, checksum }: Line, commit: Commit): void {
    this.close()
    this.#disk.remove(this.path)
    this.#handle = this.#disk.open(this.path, 'new', this.#disk.stat(this.#database))
    this.#reserved = 0
    this.#isTorn = false
    this.#write(Buffer.concat([bytes, commitLine(commit, checksum)]))
    this.#disk.syncFolder(this.path)
    this.#seed = checksum
    this.#first = undefined
  }

  /** A journal that was not begun whole is none: the next commit begins another. */
  #forget(): void {
    try {
      this.discard()
    } catch {
      // It is removed before another is begun.
    }
  }

  #write(bytes: Uint8Array): void {
    this.#handle ??= this.#disk.open(this.path, 'existing')
    if (this.#isTorn) this.#cut(this.#handle)
    this.#isTorn = true
    const end = this.#length + bytes.length
    const room = end <= this.#reserved || end < smallJournal ? 0 : Math.min(end, largestRoom)
    this.#disk.write(this.#handle, room ? followedByZeros(bytes, room) : bytes, this.#length)
    this.#disk.sync(this.#handle)
    this.#isTorn = false
    this.#length = end
    this.#reserved = Math.max(this.#reserved, end + room)
  }

  #cut(handle: Handle): void {
    this.#disk.truncate(handle, this.#length)
    this.#disk.sync(handle)
    this.#reserved = this.#length
    this.#isTorn = false
  }
}

function followedByZeros(bytes: Uint8Array, zeros: number): Uint8Array {
  const longer = new Uint8Array(bytes.length + zeros)
  longer.set(bytes)
  return longer
}
