/**
 * The part of the port by which a store is moved to another one as it is: positions, versions and bytes stay what they are.
 *
 * A store that is being moved to is marked, in place of the id of its log: nobody else opens it before it has everything.
 */
import { MoveError } from '../errors'

/**
 * A part of a store, and the form of its rows, which come in the order of their keys:
 *
 * - events: position, aggregate id, version, topic, state, tags; by position
 * - snapshots: aggregate id, version, topic, state; by id and version
 * - tracking: application, notification id; by both
 * - views: name, position, log id, form, build; by name
 * - the rows of a view: key, value; by key
 */
export type Part = 'events' | 'snapshots' | 'tracking' | 'views' | { readonly rowsOf: string }

export type MovedRow = readonly (string | number | Uint8Array | null | readonly string[])[]

/** A store that can be moved from, or to. */
export interface Movable {
  /**
   * Opens it for a move. It is closed by closing what this returns.
   *
   * @throws MoveError if it is to be moved `from`, and is not there
   */
  moving(direction: 'from' | 'to'): Promise<MovingStore>
}

/** How a part is called in messages. */
export const nameOf = (part: Part): string => (typeof part === 'string' ? part : `the view ${part.rowsOf}`)

export interface MovingStore {
  /** How it is called in messages: no password is in it. */
  readonly name: string
  /** The id of its log. It is `half` there if a move to it has not ended. */
  log(): Promise<{ readonly id: string; readonly isHalf: boolean }>
  /** What is recorded later comes after this position. */
  last(): Promise<number>
  /** The last position that was given to an event, which may have been deleted since. */
  given(): Promise<number>
  /** The position of its newest event; 0 if there is none. */
  newest(): Promise<number>
  /** The next rows after this one; as many as memory has room for, at least one, and none at the end. */
  page(part: Part, after?: MovedRow, limit?: number): Promise<MovedRow[]>

  // ---- Only of the store that is moved to.
  /** Makes it half of this log. */
  begin(logId: string): Promise<void>
  /** Adds rows, all or none. Those that are there already are left as they are. */
  put(part: Part, rows: readonly MovedRow[]): Promise<void>
  /** Removes everything but events. */
  clear(): Promise<void>
  /** Makes it whole. No event that is recorded from now on gets a position up to `last`. */
  finish(last: number): Promise<void>

  /** Keeps what has been put. */
  close(): Promise<void>
}

// ---- For stores.

const MARK = 'moving:'

/** What stands in place of the id of a log that is half there. @param by another one for each move */
export const markOf = (logId: string, by = ''): string => `${MARK}${logId}:${by}`

export function logOf(id: string): { id: string; isHalf: boolean } {
  const isHalf = id.startsWith(MARK)
  return { id: isHalf ? id.slice(MARK.length).split(':')[0]! : id, isHalf }
}

/** @throws MoveError if this stands in place of the id of a log that is only half there */
export function mustBeMoved(store: string, id: string): void {
  if (!logOf(id).isHalf) return
  throw new MoveError(
    `${store} has only a part of what is being moved to it: run the same move again, and it goes on; or delete it, and use what it is moved from`,
  )
}

/** In rows and in bytes: what is read, or put, at once. */
const [MOST_ROWS, MOST_BYTES] = [5_000, 4_000_000]

/** How many rows are read at once. @param sizes returns the sizes in bytes of at most so many rows */
export async function fitting(
  limit = MOST_ROWS,
  sizes: (limit: number) => Promise<readonly number[]>,
): Promise<number> {
  const found = await sizes(Math.min(limit, MOST_ROWS))
  let [many, bytes] = [0, 0]
  while (many < found.length && (many === 0 || bytes + found[many]! <= MOST_BYTES)) bytes += found[many++]!
  return many
}
