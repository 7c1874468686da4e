/**
 * The format of a journal: one line of JSON for each commit, after its checksum.
 *
 * The first line says which database the journal belongs to and after which event it continues. The checksums of the
 * other lines start from that of the first, so that a line of another journal never passes for one of this.
 */
import { JournalError, NewerSchemaError } from '../../errors'
import type { StoredEvent, Tracking } from '../../port/recorder'
import { fromBase64, toBase64 } from '../../values/base64'
import { quoted, TooLargeError } from './disk'
import { crc32 } from './platform'
import type { Row } from './tables'
import { hasBytes, type ViewSteps } from './views'

/** The contents of a commit. */
export interface Commit {
  readonly events: readonly Row[]
  readonly tracking: readonly Tracking[]
  readonly snapshots: readonly StoredEvent[]
  readonly views?: ViewSteps | undefined
}

export interface Heading {
  /** The id of the database that this journal belongs to. */
  readonly database: string
  /** The position of the last event in the database file when the journal was started. */
  readonly after: number
  /** A digest of that event. */
  readonly digest: string
  /** The last position that had been used. Events may have been deleted from the file since. */
  readonly last: number
}

export interface Line {
  readonly bytes: Uint8Array
  readonly checksum: number
}

/** Since 2, events may have tags, and there are views. A library that would lose them does not know this format, and refuses it. */
const format = 2
const lineBreak = 10

/**
 * The line of a commit, for a journal whose first line has this checksum. The next call may overwrite its bytes.
 *
 * @throws TooLargeError if it is longer than a string can be
 */
export function commitLine(commit: Commit, seed: number): Uint8Array {
  const mayBeBinary = commit.snapshots.length > 0 || commit.events.some(isBinary) || hasBytes(commit.views)
  try {
    return lineOf(mayBeBinary ? JSON.stringify(commit, asText) : JSON.stringify(commit), seed).bytes
  } catch (cause) {
    const { events, snapshots } = commit
    const what = `${events.length + snapshots.length === 1 ? 'This state is' : 'These states are'} too large to record at once`
    throw new TooLargeError(
      `${what} (${(cause as Error).message}): the limit is about 100 MB. Store large contents elsewhere, and record where they are`,
      { cause },
    )
  }
}

/** A first line, and its checksum. */
export function headingLine(heading: Heading): Line {
  const { bytes, checksum } = lineOf(JSON.stringify({ dogSchoolJournal: format, ...heading }), 0)
  return { bytes: bytes.slice(), checksum }
}

/** A copy of a line for a journal whose first line has this checksum. */
export function moved(line: Uint8Array, seed: number): Uint8Array {
  const bytes = line.slice()
  encoder.encodeInto(hex(crc32(bytes.subarray(9, -1), seed)), bytes)
  return bytes
}

/** Small lines are built here, so each overwrites the one before. */
const scratch = new Uint8Array(1024 * 1024)
const encoder = new TextEncoder()
const utf8 = new TextDecoder()
/** A character for each byte. */
const latin1 = new TextDecoder('latin1')

function lineOf(json: string, seed: number): Line {
  const most = 3 * json.length + 10
  const bytes = most <= scratch.length ? scratch : new Uint8Array(most)
  const end = 9 + encoder.encodeInto(json, bytes.subarray(9)).written
  const checksum = crc32(bytes.subarray(9, end), seed)
  encoder.encodeInto(`${hex(checksum)} `, bytes)
  bytes[end] = lineBreak
  return { bytes: bytes.subarray(0, end + 1), checksum }
}

/**
 * The commits in a journal, read lazily, line by line. A torn last line was never acknowledged, and is ignored.
 */
export class Contents {
  readonly heading: Heading
  /** An older version of this library started it. It can be replayed, and not be continued. */
  readonly isOld: boolean
  /** The checksum of the first line. */
  readonly seed: number
  /** Where the lines read so far end. */
  length = 0
  readonly #lines: Generator<CheckedLine>
  #next: IteratorResult<CheckedLine, unknown>

