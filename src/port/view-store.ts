/**
 * The part of the port that keeps views: rows with keys, and the position of the last event that is in them, which move
 * together or not at all. What is in the rows is not known here.
 */
import { ViewConflictError } from '../errors'
import { mustBeText, mustBeWhole } from '../refusals'

/** How far a stored view is, and what it belongs to. */
export interface ViewState {
  /** The last position whose events are in the view. */
  readonly position: number
  /** The log that the position belongs to. */
  readonly logId: string
  /** What its writer calls the form of its rows: code of another form cannot go on with them. */
  readonly form: string
  /** Different each time the view is built from the beginning. */
  readonly build: string
}

export type ViewValue = string | Uint8Array

/** The next step of a stored view: the rows that change, and the position after the events that change them. */
export interface ViewChange extends ViewState {
  readonly view: string
  /** The position before. */
  readonly after: number
  /** Rows to set, or to delete where there is no value. Of several with one key the last counts. */
  readonly rows: readonly (readonly [key: string, value: ViewValue | undefined])[]
}

export interface ViewQuery {
  /** Only rows with one of these keys. */
  readonly keys?: readonly string[] | undefined
  /** Only rows with later keys than this one. */
  readonly after?: string | undefined
  readonly limit?: number | undefined
}

export interface ViewStore {
  /** How far a stored view is; undefined if there is none of this name. */
  viewState(view: string): Promise<ViewState | undefined>

  /** Rows of a stored view in the order of their keys, by code points; none for an unknown view. */
  viewRows(view: string, query?: ViewQuery): Promise<[key: string, value: ViewValue][]>

  /**
   * Changes rows of a stored view and moves its position, all or nothing, and resolves when that is durable. If there
   * is no such view and `after` is 0, it is made. Changing the arguments afterwards does not change what is stored.
   *
   * @throws ViewConflictError if its position is not `after`, or if it is of another build
   */
  saveView(change: ViewChange): Promise<void>

  /**
   * Gives the view `from` the name `to`, in place of the view that has it, if any, in one step.
   *
   * @throws ViewConflictError if there is no view `from`
   */
  swapView(from: string, to: string): Promise<void>

  /** Removes a stored view, if there is one. */
  dropView(view: string): Promise<void>
}

// ---- What every recorder shares.

/** @throws ViewConflictError if the change does not follow on from what is stored */
export function mustFollowOn(
  { view, after, build }: Pick<ViewChange, 'view' | 'after' | 'build'>,
  stored: Pick<ViewState, 'position' | 'build'> | undefined,
): void {
  if (stored ? stored.position === after && stored.build === build : after === 0) return
  const why = !stored
    ? 'is not there any more'
    : stored.build === build
      ? `is at ${stored.position}, not at ${after}`
      : 'was built again'
  throw new ViewConflictError(
    `The stored view ${view} ${why}: others update it, too. Read how far it is, and go on there`,
  )
}

/** The view that is to get another name. @throws ViewConflictError if it is not there */
export function mustBeThere<T>(view: string, stored: T | undefined): T {
  if (stored !== undefined) return stored
  throw new ViewConflictError(`There is no stored view ${view}: build it before it takes the place of another`)
}

/** Refuses positions that are none, and strings that a store would change. */
export function mustBeKeepable({ view, after, position, logId, form, build, rows }: ViewChange): void {
  if (!Number.isSafeInteger(after) || !Number.isSafeInteger(position) || after < 0 || position < after)
    throw new TypeError(`A view moves from a position to a later one, not from ${after} to ${position}`)
  mustBeNames(view, logId, form, build)
  mustBeKeys(
    'The key of a row',
    rows.map(([key]) => key),
  )
  for (const [, value] of rows) if (typeof value === 'string') mustBeText('The value', value)
}

/** Refuses rows that cannot be asked for. */
export function mustBeAskable({ keys = [], after = '', limit = 0 }: ViewQuery): void {
  mustBeWhole({ limit })
  mustBeKeys('The key of a row', [...keys, after])
}

/** Refuses names of views that a store would change. */
export const mustBeNames = (...names: readonly string[]): void => mustBeKeys('The name of a view', names)

function mustBeKeys(what: string, keys: readonly string[]): void {
  for (const key of keys) mustBeText(what, key)
}

/** The order of keys, which is that of their bytes in UTF-8. JavaScript compares halves of characters instead. */
export function byCodePoints(one: string, other: string): number {
  const length = Math.min(one.length, other.length)
  for (let at = 0; at < length; at++) {
    const [left, right] = [one.charCodeAt(at), other.charCodeAt(at)]
    if (left !== right) return rank(left) - rank(right)
  }
  return one.length - other.length
}

/** Halves of characters come after all whole ones. */
const rank = (unit: number): number => (unit < 0xd800 ? unit : unit < 0xe000 ? unit + 0x2000 : unit - 0x800)
