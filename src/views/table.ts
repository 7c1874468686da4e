/**
 * The rows of a stored view, as handlers change them: changes wait in memory, and are stored some positions at a time, in
 * one step with the position.
 */

import type { Mapper } from '../mapping/mapper'
import type { ViewState, ViewStore } from '../port/view-store'
import { mustBeText } from '../refusals'
import { copyValue } from '../values/value'
import type { Kept } from './advance'
import { type RowsQuery, StoredRows, type Table } from './rows'

/** Changes are stored when there are so many, or after so many milliseconds. */
const [mostChanges, longest] = [10_000, 50]
/** So many unchanged rows stay in memory, and as many of those before. */
const mostKnown = 10_000

export class TableKept<T> implements Kept<Table<T>> {
  readonly rows: StoredRows<T>
  readonly #store: ViewStore
  readonly #view: string
  /** That of the keys of people, before any of the events was read. */
  readonly #generation: string | undefined
  /** What is stored. Before anything is, the position is 0. */
  #stored: ViewState
  #position: number
  /** Rows that are not stored yet: undefined for those to delete. */
  #changes = new Map<string, T | undefined>()
  /** Rows as they are stored, undefined for none: those read or written lately, and those before. */
  #known = new Map<string, T | undefined>()
  #knownBefore = new Map<string, T | undefined>()
  /** What the handlers of this position have changed so far: how it was before, where there was a change. */
  #undo = new Map<string, { readonly value: T | undefined } | undefined>()
  #turn = new Turn<T>(this)
  #storedAt = performance.now()

  constructor(store: ViewStore, mapper: Mapper, view: string, stored: ViewState) {
    this.#store = store
    this.#view = view
    this.#generation = mapper.generation
    this.rows = new StoredRows(store, mapper, view)
    this.#stored = stored
    this.#position = stored.position
  }

  get position(): number {
    return this.#position
  }

  /** What is stored of it. */
  get stored(): ViewState {
    return this.#stored
  }

  begin(): Table<T> {
    this.#turn = new Turn(this)
    if (this.#undo.size > 0) this.#undo.clear()
    return this.#turn
  }

  passed(position: number): void {
    this.#turn.isOver = true
    this.#position = position
  }

  undo(): void {
    this.#turn.isOver = true
    for (const [key, before] of this.#undo)
      if (before) this.#changes.set(key, before.value)
      else this.#changes.delete(key)
    this.#undo.clear()
  }

  keep(isEnd: boolean): Promise<void> | undefined {
    const isDue = isEnd || this.#changes.size >= mostChanges || performance.now() - this.#storedAt >= longest
    return isDue && this.#position > this.#stored.position ? this.save() : undefined
  }

  /** Stores what has changed, with the position. @throws ViewOutdatedError if somebody was forgotten meanwhile */
  async save(): Promise<void> {
    const [changes, position, after] = [this.#changes, this.#position, this.#stored.position]
    const rows = [...changes].map(
      ([key, value]) => [key, value === undefined ? undefined : this.rows.pack(value, this.#generation)] as const,
    )
    await this.#store.saveView({ ...this.#stored, view: this.#view, after, position, rows })
    this.#stored = { ...this.#stored, position }
    this.#changes = new Map()
    this.#undo.clear()
    for (const [key, value] of changes) this.#know(key, value)
    this.#storedAt = performance.now()
  }

  async get(key: string): Promise<T | undefined> {
    if (this.#changes.has(key)) return this.#changes.get(key)
    for (const known of [this.#known, this.#knownBefore])
      if (known.has(key)) {
        const value = known.get(key)
        if (known === this.#knownBefore) this.#know(key, value)
        return value
      }
    const { position } = this.#stored
    const value = await this.rows.get(key)
    // If it was stored meanwhile, because nobody awaited this, it may be another by now.
    if (position === this.#stored.position) this.#know(key, value)
    return value
  }

  entries(query: RowsQuery = {}): AsyncGenerator<readonly [key: string, value: T], void, void> {
    return this.rows.merged(query, this.#changes)
  }

  change(key: string, value: T | undefined): void {
    mustBeText('The key of a row', key)
    if (!this.#undo.has(key))
      this.#undo.set(key, this.#changes.has(key) ? { value: this.#changes.get(key) as T | undefined } : undefined)
    this.#changes.set(key, value)
  }

  #know(key: string, value: T | undefined): void {
    if (this.#known.size >= mostKnown) {
      this.#knownBefore = this.#known
      this.#known = new Map()
    }
    this.#known.set(key, value)
  }
}

/** What the handlers of one position get. When they have ended it is of no use: what they change then would be lost. */
class Turn<T> implements Table<T> {
  readonly #table: TableKept<T>
  isOver = false

  constructor(table: TableKept<T>) {
    this.#table = table
  }

  get(key: string): Promise<T | undefined> {
    this.#mustBeOn()
    return this.#table.get(key)
  }

  set(key: string, value: T): void {
    this.#mustBeOn()
    this.#table.change(key, copyValue(value, true, `row ${String(key).slice(0, 80)}`) as T)
  }

  delete(key: string): void {
    this.#mustBeOn()
    this.#table.change(key, undefined)
  }

  entries(query?: RowsQuery): AsyncGenerator<readonly [key: string, value: T], void, void> {
    this.#mustBeOn()
    return this.#table.entries(query)
  }

  [Symbol.asyncIterator](): AsyncGenerator<readonly [key: string, value: T], void, void> {
    return this.entries()
  }

  #mustBeOn(): void {
    if (this.isOver)
      throw new TypeError('A handler used its rows after it had ended: make it async, and await all that it does')
  }
}