  /** The contents of these bytes; undefined if they hold no commit. */
  static of(path: string, bytes: Uint8Array): Contents | undefined {
    const lines = wholeLines(path, bytes)
    const first = lines.next()
    if (first.done) return undefined
    const contents = new Contents(path, first.value, lines)
    return contents.#next.done ? undefined : contents
  }

  private constructor(path: string, { json, checksum }: CheckedLine, lines: Generator<CheckedLine>) {
    const { dogSchoolJournal: version, ...heading } = JSON.parse(json) as Heading & { dogSchoolJournal: number }
    if (version > format)
      throw new NewerSchemaError(`${path} was written by a newer version of dog-school: update dog-school to open it`)
    this.heading = heading
    this.isOld = version < format
    this.seed = checksum
    this.#lines = lines
    this.#next = lines.next()
  }

  /**
   * Its commits, once and in order.
   *
   * @throws JournalError if anything but the last line is damaged
   */
  *commits(): Generator<Commit> {
    while (!this.#next.done) {
      const { json, end } = this.#next.value
      yield commitIn(json)
      this.length = end
      this.#next = this.#lines.next()
    }
  }
}

interface CheckedLine {
  readonly json: string
  readonly checksum: number
  readonly end: number
}

function* wholeLines(path: string, bytes: Uint8Array): Generator<CheckedLine, void> {
  const file = bytes.subarray(0, lengthWithoutZeros(bytes))
  let seed: number | undefined
  for (let start = 0; start < file.length; ) {
    const end = file.indexOf(lineBreak, start)
    const line = file.subarray(start, end < 0 ? file.length : end)
    const checksum = crc32(line.subarray(9), seed ?? 0)
    if (end < 0 || !isChecked(line, checksum)) {
      const isLast = start + line.length + 1 >= file.length
      if (!isLast || hidesAnother(line, seed ?? Number.parseInt(latin1.decode(line.subarray(0, 8)), 16)))
        throw damaged(path, start)
      return
    }
    start = end + 1
    yield { json: utf8.decode(line.subarray(9)), checksum, end: start }
    seed ??= checksum
  }
}

/** A journal file may end with zeros, as room for more lines. */
function lengthWithoutZeros(bytes: Uint8Array): number {
  let length = bytes.length
  while (bytes[length - 1] === 0) length--
  return length
}

const isChecked = (line: Uint8Array, checksum: number): boolean =>
  latin1.decode(line.subarray(0, 9)) === `${hex(checksum)} `

const commitIn = (json: string): Commit =>
  (json.includes('{"base64":') ? JSON.parse(json, fromText) : JSON.parse(json)) as Commit

/** Does this line contain another whole one? Then a line break was damaged, and this is not a torn end. */
function hidesAnother(line: Uint8Array, seed: number): boolean {
  const starts = latin1.decode(line).matchAll(/(?<=.)[0-9a-f]{8} \{"events":/gs)
  return [...starts].some(({ index }) => {
    const rest = line.subarray(index)
    return isChecked(rest, crc32(rest.subarray(9), seed))
  })
}

function damaged(path: string, at: number): JournalError {
  return new JournalError(
    `${path} is damaged at byte ${at}: a line there does not match its checksum, and others follow it. ` +
      'Nothing was changed. Restore it from a backup; or, to continue with only what is before the damage, ' +
      `keep a copy and cut it off there (truncate -s ${at} ${quoted(path)})`,
  )
}

const hex = (checksum: number): string => checksum.toString(16).padStart(8, '0')

/** States may be bytes, which JSON does not have. Searching for them is cheaper than a replacer for every value. */
const isBinary = (row: Row): boolean => typeof row[4] !== 'string'
const asText = (_: string, value: unknown): unknown =>
  ArrayBuffer.isView(value) ? { base64: toBase64(value as Uint8Array) } : value
const fromText = (_: string, value: unknown): unknown =>
  value !== null && typeof value === 'object' && 'base64' in value ? fromBase64(String(value.base64)) : value
