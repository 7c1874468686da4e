/**
 * Brings the file up to what the engine has, and lets go of the part of the journal that is in it then.
 *
 * Mostly while the process goes on with other work: what is recorded meanwhile stays in the journal.
 */
import type { DatabaseFile } from './database-file'
import { doLater, doNow } from './disk'
import type { Engine } from './engine'
import type { Journal } from './journal'
import type { Heading } from './journal-format'
import type { Lock } from './lock'
import type { Snapshot } from './pages'
import { headingOf } from './replay'
import { rememberPosition, type Schema } from './tables'

/** What an open database has on the disk. Without a lock, it is only read. */
export interface Files {
  readonly file: DatabaseFile
  readonly journal: Journal
  readonly lock?: Lock
}

/** The journal may grow to this, or to half of the file: so a checkpoint costs the same for each event. */
const smallJournal = 1024 * 1024

export class Checkpoints {
  readonly files: Files
  /** The last position that had been given to an event when the database was opened. */
  readonly position: number
  readonly #engine: Engine
  readonly #id: string
  readonly #tell: (problem: Error) => void
  /** How long the journal may become before a checkpoint that failed is tried again. */
  #retryAt = 0
  #trouble: string | undefined
  /** One that came by itself is under way. */
  #isBusy = false
  /** The file lacks tables that the engine has. */
  #isNew: boolean
  /** The file has a change that was undone in the engine. */
  #isUndone = false

  /** @param tell hears of what goes wrong where nobody waits for it */
  constructor(engine: Engine, files: Files, { id, isNew, position }: Schema, tell: (problem: Error) => void) {
    this.#engine = engine
    this.files = files
    this.#id = id
    this.#isNew = isNew
    this.position = position
    this.#tell = tell
  }

  /** Why the file could not be brought up to date when that was last tried; nothing where it could. */
  get trouble(): string | undefined {
    return this.#trouble
  }

  /**
   * Whatever must be before a commit can be added to the journal.
   *
   * @param position here and below, the last that was given to an event
   */
  prepare(position: number): void {
    const { journal, lock } = this.files
    lock?.mustBeHeld()
    journal.mustBeInPlace()
    if (this.#isNew || this.#isUndone) this.save(position)
    if (journal.length === 0) journal.begin(this.#heading(position))
  }

  /** Brings the file up to date at once. */
  save(position: number): void {
    const { file, journal, lock } = this.files
    const snapshot = this.#frozen(position)
    try {
      doNow(file.replaced(snapshot, () => lock?.mustBeHeld()))
    } finally {
      snapshot.release()
    }
    this.#isNew = false
    this.#isUndone = false
    journal.discard()
    this.#retryAt = 0
    this.#trouble = undefined
  }

  /** The same with a change that must be in the file or nowhere. */
  saveOr(undo: () => void, position: number): void {
    const { file } = this.files
    const { seen } = file
    try {
      this.save(position)
    } catch (error) {
      undo()
      // It may fail after the new file is in its place, too.
      this.#isUndone = file.seen !== seen
      throw error
    }
  }

  /** Brings the file up to date while other work goes on. If it fails, the journal still has everything. */
  async catchUp(position: number): Promise<void> {
    const { file, journal, lock } = this.files
    if (journal.length === 0 && !this.#isUndone) return
    try {
      if (this.#isUndone) return this.save(position)
      const snapshot = this.#frozen(position)
      const heading = this.#heading(position)
      journal.mark()
      try {
        await doLater(file.replaced(snapshot, () => lock?.mustBeHeld()))
        journal.cutOffAtMark(heading)
      } finally {
        journal.unmark()
        snapshot.release()
      }
      this.#retryAt = 0
      this.#trouble = undefined
    } catch (error) {
      this.#retryAt = journal.length + Math.max(smallJournal, file.size / 8)
      this.#trouble = (error as Error).message
      throw error
    }
  }

  /** Where it is time, calls `catchUp`. Nothing is lost if that fails, but somebody must hear of it: once for each reason. */
  catchUpIfDue(catchUp: () => Promise<void>): void {
    const { file, journal } = this.files
    if (this.#isBusy || journal.length <= Math.max(smallJournal, file.size / 2, this.#retryAt)) return
    this.#isBusy = true
    const known = this.#trouble
    catchUp()
      .catch((error) => {
        if (this.#trouble !== known) this.#tell(error)
      })
      .finally(() => {
        this.#isBusy = false
      })
  }

  /** How a journal begins that goes on from what is in the engine now. */
  #heading(position: number): Heading {
    return headingOf(this.#engine, this.#id, position)
  }

  /** What the file is to hold. */
  #frozen(position: number): Snapshot {
    this.files.lock?.mustBeHeld()
    this.files.file.mustBeReplaceable()
    rememberPosition(this.#engine, position)
    return this.#engine.snapshot()
  }
}
