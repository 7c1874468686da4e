/**
 * Records events in a SQLite file with the tables of the Python library `eventsourcing`: each library opens what the
 * other wrote.
 *
 * sql.js holds the database in memory. Appended events go to a journal beside the file, synced before `append`
 * resolves; a checkpoint brings the file up to date, and opening a database replays its journal.
 */
import type { Movable, MovingStore } from '../port/moving'
import { boundaryOf, type EventQuery } from '../port/query'
import {
  type AppendOptions,
  copyOf,
  type Notification,
  type NotificationQuery,
  type ReadOptions,
  type Recorder,
  type StateForm,
  type StoredEvent,
  type StreamQuery,
} from '../port/recorder'
import type { ViewChange, ViewQuery, ViewState, ViewValue } from '../port/view-store'
import { Watchers } from '../port/watchers'
import { isReadOnly, mustBeStorable, mustBeTrackable, wasClosed } from '../refusals'
import { type BrowserDiskOptions, browserDisk } from './sqlite/browser-disk'
import type { QueryResult } from './sqlite/engine'
import { GroupCommit } from './sqlite/group-commit'
import { openMoving } from './sqlite/moving'
import { backUp } from './sqlite/on-disk'
import { openStore, type SqliteOptions } from './sqlite/open'
import { bytesOf } from './sqlite/pages'
import { ownDisk } from './sqlite/platform'
import { databaseId } from './sqlite/schema'
import { type SqliteStatus, statusOf } from './sqlite/status'
import type { Store } from './sqlite/store'
import { maxPosition, maxTracked, rowOf, selectEvents, selectNotifications, selectSnapshot } from './sqlite/tables'
import { selectMatching } from './sqlite/tags'
import type { Entry } from './sqlite/versions'
import { dropping, saving, selectRows, selectState, swapping } from './sqlite/views'

export type { Disk, FileState, Handle } from './sqlite/disk'
export type { BrowserDiskOptions, QueryResult, SqliteOptions, SqliteStatus }
export { browserDisk, ownDisk as nodeDisk }

/** A recorder for this file, or in memory for `:memory:`. The database is opened at the first use. */
export function sqlite(file: string, options: SqliteOptions = {}): SqliteRecorder {
  return new SqliteRecorder(file, options)
}

export class SqliteRecorder implements Recorder, Movable {
  readonly file: string
  readonly #path: string
  readonly #options: SqliteOptions
  readonly #entries = new GroupCommit<Entry, number[]>((group) => this.#store!.commit(group))
  readonly #watchers = new Watchers()
  #store: Store | undefined
  #opening: Promise<Store> | undefined
  #closing: Promise<void> | undefined

  constructor(file: string, options: SqliteOptions = {}) {
    this.file = file
    this.#path = file === ':memory:' || options.bytes ? file : (options.disk ?? ownDisk).resolve(file)
    this.#options = options
  }

  /**
   * Opens the database now instead of at the first use.
   *
   * @throws StorageError if the file cannot be read or written
   * @throws NotADatabaseError, NewerSchemaError if it is not a database that this version can open
   * @throws DatabaseLockedError if it is open elsewhere
   * @throws DatabaseChangedError if another program made changes that cannot be combined with the journal
   * @throws JournalError if the journal is damaged, or belongs to another database
   */
  async open(): Promise<void> {
    await this.#use(() => {})
  }

  async append(events: readonly StoredEvent[], options: AppendOptions = {}): Promise<number[]> {
    const { tracking } = options
    const boundary = boundaryOf(options)
    if (events.length === 0 && !tracking && !boundary) return this.#use(() => [])
    if (tracking) mustBeTrackable(tracking)
    mustBeStorable(events)
    const rows = events.map(rowOf)
    const unversioned = events.some(({ version }) => version === 0)
      ? new Set(rows.filter(([, , version]) => version === 0))
      : undefined
    const positions = await this.#record({ events: rows, unversioned, boundary, tracking: tracking && { ...tracking } })
    if (events.length > 0) this.#watchers.wake()
    return positions
  }

  async select(aggregateId: string, query: StreamQuery = {}): Promise<StoredEvent[]> {
    return this.#use(({ engine }) => selectEvents(engine, aggregateId, query))
  }

  async read(query: EventQuery, options: ReadOptions = {}): Promise<Notification[]> {
    return this.#use(({ engine }) => selectMatching(engine, query, options))
  }

  async notifications(query: NotificationQuery = {}): Promise<Notification[]> {
    return this.#use(({ engine }) => selectNotifications(engine, query))
  }

  async maxNotificationId(): Promise<number> {
    return this.#use(({ engine }) => maxPosition(engine))
  }

  async maxTrackingId(applicationName: string): Promise<number> {
    return this.#use(({ engine }) => maxTracked(engine, applicationName))
  }

