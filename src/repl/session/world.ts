/** What a session needs from outside: files, processes, the store on the disk. `start.ts` provides it. */
import type { Application, Recorder } from 'dog-school'
import type { Course } from '../../course/course'
import type { PostgresRecorder } from '../../recorders/postgres'
import type { SqliteRecorder } from '../../recorders/sqlite'
import type { Preloaded } from '../cells/evaluator'
import type { Scratch } from './scratch'
import type { Store } from './store'

export interface World {
  /** Opens a store: an absolute path, `:memory:`, or the address of a PostgreSQL server. */
  openStore(name: string, options?: { readOnly?: boolean }): Store
  /** Opens a store in memory, optionally with the bytes of a database. */
  inMemory(bytes?: Uint8Array): SqliteRecorder
  /** Does some work in a schema that is made for it, on the server of this store, and dropped at the end. */
  inScratch<T>(store: PostgresRecorder, work: (scratch: Scratch) => Promise<T>): Promise<T>
  /** Makes the school of this session on a store: the learner's own, or that of the course. */
  schoolOn(recorder: Recorder): Application
  /** The course, and the learner's work on it. */
  readonly course: Course
  /**
   * If the learner's own school has passed its checkpoint or was edited, returns its names, and `schoolOn` makes it from now on.
   * Called before each line, because an editor and `npm run checkpoint` are other programs.
   */
  learnersSchool(): Promise<{ readonly names?: Readonly<Record<string, Preloaded>>; readonly says: string } | undefined>
  /** Resolves a path from the folder in which the prompt was started; an address stays as it is. */
  resolve(file: string): string
  readText(file: string): Promise<string>
  /** Refuses to overwrite a file. */
  writeText(file: string, text: string): Promise<void>
  /** Copies a store to a new file. */
  copyStore(store: Store, file: string): Promise<void>
  /** The import statements for the names of the prompt, for a file at this path. */
  importsFor(file: string): readonly string[]
  /** Notes how many events were acknowledged before a deliberate crash; the next session compares. */
  noteCrash(store: string, acknowledged: number): Promise<void>
  /** Returns what was noted before the last deliberate crash, once. */
  crashOf(store: string): Promise<number | undefined>
  /** Ends the process as `kill -9` does. */
  die(): never
}
