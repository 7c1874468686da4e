/**
 * The bytes of a database in memory, for sql.js to work on in place.
 *
 * sql.js keeps a database in a file of its own in memory, and gives copies of it only: of a large one each takes
 * as long as writing it to the disk, and so does each time that this file outgrows its array. But its first array
 * is a slice of the one that it was given. Here that slice is the array itself, which grows where it is, and
 * which can be read as it was at one moment while SQLite goes on writing to it.
 *
 * sql.js does not promise any of this, so whoever uses it looks each time whether it is still so, and takes a copy
 * where it is not.
 */
import { NotADatabaseError } from '../../errors'

/** A database as it was at one moment. */
export interface Snapshot {
  readonly size: number
  /** Copies what stands at this place. It is asked for from the beginning to the end, each place once. */
  copy(into: Uint8Array, position: number): void
  /** It is not needed any more. */
  release(): void
}

/** An ArrayBuffer that grows where it is: Node has had them since 20, TypeScript knows them since ES2024. */
interface Growing extends ArrayBuffer {
  resize(length: number): void
}
const Growing = ArrayBuffer as unknown as new (length: number, options: { maxByteLength: number }) => Growing

/** What is kept of a snapshot when it is written over: pieces of this size, which SQLite's pages are parts or multiples of. */
const piece = 4096
/** Addresses that are set aside, not memory: as much again as there is, and at least this. */
const leastRoom = 64 * 1024 * 1024

export class Pages {
  /** As long as the database was at first. To be filled before sql.js gets it. */
  readonly bytes: Uint8Array
  readonly #all: Uint8Array
  readonly #buffer: Growing
  readonly #most: number
  readonly #moments = new Set<Moment>()
  #isShared = false
  #writes = 0

  /** @param room how much it can grow: beyond that, sql.js copies all of it into an array of its own */
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

  /** What sql.js is to be given. */
  get given(): Uint8Array {
    const given = this.bytes.subarray()
    // In an old browser nothing can grow where it is.
    if (typeof this.#buffer.resize === 'function') given.slice = () => this.#shared() as Uint8Array<ArrayBuffer>
    return given
  }

  /** Did sql.js take it as it is meant? */
  get isShared(): boolean {
    return this.#isShared
  }

  /** How often SQLite has written to it. */
  get writes(): number {
    return this.#writes
  }

  /** What is in the first `size` bytes now. */
  snapshot(size: number): Snapshot {
    const moment = new Moment(this.#all, size, () => this.#moments.delete(moment))
    this.#moments.add(moment)
    return moment
  }

  /** The array that sql.js works on: to it, it is as long as it can become. */
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
    // A little more than asked for: the system gives memory by the page, and each time costs.
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
  /** Up to here it has been copied. */
  #done = 0

  constructor(all: Uint8Array, size: number, end: () => void) {
    this.#all = all
    this.size = size
    this.#end = end
  }

  /** Keeps what is about to be written over. */
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

/** A snapshot that is a copy. */
export const snapshotOf = (bytes: Uint8Array): Snapshot => ({
  size: bytes.length,
  copy: (into, position) => into.set(bytes.subarray(position, position + into.length)),
  release() {},
})

const magic = 'SQLite format 3\0'
const headerSize = 100
const latin1 = new TextDecoder('latin1')

/** The pages of a database as sql.js can open them, after a first look at what it is. */
export function openable(path: string, pages: Pages): Pages {
  const { bytes } = pages
  const header = new DataView(bytes.buffer, bytes.byteOffset, Math.min(headerSize, bytes.length))
  if (bytes.length < headerSize || latin1.decode(bytes.slice(0, magic.length)) !== magic)
    throw new NotADatabaseError(`${path} is not a SQLite database (or it is encrypted): name another file`)
  const pageSize = header.getUint16(16) === 1 ? 65536 : header.getUint16(16)
  const isCountValid = header.getUint32(24) === header.getUint32(92)
  if (isCountValid && bytes.length < pageSize * header.getUint32(28))
    throw new NotADatabaseError(`${path} is a SQLite database that was cut short: restore it from a backup`)
  // These say that there is a write-ahead log, which sql.js cannot have. There is none with anything in it.
  bytes.fill(1, 18, 20)
  return pages
}
