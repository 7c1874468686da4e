/** What a session cannot do by itself: files, processes, the store on the disk. `start.ts` does it. */
import type { Application, Recorder } from 'dog-school'
import type { Course } from '../../course/course'
import type { SqliteRecorder } from '../../recorders/sqlite'
import type { Preloaded } from '../cells/evaluator'

/** What a session needs from outside; the code that starts it provides this. */
export interface World {
  /** Opens a store; an absolute path, or `:memory:` with perhaps the bytes of a database. */
  openStore(file: string, options?: { readOnly?: boolean; bytes?: Uint8Array }): SqliteRecorder
  /** The school of this session on a store: the learner's own, or the one that comes with the kit. */
  schoolOn(recorder: Recorder): Application
  /** The course, and the learner's work on it. */
  readonly course: Course
  /**
   * Looks whether the learner's own school has passed its checkpoint, or was edited: its names, if so, and `schoolOn` makes
   * it from now on. Asked before each line, because an editor and `npm run checkpoint` are other programs.
   */
  learnersSchool(): Promise<{ readonly names?: Readonly<Record<string, Preloaded>>; readonly says: string } | undefined>
  /** A path as it was typed, from where the prompt was started. */
  resolve(file: string): string
  readText(file: string): Promise<string>
  /** Refuses to overwrite what is there. */
  writeText(file: string, text: string): Promise<void>
  /** Writes all that is recorded into a new file. */
  copyStore(recorder: SqliteRecorder, file: string): Promise<void>
  /** The import statements for what is preloaded, for a file at this path. */
  importsFor(file: string): readonly string[]
  /** Notes how much was acknowledged before a crash on purpose; the next session compares. */
  noteCrash(file: string, acknowledged: number): Promise<void>
  /** What was noted before the last crash on purpose, once. */
  crashOf(file: string): Promise<number | undefined>
  /** Ends the process as `kill -9` does. */
  die(): never
}
