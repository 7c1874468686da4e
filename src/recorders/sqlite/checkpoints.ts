/**
 * Checkpoints: write the engine's database to the file, and remove the part of the journal that is then in the file.
 *
 * Mostly asynchronous: what is recorded meanwhile remains in the journal.
 */
import type { DatabaseFile } from './database-file'
import { doLater, doNow, type Hold } from './disk'
import type { Engine } from './engine'
import type { Journal } from './journal'
import type { Heading } from './journal-format'
import type { Snapshot } from './pages'
import { headingOf } from './replay'
import { rememberPosition, type Schema } from './schema'

export interface Settings {
  /** Called for problems that no call can report. */
  readonly tell: (problem: Error) => void
  /** The largest size of the database, in bytes. */
  readonly maxBytes: number
  /** A database that is being moved to may be opened. */
  readonly isMoving?: boolean
}

/** The files of an open database. */
export interface Files {
  readonly file: DatabaseFile
  readonly journal: Journal
  readonly hold?: Hold | undefined
  readonly isReadOnly?: boolean
}

/**
 * In bytes. The journal may grow to this or to half of the file: so checkpoints cost the same for each event. A small
 * file is not written again and again while it grows, and reading a journal of this size takes a tenth of a second.
 */
const smallJournal = 4 * 1024 * 1024

export class Checkpoints {
  readonly files: Files
  /** The last position that had been used when the database was opened. */
  readonly position: number
  readonly #engine: Engine
  readonly #id: string
  readonly #tell: (problem: Error) => void
  /** The length of a journal that is not worth a checkpoint. */
  readonly #small: number
  /** The length of the journal at which a failed checkpoint is tried again. */
  #retryAt = 0
  #trouble: string | undefined
  /** An automatic checkpoint is running. */
  #isBusy = false
  /** The file lacks tables that the engine has, or the journal is of an old form: it must be saved before anything is added. */
  #isNew: boolean
  /** The file contains a change that was undone in the engine. */
  #isUndone = false

  constructor(engine: Engine, files: Files, { id, isNew, position }: Schema, { tell, maxBytes }: Settings) {
    this.#engine = engine
    this.files = files
    this.#id = id
    this.#isNew = isNew
    this.position = position
    this.#tell = tell
    this.#small = Math.min(smallJournal, maxBytes / 4)
  }

  /** The message of the last checkpoint's error; undefined if it succeeded. */
  get trouble(): string | undefined {
    return this.#trouble
  }

  /**
   * Prepares for adding a commit to the journal.
   *
   * @param position here and below, the last that was assigned to an event
   */
  prepare(position: number): void {
    const { file, journal, hold } = this.files
    hold?.mustBeHeld()
    journal.mustBeInPlace()
    if (this.#isNew || this.#isUndone || file.isGone) this.save(position)
    if (journal.length === 0) journal.begin(this.#heading(position))
  }

  /** Brings the file up to date if it lacks tables that the engine has, or the id of the database. */
  complete(position: number): void {
    if (this.#isNew) this.save(position)
  }

  /** Brings the file up to date, synchronously. */
  save(position: number): void {
    const { file, journal, hold } = this.files
    const snapshot = this.#frozen(position)
    try {
      doNow(file.replaced(snapshot, () => hold?.mustBeHeld()))
    } finally {
      snapshot.release()
    }
    this.#isNew = false
    this.#isUndone = false
    journal.discard()
    this.#retryAt = 0
    this.#trouble = undefined
  }

  /** Like `save`, but calls `undo` if it fails: a change must be both in the file and in the engine, or in neither. */
  saveOr(undo: () => void, position: number): void {
    const { file } = this.files
    const { seen } = file
    try {
      this.save(position)
    } catch (error) {
      undo()
      // It may also fail after the new file is in place.
      this.#isUndone = file.seen !== seen
      throw error
    }
  }

  /** Brings the file up to date, asynchronously. If it fails, the journal still has everything. */
  async catchUp(position: number): Promise<void> {
    const { file, journal, hold } = this.files
    const isWhole = !this.#isUndone && !file.isGone
    if (journal.length === 0 && isWhole) return
    try {
      if (!isWhole) return this.save(position)
      const snapshot = this.#frozen(position)
      const heading = this.#heading(position)
      journal.mark()
      try {
        await doLater(file.replaced(snapshot, () => hold?.mustBeHeld()))
        journal.cutOffAtMark(heading)
      } finally {
        journal.unmark()
        snapshot.release()
      }
      this.#retryAt = 0
      this.#trouble = undefined
    } catch (error) {
      this.#retryAt = journal.length + Math.max(this.#small, file.size / 8)
      this.#trouble = (error as Error).message
      throw error
    }
  }

  /** Calls `catchUp` if the journal is long enough. Reports a failure once for each reason; nothing is lost by it. */
  catchUpIfDue(catchUp: () => Promise<void>): void {
    const { file, journal } = this.files
    if (this.#isBusy || journal.length <= Math.max(this.#small, file.size / 2, this.#retryAt)) return
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

  /** The heading of a journal that starts now. */
  #heading(position: number): Heading {
    return headingOf(this.#engine, this.#id, position)
  }

  /** A snapshot for the file. */
  #frozen(position: number): Snapshot {
    this.files.hold?.mustBeHeld()
    this.files.file.mustBeReplaceable()
    rememberPosition(this.#engine, position)
    return this.#engine.snapshot()
  }
}
