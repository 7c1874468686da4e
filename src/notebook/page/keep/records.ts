/** What the page keeps of the lessons, in the browser's IndexedDB: one record for each text of a lesson, written as a whole. */
import type { History } from '../../history'

export interface Kept {
  readonly history: History
  /** The folders of the stores, by the names of the timelines that they are of. */
  readonly stores: Readonly<Record<string, string>>
}

const LESSONS = 'lessons'

export class Records {
  readonly #database: IDBDatabase

  /** @throws the browser's error, where it keeps nothing */
  static async open(): Promise<Records> {
    const opening = indexedDB.open('dog-school-notebook', 1)
    opening.onupgradeneeded = () => opening.result.createObjectStore(LESSONS)
    const database = await done(opening)
    // A later version of this page may want it.
    database.onversionchange = () => database.close()
    return new Records(database)
  }

  private constructor(database: IDBDatabase) {
    this.#database = database
  }

  /** All that is kept of a lesson: of this text of it, and of earlier ones. */
  async of(lesson: number): Promise<readonly Kept[]> {
    const range = IDBKeyRange.bound([lesson], [lesson, []])
    return done(this.#database.transaction(LESSONS).objectStore(LESSONS).getAll(range))
  }

  /** Resolves when the disk has it. Whoever is killed before finds the former record. */
  async put(kept: Kept): Promise<void> {
    const { lesson, hash } = kept.history
    const writing = this.#database.transaction(LESSONS, 'readwrite', { durability: 'strict' })
    writing.objectStore(LESSONS).put(kept, [lesson, hash])
    return new Promise((resolve, reject) => {
      writing.oncomplete = () => resolve()
      writing.onabort = () => reject(writing.error)
    })
  }
}

const done = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
