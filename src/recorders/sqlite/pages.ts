/**
 * The bytes of a database in memory, which sql.js works on in place.
 *
 * sql.js keeps a database in its own file in memory, and only returns copies: for a large one, each copy takes as
 * long as writing it to the disk, and so does each growth of the file. But its first array is a slice of the array that
 * it gets. Here, `slice` returns the array itself, which grows in place, and which can be read as it was at one moment
 * while SQLite continues to write to it.
 *
 * sql.js does not promise any of this, so engine.ts checks each time whether it still holds, or else takes a copy.
 */
import { NotADatabaseError } from '../../errors'

/** A database as it was at one moment. */
export interface Snapshot {
  readonly size: number
  /** Copies the bytes at this position. Must be called from the beginning to the end, once for each part. */
  copy(into: Uint8Array, position: number): void
  /** Must be called when it is no longer needed. */
  release(): void
}

/** An ArrayBuffer that grows in place: in Node since version 20, in TypeScript's types since ES2024. */
interface Growing extends ArrayBuffer {
  resize(length: number): void
}
const Growing = ArrayBuffer as unknown as new (length: number, options: { maxByteLength: number }) => Growing

/** Overwritten parts of a snapshot are saved in pieces of this size: SQLite's pages are parts or multiples of it. */
const piece = 4096
/** Reserved addresses, not memory: as much again as the database has, and at least this. */
const leastRoom = 64 * 1024 * 1024

export class Pages {
  /** The initial bytes of the database. Must be filled before sql.js gets them. */
  readonly bytes: Uint8Array
  readonly #all: Uint8Array
  readonly #buffer: Growing
  readonly #most: number
  readonly #moments = new Set<Moment>()
  #isShared = false
  #writes = 0

  /** @param room how many bytes it can grow: beyond that, sql.js copies all of it to its own array */
  constructor(size: number, room = Math.max(size, leastRoom)) {
    this.#most = size + room
    this.#buffer = new Growing(size, { maxByteLength: this.#most })
    this.bytes = new Uint8Array(this.#buffer, 0, size)
    this.#all = new Uint8Array(this.#buffer)
  }

  static of(bytes: Uint8Array, room?: number): Pages {
    const pages = new Pages(bytes.length, room)
    pages.bytes.set(bytes)
    return pages
  }

  /** The array to pass to sql.js. */
  get given(): Uint8Array {
    const given = this.bytes.subarray()
    // In an old browser, no array can grow in place.
    if (typeof this.#buffer.resize === 'function') given.slice = () => this.#shared() as Uint8Array<ArrayBuffer>
    return given
  }

  /** Does sql.js work on this array? */
  get isShared(): boolean {
    return this.#isShared
  }

  /** How many times SQLite has written to it. */
  get writes(): number {
    return this.#writes
  }

  /** The first `size` bytes as they are now. */
  snapshot(size: number): Snapshot {
    const moment = new Moment(this.#all, size, () => this.#moments.delete(moment))
    this.#moments.add(moment)
    return moment
  }

  /** The array that sql.js works on. Its length is the maximum, so that sql.js never replaces it to grow. */
  #shared(): Uint8Array {
    this.#isShared = true
    const shared = new Uint8Array(this.#buffer)
    Object.defineProperty(shared, 'length', { value: this.#most })
    shared.set = (source: ArrayLike<number>, position = 0) => this.#write(source, position)
    return shared
  }

  #write(source: ArrayLike<number>, position: number): void {
    this.#writes++
    const end = position + source.length
    // Grows by a little more than necessary, because each growth costs time.
    if (end > this.#buffer.byteLength) this.#buffer.resize(Math.min(this.#most, end + 256 * piece))
    for (const moment of this.#moments) moment.keep(position, end)
    this.#all.set(source, position)
  }
}

class Moment implements Snapshot {
  readonly size: number
  readonly #all: Uint8Array
  readonly #kept = new Map<number, Uint8Array>()
  readonly #end: () => void
  /** The end of what was copied. */
  #done = 0

  constructor(all: Uint8Array, size: number, end: () => void) {
    this.#all = all
    this.size = size
    this.#end = end
  }

  /** Saves what is about to be overwritten. */
  keep(from: number, to: number): void {
    const end = Math.min(to, this.size)
    const first = Math.max(from, this.#done)
    for (let start = first - (first % piece); start < end; start += piece)
      if (!this.#kept.has(start)) this.#kept.set(start, this.#all.slice(start, Math.min(start + piece, this.size)))
  }

  copy(into: Uint8Array, position: number): void {
    const end = position + into.length
    into.set(this.#all.subarray(position, end))
    for (let start = position - (position % piece); start < end; start += piece) {
      const kept = this.#kept.get(start)
      const from = Math.max(start, position)
      if (kept) into.set(kept.subarray(from - start, end - start), from - position)
      if (start + piece <= end) this.#kept.delete(start)
    }
    this.#done = end
  }

  release(): void {
    this.#kept.clear()
    this.#end()
  }
}

/** All of a snapshot. */
export function bytesOf(snapshot: Snapshot): Uint8Array {
  const bytes = new Uint8Array(snapshot.size)
  snapshot.copy(bytes, 0)
  return bytes
}

/** A snapshot of an array that does not change. */
export const snapshotOf = (bytes: Uint8Array): Snapshot => ({
  size: bytes.length,
  copy: (into, position) => into.set(bytes.subarray(position, position + into.length)),
  release() {},
})

const magic = 'SQLite format 3\0'
const headerSize = 100
const latin1 = new TextDecoder('latin1')

/** Makes pages openable for sql.js. @throws NotADatabaseError if they are not those of a whole SQLite database */
export function openable(path: string, pages: Pages): Pages {
  const { bytes } = pages
  const header = new DataView(bytes.buffer, bytes.byteOffset, Math.min(headerSize, bytes.length))
  if (bytes.length < headerSize || latin1.decode(bytes.slice(0, magic.length)) !== magic)
    throw new NotADatabaseError(`${path} is not a SQLite database (or it is encrypted): name another file`)
  const pageSize = header.getUint16(16) === 1 ? 65536 : header.getUint16(16)
  const isCountValid = header.getUint32(24) === header.getUint32(92)
  if (isCountValid && bytes.length < pageSize * header.getUint32(28))
    throw new NotADatabaseError(`${path} is a SQLite database that was cut short: restore it from a backup`)
  // Clears WAL mode, which sql.js does not support. The write-ahead log holds no commits, which was checked.
  bytes.fill(1, 18, 20)
  return pages
}
