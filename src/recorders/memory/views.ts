/**
 * Views in memory: for each a Map of its rows. Their keys are sorted when somebody asks for many rows in order, and again
 * after rows came or went.
 */
import { copyOf } from '../../port/recorder'
import {
  byCodePoints,
  mustBeAskable,
  mustBeKeepable,
  mustBeNames,
  mustBeThere,
  mustFollowOn,
  type ViewChange,
  type ViewQuery,
  type ViewState,
  type ViewValue,
} from '../../port/view-store'

interface View {
  state: ViewState
  readonly rows: Map<string, ViewValue>
  /** The keys in order; undefined if rows came or went. */
  keys?: string[] | undefined
}

export class MemoryViews {
  readonly #views = new Map<string, View>()

  state(view: string): ViewState | undefined {
    const state = this.#views.get(view)?.state
    return state && { ...state }
  }

  rows(name: string, query: ViewQuery = {}): [string, ViewValue][] {
    mustBeAskable(query)
    const { keys, after, limit = Infinity } = query
    const view = this.#views.get(name)
    if (!view || limit < 1) return []
    const found = keys ? [...new Set(keys)].filter((key) => view.rows.has(key)).sort(byCodePoints) : keysOf(view)
    const start = after === undefined ? 0 : firstAfter(found, after)
    return found.slice(start, start + limit).map((key) => [key, copyOf(view.rows.get(key) as ViewValue)])
  }

  save(change: ViewChange): void {
    mustBeKeepable(change)
    const { view: name, position, logId, form, build, rows } = change
    const known = this.#views.get(name)
    mustFollowOn(change, known?.state)
    const view: View = known ?? { state: change, rows: new Map() }
    const before = view.rows.size
    let isGone = false
    for (const [key, value] of rows)
      if (value === undefined) isGone = view.rows.delete(key) || isGone
      else view.rows.set(key, copyOf(value))
    if (isGone || view.rows.size !== before) view.keys = undefined
    view.state = { position, logId, form, build }
    this.#views.set(name, view)
  }

  swap(from: string, to: string): void {
    mustBeNames(from, to)
    this.#views.set(to, mustBeThere(from, this.#views.get(from)))
    if (from !== to) this.#views.delete(from)
  }

  drop(view: string): void {
    this.#views.delete(view)
  }
}

const keysOf = (view: View): string[] => (view.keys ??= [...view.rows.keys()].sort(byCodePoints))

/** The index of the first key that is later than this one. */
function firstAfter(keys: readonly string[], key: string): number {
  let [from, to] = [0, keys.length]
  while (from < to) {
    const middle = (from + to) >> 1
    if (byCodePoints(keys[middle] as string, key) > 0) to = middle
    else from = middle + 1
  }
  return from
}
