/**
 * The journal: what was committed since the last checkpoint, in a file beside the database.
 *
 * It exists only while something is in it. Each commit is one line, written and synced before anybody is told
 * that it is recorded. A write that fails is cut off again, so that only whole commits are ever read.
 */
import { JournalError } from '../../errors'
import type { Disk, Handle } from './disk'
import { type Commit, Contents, commitLine, type Heading, headingLine, type Line, moved } from './journal-format'

/**
 * A file that does not grow is a third cheaper to sync, so a journal in steady use gets zeros as room for more:
 * as much again as is in it, up to this. A small one has none, and a line longer than this gains nothing from it.
 */
const [smallJournal, largestRoom] = [8 * 1024, 256 * 1024]

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
  /** A power failure could still take its name away. */
  #isNameless = false
  /** What has been added since the last mark. */
  #since: { readonly line: Uint8Array; readonly end: number }[] | undefined

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
    return Contents.of(this.path, this.#disk.read(this.path) ?? new Uint8Array())
  }

  /** Goes on behind what was found and has been read. */
  resume({ seed, length }: Contents): void {
    this.#seed = seed
    this.#length = length
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

  /**
   * A commit as it will stand here.
   *
   * @throws StorageError if it is too large for a text
   */
  lineOf(commit: Commit): Uint8Array {
    return commitLine(commit, this.#first?.checksum ?? this.#seed)
  }

  /** Adds the line of a commit; when this returns, it is on the disk. */
  append(line: Uint8Array): void {
    if (this.#first) this.#begin(this.#first, line)
    else this.#add(line)
  }

  /** What it holds now is going to be in the database file; what is added from now on is not. */
  mark(): void {
    this.#since = []
  }

  /** What it held at the mark is in the file, or could not be put there. */
  unmark(): void {
    this.#since = undefined
  }

  /** What it held at the mark is in the file: a journal with the rest takes its place, if there is a rest. */
  cutOffAtMark(heading: Heading): void {
    if (this.#since?.length) this.#moveTo(heading, this.#since)
    else this.discard()
  }

  #moveTo(heading: Heading, lines: readonly { readonly line: Uint8Array }[]): void {
    const { bytes, checksum } = headingLine(heading)
    const all = Buffer.concat([bytes, ...lines.map(({ line }) => moved(line, checksum))])
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

  /** Takes back what was appended after this length. If the disk refuses, the next append tries again. */
  cutBackTo(length: number): void {
    if (!this.#handle || (this.#length === length && !this.#isTorn)) return
    this.#length = length
    this.#isTorn = true
    while (this.#since?.length && this.#since.at(-1)!.end > length) this.#since.pop()
    const handle = this.#handle
    quietly(() => this.#cut(handle))
    // A journal that was not begun whole is none: it is removed before another is begun.
    if (length === 0) quietly(() => this.discard())
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

  /** Removes what a crash in the midst of `cutOffAtMark` has left. */
  tidy(): void {
    this.#disk.remove(`${this.path}-new`)
  }

  /** A file that cannot be closed is let go of all the same: its number may be that of another one soon. */
  close(): void {
    const handle = this.#handle
    this.#handle = undefined
    this.#isTorn = true
    if (handle) this.#disk.close(handle)
  }

  /** With its first commit, and whole: as long as it has no place in its folder, nothing in it counts. */
  #begin({ bytes, checksum }: Line, line: Uint8Array): void {
    this.close()
    this.#handle = this.#make(this.path)
    this.#reserved = 0
    this.#isTorn = false
    this.#isNameless = true
    this.#write(Buffer.concat([bytes, line]))
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

/** What failed before says so already, and whoever goes on here tries this again. */
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
