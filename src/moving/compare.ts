/** Compares what two stores have, row by row. */
import type { Hash } from 'node:crypto'
import { MoveError } from '../errors'
import { type MovedRow, type MovingStore, nameOf, type Part } from '../port/moving'

/** The two stores do not have the same rows. */
export class DiffersError extends MoveError {
  readonly part: Part

  constructor(message: string, part: Part) {
    super(message)
    this.part = part
  }

  override get name(): string {
    return MoveError.name
  }
}

/** After so many rows it is told how far it is. */
const OFTEN = 10_000

/**
 * Reads a part of both stores, and returns how many rows it has.
 *
 * @param hash is given all of them
 * @param tell is told how many there were so far, or up to which position
 * @param upTo only events of the source up to this position count; the target must have none after it
 * @throws DiffersError at the first row that is not the same
 */
export async function compare(
  source: MovingStore,
  target: MovingStore,
  part: Part,
  hash: Hash,
  tell: (done: number) => void,
  upTo = Infinity,
): Promise<number> {
  const [left, right] = [new Reader(source, part), new Reader(target, part)]
  for (let count = 0; ; count++) {
    const [read, theirs] = [await left.next(), await right.next()]
    const ours = part === 'events' && read && Number(read[0]) > upTo ? undefined : read
    if (!ours && !theirs) return count
    if (!ours || !theirs || !isSame(ours, theirs, hash)) throw differs(source, target, part, ours, theirs)
    if ((count + 1) % OFTEN === 0) tell(part === 'events' ? Number(ours[0]) : count + 1)
  }
}

/** @param hash is given what both are */
export function isSame(one: MovedRow, other: MovedRow, hash?: Hash): boolean {
  const text = textOf(one)
  if (text !== textOf(other)) return false
  hash?.update(text)
  for (const [at, bytes] of one.entries()) {
    if (!(bytes instanceof Uint8Array)) continue
    if (Buffer.compare(bytes, other[at] as Uint8Array) !== 0) return false
    hash?.update(bytes)
  }
  return true
}

/** Of bytes, it says only how many. */
const textOf = (row: MovedRow): string =>
  JSON.stringify(row.map((value) => (value instanceof Uint8Array ? { bytes: value.length } : value)))

function differs(source: MovingStore, target: MovingStore, part: Part, ours?: MovedRow, theirs?: MovedRow): Error {
  const row = ours ?? theirs
  const which = `${nameOf(part)}, ${JSON.stringify(row?.[0])}`
  const how = !ours
    ? `is only in ${target.name}`
    : !theirs
      ? `is not in ${target.name}`
      : 'is not the same on both sides'
  return new DiffersError(
    `${source.name} and ${target.name} differ (${which} ${how}): one of them was changed meanwhile. Stop the programs that use them, and run the move again; if that does not help, delete ${target.name} before`,
    part,
  )
}

/** Reads rows, page by page. */
class Reader {
  readonly #store: MovingStore
  readonly #part: Part
  #page: readonly MovedRow[] = []
  #at = 0

  constructor(store: MovingStore, part: Part) {
    this.#store = store
    this.#part = part
  }

  async next(): Promise<MovedRow | undefined> {
    if (this.#at === this.#page.length) {
      this.#page = await this.#store.page(this.#part, this.#page.at(-1))
      this.#at = 0
    }
    return this.#page[this.#at++]
  }
}
