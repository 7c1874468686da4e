/**
 * A projection whose rows and position are kept in the store, in one step: however the process ends, each event is in
 * the rows exactly once.
 *
 * It does what `Projection` does, in the same words. Its view is a table of rows with keys, of which only those in use
 * are in memory, so that it starts where it was and may be larger than the memory.
 */
import { ViewOutdatedError } from '../errors'
import type { FollowableLog } from '../following/followable'
import type { Mapper } from '../mapping/mapper'
import type { ViewState, ViewStore } from '../port/view-store'
import { MemoryRecorder } from '../recorders/memory'
import { type Handlers, Handling } from './handlers'
import { LiveView } from './live-view'
import type { ViewOptions } from './options'
import { belongs, mustBelong, originOf } from './origin'
import { madeBefore, type Rows, StoredRows, type Table } from './rows'
import { TableKept } from './table'

export interface StoredProjectionOptions<T> extends ViewOptions {
  /** Under which it is stored. Two objects with one name are one view: either goes on from where the other was. */
  readonly name: string
  /**
   * The form of its rows, such as '1'. Another one whenever the handlers make other rows of the same events, or handle
   * events that they passed over before: what the former code has stored is then refused, until it is built again.
   */
  readonly form: string
  /** They get the rows, to read and to change, and the event. Each is awaited before the next. */
  readonly handlers: Handlers<Table<T>>
  /** Builds the view again when code of another form has stored it, the first time that it is looked at. */
  readonly rebuildOutdated?: boolean | undefined
  /** The log that it follows, if it is not that of the application whose store keeps it. */
  readonly log?: FollowableLog | undefined
}

/** What of an application a stored projection needs. */
interface Host {
  readonly recorder: ViewStore
  readonly mapper: Mapper
  readonly notificationLog: FollowableLog
}

export class StoredProjection<T> extends LiveView<Rows<T>, Table<T>> {
  /** The rows as they are stored, to read. */
  readonly view: Rows<T>
  /** Under which it is stored. */
  readonly name: string
  readonly #store: ViewStore
  readonly #mapper: Mapper
  readonly #form: string
  readonly #rebuildOutdated: boolean
  #kept: TableKept<T> | undefined
  /** The view was of this form before, so whoever changed that is no older code. */
  #wasOwn = false

  /** @throws TypeError for options that mean nothing */
  constructor(application: Host, options: StoredProjectionOptions<T>) {
    const { recorder, mapper, notificationLog } = Object(application) as Host
    const { name, form, handlers, rebuildOutdated = false, log = notificationLog } = Object(options) as typeof options
    if (typeof recorder?.saveView !== 'function' || !mapper)
      throw new TypeError(
        'A stored projection is kept by an application, in its store: new StoredProjection(school, { … })',
      )
    if (typeof name !== 'string' || name === '' || name.endsWith(beside) || typeof form !== 'string')
      throw new TypeError(
        `A stored projection has a name that does not end with '${beside}', and a form: { name: 'popular', form: '1', … }`,
      )
    super(log, new Handling(handlers, `the view ${name}`), `The view ${name}`, options)
    this.#store = recorder
    this.#mapper = mapper
    this.name = name
    this.#form = form
    this.#rebuildOutdated = rebuildOutdated
    this.view = new StoredRows(recorder, mapper, name)
  }

  get position(): number {
    return this.#kept?.stored.position ?? 0
  }

  /** How Node shows it. */
  [Symbol.for('nodejs.util.inspect.custom')](_: number, options: object, inspect: (...args: unknown[]) => string) {
    return `StoredProjection ${inspect({ name: this.name, position: this.position, view: this.view }, options)}`
  }

  /** What is stored as the form: what was made of events before somebody was forgotten is of another one. */
  get #formNow(): string {
    return [this.#form, ...this.#generations].join(' ')
  }

  /** Those of the keys with which events and rows are read. */
  get #generations(): ReadonlySet<string> {
    return new Set([this.log.generation, this.#mapper.generation].filter((each) => each !== undefined))
  }

  /** @throws ViewOutdatedError, LogChangedError if what is stored cannot be gone on with */
  protected async load(): Promise<TableKept<T>> {
    const stored = await this.#store.viewState(this.name)
    const now = await originOf(this.log)
    if (stored && stored.form !== this.#formNow) throw this.#outdated(stored)
    if (stored) mustBelong(this.label, stored, now)
    this.#wasOwn = true
    const known = this.#kept?.stored
    const isKnown = stored
      ? known?.build === stored.build && known.position === stored.position
      : known?.position === 0 && known.logId === now.logId && known.form === this.#formNow
    const kept = isKnown && this.#kept ? this.#kept : this.#table(this.name, stored ?? this.#beginning(now.logId))
    this.#kept = kept
    return kept
  }

  protected fresh(): { readonly kept: TableKept<T>; readonly view: Rows<T> } {
    const kept = new TableKept<T>(new MemoryRecorder(), this.#mapper, this.name, this.#beginning(''))
    return { kept, view: kept.rows }
  }

  protected async draft(): Promise<{ readonly kept: TableKept<T>; swap(): Promise<void> }> {
    const name = this.name + beside
    const now = await originOf(this.log)
    const begun = await this.#store.viewState(name)
    const isGood = begun && begun.form === this.#formNow && belongs(begun, now)
    if (begun && !isGood) await this.#store.dropView(name)
    const kept = this.#table(name, isGood ? begun : this.#beginning(now.logId))
    const swap = async (): Promise<void> => {
      // Of a log without events, nothing is stored yet.
      await kept.save()
      await this.#store.swapView(name, this.name)
      this.#kept = this.#table(this.name, kept.stored)
      this.#wasOwn = true
    }
    return { kept, swap }
  }

  protected override mends(error: unknown): boolean {
    if (!this.#rebuildOutdated) return false
    // A handler fails as well where it needs a row that cannot be read any more.
    if (this.#kept && this.#kept.stored.form !== this.#formNow) return true
    // Newer code may have built it meanwhile: two that take turns would never end.
    return error instanceof ViewOutdatedError && (!this.#wasOwn || this.#generations.size > 0)
  }

  #outdated({ form }: ViewState): Error {
    const isOwn = form === this.#form || form.startsWith(`${this.#form} `)
    if (isOwn && this.#generations.size > 0) return madeBefore(this.name)
    return new ViewOutdatedError(
      `${this.label} was built by code of the form '${form}', and this is form '${this.#form}': build it again with rebuild(), or say rebuildOutdated: true`,
    )
  }

  #table(name: string, state: ViewState): TableKept<T> {
    return new TableKept<T>(this.#store, this.#mapper, name, state)
  }

  #beginning(logId: string): ViewState {
    return { position: 0, logId, form: this.#formNow, build: crypto.randomUUID() }
  }
}

/** The end of the name under which a view is stored while it is built beside the present one. */
const beside = '~new'