  async viewState(view: string): Promise<ViewState | undefined> {
    return this.#use(({ engine }) => selectState(engine, view))
  }

  async viewRows(view: string, query?: ViewQuery): Promise<[string, ViewValue][]> {
    return this.#use(({ engine }) => selectRows(engine, view, query))
  }

  async saveView(change: ViewChange): Promise<void> {
    await this.#record({ events: [], view: saving(change) })
  }

  async swapView(from: string, to: string): Promise<void> {
    await this.#record({ events: [], view: swapping(from, to) })
  }

  async dropView(view: string): Promise<void> {
    await this.#record({ events: [], view: dropping(view) })
  }

  async logId(): Promise<string> {
    return this.#use(({ engine }) => databaseId(engine))
  }

  watch(wake: () => void): () => void {
    return this.#watchers.add(wake)
  }

  async saveSnapshot(snapshot: StoredEvent): Promise<void> {
    mustBeStorable([snapshot])
    await this.#record({ events: [], snapshot: { ...snapshot, state: copyOf(snapshot.state) } })
  }

  async snapshot(aggregateId: string, upTo = Infinity, as: StateForm = 'text'): Promise<StoredEvent | undefined> {
    return this.#use(({ engine }) => selectSnapshot(engine, aggregateId, upTo, as))
  }

  /**
   * Runs one SQL statement. With `write`, it may change the database: its changes are in the file when this resolves.
   *
   * @throws TypeError if SQLite refuses it
   * @throws ReadOnlyError if it would change the database without `write`, or on a recorder that is read-only
   */
  async query(sql: string, { write = false }: { readonly write?: boolean } = {}): Promise<QueryResult> {
    if (write) this.#mustWrite()
    return this.#use((store) => (write ? store.write(sql) : store.engine.ask(sql)))
  }

  async status(): Promise<SqliteStatus> {
    return this.#use((store) => statusOf(store, this.file, this.#options.readOnly))
  }

  /**
   * Writes everything recorded so far to the file, so that other programs see it too.
   *
   * @throws DatabaseChangedError if another program wrote to the file meanwhile; it is not overwritten
   */
  async checkpoint(): Promise<void> {
    this.#mustWrite()
    return this.#use((store) => store.checkpoint())
  }

  /**
   * Copies the database to another file, which must not exist yet and gets this one's mode.
   *
   * @throws StorageError if it exists, or cannot be written
   */
  async backup(file: string): Promise<void> {
    if (file === ':memory:') throw new TypeError("backup(':memory:') would write no file: bytes() returns a copy")
    const { disk = ownDisk } = this.#options
    const path = disk.resolve(file)
    return this.#use((store) => store.use((snapshot) => backUp(disk, path, snapshot, store.files?.file.state)))
  }

  /** For `move` of `dog-school/moving`. */
  async moving(direction: 'from' | 'to'): Promise<MovingStore> {
    return openMoving(this.#path, this.#options, direction)
  }

  /** The whole database, as the bytes of a SQLite file. */
  async bytes(): Promise<Uint8Array> {
    return this.#use((store) => store.use(bytesOf))
  }

  /**
   * Waits for running appends, brings the file up to date and releases it. If the file cannot be brought up to date,
   * this rejects with the reason, and releases it all the same: what is recorded stays in the journal.
   */
  async close(): Promise<void> {
    if (this.#closing) return this.#closing.catch(() => {})
    this.#closing = this.#close().finally(() => this.#watchers.close())
    return this.#closing
  }

  async #close(): Promise<void> {
    // If opening fails, the caller that opened it gets the error.
    if (!this.#store) await this.#opening?.catch(() => {})
    this.#entries.flush()
    await this.#store?.close()
  }

  /** When it is open nothing is awaited here, so no close can come in between. */
  async #use<T>(work: (store: Store) => T | Promise<T>): Promise<T> {
    if (this.#closing) throw wasClosed()
    return work(this.#store ?? (await this.#open()))
  }

  #open(): Promise<Store> {
    this.#opening ??= openStore(this.#path, this.#options).then(
      (store) => {
        this.#store = store
        this.#entries.release()
        return store
      },
      (error) => {
        this.#opening = undefined
        this.#entries.fail(error)
        throw error
      },
    )
    return this.#opening
  }

  async #record(entry: Entry): Promise<number[]> {
    if (this.#closing) throw wasClosed()
    this.#mustWrite()
    const recorded = this.#entries.add(entry)
    // If it cannot be opened, all waiting entries are rejected.
    if (!this.#store) this.#open().catch(() => {})
    // Only with a disk does it pay to wait for other entries.
    else if (!this.#store.files) this.#entries.flush()
    return recorded
  }

  #mustWrite(): void {
    if (this.#options.readOnly) throw isReadOnly(this.file)
  }
}
