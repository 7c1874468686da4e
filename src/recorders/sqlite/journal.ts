/**
 * The journal: what was committed since the last checkpoint, in a file beside the database.
 *
 * It exists only while there is something in it. Each commit is one line, written and synced before it is acknowledged.
 * A write that fails is cut off again, so that only whole commits are ever read.
 */

import { JournalError } from '../../errors'
import { joined } from '../../values/bytes'
import type { Disk, Handle } from './disk'
import { type Commit, Contents, commitLine, type Heading, headingLine, type Line, moved } from './journal-format'

/**
 * In bytes. Syncing a file that does not grow costs a third less, so a journal in steady use gets zeros as room for
 * more: as much again as is in it, up to `largestRoom`. A small journal gets none, and so does a line longer than that.
 */
const [smallJournal, largestRoom] = [8 * 1024, 1024 * 1024]

export class Journal {
  readonly path: string
  readonly #database: string
  readonly #disk: Disk
  #handle: Handle | undefined
  /** The first line of a journal that does not exist yet. */
  #first: Line | undefined
  #seed = 0
  #length = 0
  /** The length of the file, including the room. */
  #reserved = 0
  /** There may be remains of a failed write after the last whole line. */
  #isTorn = true
  /** Its name is not synced yet: a power failure could remove it. */
  #isNameless = false
  /** The lines added since `mark`. */
  #since: { readonly line: Uint8Array; readonly end: number }[] | undefined

  constructor(disk: Disk, database: string) {
    this.#disk = disk
    this.#database = database
    // Not `-journal` or `-wal`, which belong to SQLite.
    this.path = `${database}.dog-school-journal`
  }

  /** The length of its whole lines in bytes; 0 if there is no journal. */
  get length(): number {
    return this.#length
  }

