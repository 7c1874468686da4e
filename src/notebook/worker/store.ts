/**
 * The stores of the page: databases in the browser's private file system, each in a folder of its own. The page gives the
 * folders their names, and knows what is in which of them.
 */
import type { Notification, NotificationQuery, Recorder } from 'dog-school'
import { browserDisk, type Disk, type SqliteOptions, SqliteRecorder, sqlite } from 'dog-school/sqlite'
import type { Root } from './alone'
import { sqliteCode } from './sqlite-code'

const NAME = 'school.db'

export class Stores {
  readonly #root: Root

  constructor(root: Root) {
    this.#root = root
  }

  /** An empty store in a new folder. @throws StorageError if the browser gives no files */
  async begin(folder: string): Promise<NewStore> {
    const disk = this.#disk(folder)
    const hold = await disk.hold?.(folder)
    return new NewStore(NAME, { disk }, () => hold?.release())
  }

  /**
   * Makes a store in a new folder, which begins as a copy of these bytes.
   *
   * @throws StorageError if the browser gives no files, or no room
   */
  async make(folder: string, bytes: Uint8Array): Promise<SqliteRecorder> {
    const disk = this.#disk(folder)
    const hold = await disk.hold?.(folder)
    try {
      disk.create(NAME, bytes)
      const store = sqlite(NAME, { disk })
      await store.open()
      return store
    } finally {
      hold?.release()
    }
  }

  /** Reads the store of a folder, which nobody has open. @throws StorageError if there is none */
  async use<T>(folder: string, work: (store: SqliteRecorder) => Promise<T>): Promise<T> {
    const store = sqlite(NAME, { disk: this.#disk(folder), readOnly: true })
    try {
      return await work(store)
    } finally {
      await store.close()
    }
  }

  #disk(folder: string): Disk {
    return browserDisk({ folder, root: this.#root })
  }
}

/**
 * An empty store, which can be used before SQLite is there: as long as nobody needs more than to hear that nothing is in it,
 * there is no database.
 */
export class NewStore extends SqliteRecorder {
  #isNew = true
  #isClosed = false
  #settling: Promise<void> | undefined
  readonly #release: () => void

  /** @param release is called when its database is open, or never will be */
  constructor(file: string, options: SqliteOptions = {}, release = () => {}) {
    super(file, options)
    this.#release = release
  }

  /** Nothing was ever recorded in it. */
  get isNew(): boolean {
    return this.#isNew
  }

  /**
   * Opens its database, if it is not open yet. The time and the chance that this takes must not be those of a run.
   *
   * @throws Error if SQLite cannot be loaded now; StorageError if there is no room for it
   */
  settle(): Promise<void> {
    this.#settling ??= this.#settle().catch((error) => {
      this.#settling = undefined
      throw error
    })
    return this.#settling
  }

  async #settle(): Promise<void> {
    await sqliteCode()
    if (this.#isClosed) return
    this.#isNew = false
    await super.open()
    await asked(this)
    this.#release()
  }

  override async open(): Promise<void> {
    if (!this.#isNew) await super.open()
  }
  override async append(...given: Parameters<SqliteRecorder['append']>): Promise<number[]> {
    this.#isNew = false
    return super.append(...given)
  }
  override async maxNotificationId(): Promise<number> {
    return this.#isNew ? 0 : super.maxNotificationId()
  }
  override async notifications(query?: NotificationQuery): Promise<Notification[]> {
    return this.#isNew ? [] : super.notifications(query)
  }
  override async close(): Promise<void> {
    this.#isClosed = true
    this.#release()
    return super.close()
  }
}

/** SQLite asks for chance when it first needs some, once: in the middle of a run, it would be the chance of that run. */
export const asked = (store: SqliteRecorder): Promise<unknown> => store.query('SELECT random()')

/** The database of any store; one in memory becomes one. */
export async function databaseOf(recorder: Recorder): Promise<Uint8Array> {
  if (recorder instanceof SqliteRecorder) return recorder.bytes()
  const copy = sqlite(':memory:')
  try {
    await copy.append(await recorder.notifications({ as: 'bytes', tagged: true }))
    return await copy.bytes()
  } finally {
    await copy.close()
  }
}

/** Whether a store begins with the events of another one, to the byte. */
export async function beginsWith(store: SqliteRecorder, other: SqliteRecorder): Promise<boolean> {
  const begin = await linesOf(other)
  const all = await linesOf(store)
  return begin.every((line, at) => line === all[at])
}

async function linesOf(store: SqliteRecorder): Promise<string[]> {
  const events = await store.notifications({ as: 'bytes', tagged: true })
  return events.map(({ state, ...event }) => JSON.stringify([event, [...(state as Uint8Array)]]))
}
