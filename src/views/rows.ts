/**
 * The rows of a stored view, as they are read: values by keys, in the order of their keys, some at a time.
 */
import { CorruptViewError, ForgottenError, ViewOutdatedError } from '../errors'
import type { Mapper } from '../mapping/mapper'
import { byCodePoints, type ViewStore, type ViewValue } from '../port/view-store'
import { mustBeWhole } from '../refusals'
import { decode, encode } from '../values/json'

export interface RowsQuery {
  /** Only rows with later keys than this one. */
  readonly after?: string | undefined
  /** Only rows whose keys begin with this. */
  readonly prefix?: string | undefined
  readonly limit?: number | undefined
}

/** Rows to read. Their values are frozen. */
export interface Rows<T> extends AsyncIterable<readonly [key: string, value: T]> {
  /** The value of this key; undefined if there is no such row. */
  get(key: string): Promise<T | undefined>
  /**
   * The rows in the order of the code points of their keys: `for await (const [key, value] of rows.entries())`. They are
   * read by pages, so what is written meanwhile may be among them or not; `at(position)` gives rows of one moment.
   */
  entries(query?: RowsQuery): AsyncGenerator<readonly [key: string, value: T], void, void>
}

/** Rows to read and to write, for handlers. A value is anything that an event can hold. */
export interface Table<T> extends Rows<T> {
  /** @throws InvalidPayloadError for a value that cannot be stored */
  set(key: string, value: T): void
  delete(key: string): void
}

/** How many rows are read at a time. */
const page = 200

/** The rows that a store holds of a view. */
export class StoredRows<T> implements Rows<T> {
  readonly #store: ViewStore
  readonly #mapper: Mapper
  readonly #view: string

  constructor(store: ViewStore, mapper: Mapper, view: string) {
    this.#store = store
    this.#mapper = mapper
    this.#view = view
  }

  /** How Node shows them: they are in the store, and may be many. */
  [Symbol.for('nodejs.util.inspect.custom')]() {
    return `Rows of ${this.#view} { get(key), entries(query) }`
  }

  async get(key: string): Promise<T | undefined> {
    const [found] = await this.#store.viewRows(this.#view, { keys: [key] })
    return found && this.#value(found)
  }

  async *entries(query: RowsQuery = {}): AsyncGenerator<readonly [key: string, value: T], void, void> {
    yield* this.merged(query, new Map())
  }

  [Symbol.asyncIterator](): AsyncGenerator<readonly [key: string, value: T], void, void> {
    return this.entries()
  }

  /** The stored rows as they will be with these changes, where undefined is a row that is deleted. */
  async *merged(
    { after, prefix = '', limit = Number.POSITIVE_INFINITY }: RowsQuery,
    changes: ReadonlyMap<string, T | undefined>,
  ): AsyncGenerator<readonly [key: string, value: T], void, void> {
    mustBeWhole({ limit })
    let left = limit
    // A key that is the prefix itself comes first, and nothing is before the empty one.
    let start = after !== undefined && byCodePoints(after, prefix) >= 0 ? after : undefined
    for (let isFirst = true; left > 0; isFirst = false) {
      const first =
        isFirst && start === undefined && prefix !== ''
          ? await this.#store.viewRows(this.#view, { keys: [prefix] })
          : []
      const from = start ?? (prefix === '' ? undefined : prefix)
      const size = Math.min(page, left)
      const stored = await this.#store.viewRows(this.#view, { after: from, limit: size })
      const end = stored.length === size ? (stored.at(-1) as [string, ViewValue])[0] : undefined
      const isInPage = (key: string): boolean =>
        (start === undefined || byCodePoints(key, start) > 0) && (end === undefined || byCodePoints(key, end) <= 0)
      const rows = [...first, ...stored].filter(([key]) => !changes.has(key)).map((row) => [row[0], row] as const)
      const changed = [...changes].filter(([key, value]) => value !== undefined && isInPage(key))
      const keys = [...rows, ...changed].sort(([one], [other]) => byCodePoints(one, other))
      for (const [key, found] of keys) {
        if (!key.startsWith(prefix)) {
          if (byCodePoints(key, prefix) > 0) return
          continue
        }
        if (left-- <= 0) return
        yield [key, changes.has(key) ? (found as T) : this.#value(found as [string, ViewValue])]
      }
      if (end === undefined) return
      start = end
    }
  }

  /**
   * The stored form of a value.
   *
   * @param generation that of the keys of people when the events were read that it is made of
   * @throws ViewOutdatedError if somebody was forgotten since
   */
  pack(value: T, generation: string | undefined): ViewValue {
    try {
      return this.#mapper.pack(encode(value), generation)
    } catch (error) {
      throw error instanceof ForgottenError ? madeBefore(this.#view, error) : error
    }
  }

  #value([key, value]: readonly [string, ViewValue]): T {
    try {
      return decode(this.#mapper.unpack(value)) as T
    } catch (cause) {
      if (cause instanceof ForgottenError) throw madeBefore(this.#view, cause)
      throw new CorruptViewError(
        `Row ${JSON.stringify(key.slice(0, 80))} of the view ${this.#view} cannot be read: check compressor, cipher and key, or build the view again: rebuild()`,
        { cause },
      )
    }
  }
}

/** What is in this view may have been forgotten. */
export const madeBefore = (view: string, cause?: Error): ViewOutdatedError =>
  new ViewOutdatedError(
    `The view ${view} was built before somebody was forgotten: build it again with rebuild(), or say rebuildOutdated: true`,
    { cause },
  )
