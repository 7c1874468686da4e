/**
 * An open database: the engine that answers, the journal that makes commits durable, the file that both
 * belong to, and the lock. In memory there is the engine alone.
 *
 * A commit is in the engine's transaction when it is written to the journal, and the transaction ends after
 * the disk has it: nobody ever reads what is not durable, and what the disk refuses is rolled back.
 */
import { StorageError } from '../../errors'
import { type Entry, Group, Recorded } from './admission'
import type { DatabaseFile } from './database-file'
import type { Answer, Engine } from './engine'
import { insertEvents, insertSnapshot, insertTracking } from './event-tables'
import type { Outcome } from './group-commit'
import type { Journal } from './journal'
import type { Commit } from './journal-format'
import type { Lock } from './lock'
import { headingOf } from './replay'
import { mustFit, rememberPosition, type Schema } from './schema'

/** What an open database has on the disk. Without a lock, it is only read. */
export interface Files {
  readonly file: DatabaseFile
  readonly journal: Journal
  readonly lock?: Lock
}

/** The journal may grow to this, or to half of the file: so a checkpoint costs the same for each event. */
const smallJournal = 1024 * 1024

export class Store {
  readonly engine: Engine
  readonly files: Files | undefined
  readonly #id: string
  #recorded: Recorded
  /** The file lacks tables that the engine has: they are written before the first commit. */
  #isNew: boolean
  /** The file has a change that was undone here. */
  #isUndone = false
  #checkpointAt = 0
  #isClosed = false

  constructor(engine: Engine, schema: Schema, files?: Files) {
    this.engine = engine
    this.files = files
    this.#id = schema.id
    this.#isNew = schema.isNew
    this.#recorded = new Recorded(engine, schema.position)
  }

  /** Records each entry whole or not at all; what is admitted of them becomes durable in one step. */
  commit(entries: readonly Entry[]): Outcome<number[]>[] {
    const group = new Group(this.#recorded)
    const admitted: Entry[] = []
    const outcomes = entries.map((entry): Outcome<number[]> => {
      try {
        const value = group.admit(entry)
        admitted.push(entry)
        return { value }
      } catch (error) {
        return { error }
      }
    })
    if (admitted.length === 0) return outcomes
    try {
      this.#record(admitted)
    } catch (error) {
      // The disk refuses all of them; but if SQLite does not like one, the others must not suffer.
      if (entries.length > 1 && !(error instanceof StorageError))
        return entries.flatMap((entry) => this.commit([entry]))
      return outcomes.map((outcome) => ('error' in outcome ? outcome : { error }))
    }
    this.#recorded.learn(group)
    if (this.#isCheckpointDue()) setImmediate(() => this.#checkpointIfDue())
    return outcomes
  }

  /** Brings the file up to all that is recorded. If that fails, what is recorded is safe in the journal. */
  checkpoint(): void {
    if (this.files?.journal.length || this.#isUndone) this.#save()
  }

  /**
   * Runs a statement that writes what it likes; it is in the file when this returns, or undone if it throws.
   *
   * @throws TypeError if SQLite refuses it
   * @throws NotADatabaseError if it takes away a table that is needed here
   */
  write(sql: string): Answer {
    this.checkpoint()
    const before = this.engine.bytes()
    const seen = this.files?.file.seen
    const answer = this.engine.transaction(() => this.#change(sql))
    try {
      if (this.files) this.#save()
      return answer
    } catch (error) {
      this.engine.replace(before)
      this.#isUndone = this.files?.file.seen !== seen
      this.#recorded = new Recorded(this.engine, this.#recorded.position)
      throw error
    }
  }

  /** Lets go of everything, even where the last checkpoint fails: what is in the journal stays there. */
  close(): void {
    this.#isClosed = true
    try {
      if (this.files?.lock) this.checkpoint()
    } finally {
      this.engine.close()
      try {
        this.files?.journal.close()
      } finally {
        this.files?.lock?.release()
      }
    }
  }

  #record(entries: readonly Entry[]): void {
    const commit: Commit = {
      events: entries.flatMap(({ events }) => events),
      tracking: entries.flatMap(({ tracking }) => tracking ?? []),
      snapshots: entries.flatMap(({ snapshot }) => snapshot ?? []),
    }
    const journal = this.files?.journal
    this.files?.lock?.mustBeHeld()
    journal?.mustBeInPlace()
    if (journal && (this.#isNew || this.#isUndone)) this.#save()
    if (journal?.length === 0) journal.begin(headingOf(this.engine, this.#id, this.#recorded.position))
    const whole = journal?.length ?? 0
    try {
      this.engine.transaction(() => {
        insertEvents(this.engine, commit.events)
        for (const tracking of commit.tracking) insertTracking(this.engine, tracking)
        for (const snapshot of commit.snapshots) insertSnapshot(this.engine, snapshot)
        journal?.append(commit)
      })
    } catch (error) {
      journal?.cutBackTo(whole)
      throw error
    }
  }

  #change(sql: string): Answer {
    const answer = this.engine.once(sql)
    const file = this.files?.file.path ?? 'This database'
    mustFit(this.engine, file)
    // Versions may be others now.
    this.#recorded = new Recorded(this.engine, this.#recorded.position)
    return answer
  }

  #save(): void {
    const { file, journal, lock } = this.files!
    lock?.mustBeHeld()
    file.mustBeReplaceable()
    rememberPosition(this.engine, this.#recorded.position)
    // It may take seconds to write all of it.
    file.write(this.engine.bytes(), () => lock?.mustBeHeld())
    this.#isNew = false
    this.#isUndone = false
    journal.discard()
    this.#checkpointAt = 0
  }

  #isCheckpointDue(): boolean {
    if (!this.files) return false
    const { file, journal } = this.files
    return journal.length > Math.max(smallJournal, file.size / 2, this.#checkpointAt)
  }

  #checkpointIfDue(): void {
    if (this.#isClosed || !this.#isCheckpointDue()) return
    try {
      this.checkpoint()
    } catch {
      // Nothing is lost: the journal has it all. Tried again when that has doubled; `checkpoint()` and `close()` say why.
      this.#checkpointAt = 2 * (this.files?.journal.length ?? 0)
    }
  }
}
