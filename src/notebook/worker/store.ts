/**
 * The stores of the page: databases in the browser's private file system, each in a folder of its own. The page gives the
 * folders their names, and knows what is in which of them.
 */
import type { Recorder } from 'dog-school'
import { browserDisk, type Disk, SqliteRecorder, sqlite } from 'dog-school/sqlite'
import type { Root } from './alone'

const NAME = 'school.db'

export class Stores {
  readonly #root: Root

  constructor(root: Root) {
    this.#root = root
  }

  /**
   * Makes a store in a new folder, which begins as a copy of these bytes.
   *
   * @throws StorageError if the browser gives no files, or no room
   */
  async make(folder: string, bytes?: Uint8Array): Promise<SqliteRecorder> {
    const disk = this.#disk(folder)
    const hold = await disk.hold?.(folder)
    try {
      if (bytes) disk.create(NAME, bytes)
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
