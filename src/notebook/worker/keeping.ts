/** What the page asks of its stores: where a timeline's events go, what is in a store, and databases out and in. */
import type { Application } from 'dog-school'
import type { SqliteRecorder } from 'dog-school/sqlite'
import { Refusal } from '../../repl/session/refusal'
import type { Session } from '../../repl/session/session'
import type { KeepingWorker, StorePlace } from '../protocol'
import type { LogEntry } from '../run'
import { entriesOf } from './entries'
import { sqliteCode } from './sqlite-code'
import { beginsWith, NewStore, type Stores } from './store'

export interface Needs {
  readonly stores: Stores
  readonly inMemory: (bytes: Uint8Array) => SqliteRecorder
  readonly schoolOn: (store: SqliteRecorder) => Application
  /** A session on a store, which it closes. */
  readonly sessionOn: (store: SqliteRecorder) => Promise<Session>
  /** The one that is open. */
  readonly session: () => Session | undefined
}

/** The piece of events that no run has recorded. */
const BEFORE = -1

export class Keeping implements Omit<KeepingWorker, 'databaseOfCell'> {
  readonly #needs: Needs
  /** That of the timeline which is played. */
  #store: SqliteRecorder | undefined
  #folder: string | undefined
  /** What was read last of what is kept. */
  #read: { readonly folder: string; readonly store: SqliteRecorder; readonly school: Application } | undefined

  constructor(needs: Needs) {
    this.#needs = needs
  }

  /** Opens a store for a timeline, in memory where the browser gives no files: `why` says so. */
  async begin(place?: StorePlace): Promise<{ readonly store: SqliteRecorder; readonly why?: string }> {
    const { stores, inMemory } = this.#needs
    const base = place?.base === undefined ? undefined : await this.database(place.base)
    let why: string | undefined
    let store: SqliteRecorder | undefined
    if (place)
      try {
        store = await (base ? stores.make(place.folder, base) : stores.begin(place.folder))
      } catch (error) {
        why = (error as Error).message
      }
    this.#store = store ?? (base ? inMemory(base) : new NewStore(':memory:'))
    this.#folder = place?.folder
    return { store: this.#store, ...(why !== undefined && { why }) }
  }

  /** Whatever is recorded now finds its database open. */
  async settled(): Promise<void> {
    if (this.#store instanceof NewStore) await this.#store.settle()
  }

  async isLike(folder: string): Promise<boolean> {
    const store = this.#store
    if (!store) throw new Refusal('No timeline is open.')
    if (store instanceof NewStore && store.isNew) return true
    return this.#needs.stores.use(folder, (other) => beginsWith(other, store))
  }

  async recordedIn(folder: string, after: number, piece: number): Promise<LogEntry[]> {
    await sqliteCode()
    const { stores, sessionOn, session } = this.#needs
    // Another session would give the cells of the open one another `school`.
    return stores.use(folder, async (store) =>
      entriesOf(session() ?? (await sessionOn(store)), store, piece, after + 1),
    )
  }

  async database(folder: string): Promise<Uint8Array> {
    await sqliteCode()
    await this.settled()
    if (this.#store && folder === this.#folder) return this.#store.bytes()
    return this.#needs.stores.use(folder, (store) => store.bytes())
  }

  /** A school on what is kept in this folder: a copy in memory, so that it can be asked again and again. */
  async schoolIn(folder: string): Promise<Application> {
    if (this.#read?.folder === folder) return this.#read.school
    const store = this.#needs.inMemory(await this.database(folder))
    await this.#read?.store.close()
    this.#read = { folder, store, school: this.#needs.schoolOn(store) }
    return this.#read.school
  }

  async bringIn(folder: string, bytes: Uint8Array): Promise<LogEntry[]> {
    const { stores, inMemory, sessionOn } = this.#needs
    await sqliteCode()
    // What cannot be opened must not get on the disk.
    const store = inMemory(bytes)
    const tried = await sessionOn(store)
    try {
      const entries = await entriesOf(tried, store, BEFORE, 1)
      await (await stores.make(folder, bytes)).close()
      return entries
    } finally {
      await tried.close()
    }
  }
}