  /**
   * The contents of a journal that was left behind; undefined if it holds no commit.
   *
   * @throws JournalError if it is damaged
   */
  read(): Contents | undefined {
    return Contents.of(this.path, this.#disk.read(this.path) ?? new Uint8Array())
  }

  /** Continues after contents that have been read. */
  resume({ seed, length }: Contents): void {
    this.#seed = seed
    this.#length = length
  }

  /** The next commit will start a new journal with this heading, in place of any other. */
  begin(heading: Heading): void {
    this.#first = headingLine(heading)
  }

  /** @throws JournalError if the file no longer has its name, so that added lines would be lost */
  mustBeInPlace(): void {
    if (this.#length === 0) return
    if (this.#handle ? (this.#disk.isInPlace?.(this.#handle) ?? true) : this.#disk.stat(this.path)) return
    throw new JournalError(
      `${this.path} was removed or replaced while it was open here, so nothing more is added to it. ` +
        'Call checkpoint(), which writes everything recorded to the database file, then try again',
    )
  }

  /**
   * The line of a commit in this journal.
   *
   * @throws TooLargeError if it is longer than a string can be
   */
  lineOf(commit: Commit): Uint8Array {
    return commitLine(commit, this.#first?.checksum ?? this.#seed)
  }

  /** Adds the line of a commit. When this returns, the line is on the disk. */
  append(line: Uint8Array): void {
    if (this.#first) this.#begin(this.#first, line)
    else this.#add(line)
  }

  /** Separates the present lines, which a checkpoint will write to the database file, from those added later. */
  mark(): void {
    this.#since = []
  }

  /** Forgets the mark. */
  unmark(): void {
    this.#since = undefined
  }

  /** Removes the lines before the mark: replaces the journal by one with the later lines, or removes it. */
  cutOffAtMark(heading: Heading): void {
    if (this.#since?.length) this.#moveTo(heading, this.#since)
    else this.discard()
  }

  #moveTo(heading: Heading, lines: readonly { readonly line: Uint8Array }[]): void {
    const { bytes, checksum } = headingLine(heading)
    const all = joined([bytes, ...lines.map(({ line }) => moved(line, checksum))])
    const draft = `${this.path}-new`
    const handle = this.#make(draft)
    try {
      this.#disk.write(handle, all, 0)
      this.#disk.sync(handle)
      this.#disk.rename(draft, this.path)
    } catch (error) {
      quietly(() => this.#disk.close(handle))
      quietly(() => this.#disk.remove(draft))
      throw error
    }
    const old = this.#handle
    this.#handle = { ...handle, path: this.path }
    this.#seed = checksum
    this.#length = all.length
    this.#reserved = all.length
    this.#isTorn = false
    this.#isNameless = true
    if (old) this.#disk.close(old)
    this.#keepName()
  }

  /** Cuts off what was appended after this length. If the disk refuses, the next append tries again. */
  cutBackTo(length: number): void {
    if (!this.#handle || (this.#length === length && !this.#isTorn)) return
    this.#length = length
    this.#isTorn = true
    while (this.#since?.length && this.#since.at(-1)!.end > length) this.#since.pop()
    const handle = this.#handle
    quietly(() => this.#cut(handle))
    // A journal without a whole commit must be removed before another is started.
    if (length === 0) quietly(() => this.discard())
  }

  /** Makes an existing journal durable: its writer may have been killed before it did that. */
  settle(): void {
    this.#handle = this.#disk.open(this.path, 'existing')
    this.#disk.sync(this.#handle)
    this.#disk.syncFolder(this.path)
  }

  /** Removes the journal when everything in it is in the database file. */
  discard(): void {
    this.close()
    this.#disk.remove(this.path)
    this.#length = 0
    this.#disk.syncFolder(this.path)
  }

  /** Removes what a crash during `cutOffAtMark` left behind. */
  tidy(): void {
    this.#disk.remove(`${this.path}-new`)
  }

  /** Forgets the handle even if closing fails, because its number may soon belong to another file. */
  close(): void {
    const handle = this.#handle
    this.#handle = undefined
    this.#isTorn = true
    if (handle) this.#disk.close(handle)
  }

  /** Creates the journal with its first commit. It counts only once its name is synced. */
  #begin({ bytes, checksum }: Line, line: Uint8Array): void {
    this.close()
    this.#handle = this.#make(this.path)
    this.#reserved = 0
    this.#isTorn = false
    this.#isNameless = true
    this.#write(joined([bytes, line]))
    this.#seed = checksum
    this.#first = undefined
  }

  #make(path: string): Handle {
    this.#disk.remove(path)
    return this.#disk.open(path, 'new', this.#disk.stat(this.#database))
  }

  #add(line: Uint8Array): void {
    this.#write(line)
    this.#since?.push({ line: line.slice(), end: this.#length })
  }

  #write(bytes: Uint8Array): void {
    this.#handle ??= this.#disk.open(this.path, 'existing')
    if (this.#isTorn) this.#cut(this.#handle)
    this.#isTorn = true
    const end = this.#length + bytes.length
    const isRoomWanted = end > this.#reserved && end >= smallJournal && bytes.length < largestRoom
    const room = isRoomWanted ? Math.min(end, largestRoom) : 0
    this.#disk.write(this.#handle, room ? followedByZeros(bytes, room) : bytes, this.#length)
    this.#disk.sync(this.#handle)
    this.#keepName()
    this.#isTorn = false
    this.#length = end
    this.#reserved = Math.max(this.#reserved, end + room)
  }

  #keepName(): void {
    if (this.#isNameless) this.#disk.syncFolder(this.path)
    this.#isNameless = false
  }

  #cut(handle: Handle): void {
    this.#disk.truncate(handle, this.#length)
    this.#disk.sync(handle)
    this.#reserved = this.#length
    this.#isTorn = false
  }
}

/** Ignores errors of clean-up work: the first error is thrown, and the clean-up is tried again later. */
function quietly(work: () => void): void {
  try {
    work()
  } catch {}
}

function followedByZeros(bytes: Uint8Array, zeros: number): Uint8Array {
  const longer = new Uint8Array(bytes.length + zeros)
  longer.set(bytes)
  return longer
}
