/**
 * An open database: the engine that answers, the journal that makes commits durable, the file that both
 * belong to, and the lock. In memory there is the engine alone.
 *
 * A commit is in the engine's transaction when it is written to the journal, and the transaction ends after
 * the disk has it: nobody ever reads what is not durable, and what the disk refuses is rolled back.
 */
import { StorageError } from '../../errors'
import type { Checkpoints, Files } from './checkpoints'
import { inMegabytes, TooLargeError } from './disk'
import { Engine, type QueryResult } from './engine'
import type { Outcome } from './group-commit'
import type { Commit } from './journal-format'
import type { Pages, Snapshot } from './pages'
import {
  insertEvents,
  insertSnapshot,
  insertTracking,
  maxPosition,
  mustFit,
  prepareSchema,
  rememberPosition,
  type Schema,
} from './tables'
import { type Entry, Group } from './versions'

export interface Settings {
  /** Hears of what goes wrong where nobody waits for it. */
  readonly tell: (problem: Error) => void
  /** The most that the database may grow to. */
  readonly maxBytes: number
}

export class Store {
  readonly engine: Engine
  readonly #checkpoints: Checkpoints | undefined
  readonly #tell: (problem: Error) => void
  readonly #maxBytes: number
  /** It is getting large, and somebody has heard of it. */
  #isTold = false
  /** The last position that was given to an event. */
  #position: number
  /** What was asked for last of what is done one after another. */
  #last: Promise<unknown> = Promise.resolve()
  #isClosing = false

  /**
   * The database in these pages, or an empty one.
   *
   * @param onDisk makes what keeps it in a file; left out, it is kept in memory alone
   * @throws NotADatabaseError, NewerSchemaError if it is none that can be opened
   */
  static open(
    name: string,
    settings: Settings,
    pages?: Pages,
    onDisk?: (engine: Engine, schema: Schema) => Checkpoints,
  ): Store {
    const engine = new Engine(name, settings.maxBytes, pages)
    try {
      const schema = prepareSchema(engine, name)
      const checkpoints = onDisk?.(engine, schema)
      return new Store(engine, settings, checkpoints?.position ?? schema.position, checkpoints)
    } catch (error) {
      engine.close()
      throw error
    }
  }

  private constructor(engine: Engine, { tell, maxBytes }: Settings, position: number, checkpoints?: Checkpoints) {
    this.engine = engine
    this.#checkpoints = checkpoints
    this.#tell = tell
    this.#maxBytes = maxBytes
    this.#position = Math.max(position, maxPosition(engine))
  }

  /** What it has on the disk; nothing in memory. */
  get files(): Files | undefined {
    return this.#checkpoints?.files
  }

  /** Why the file could not be brought up to date when that was last tried; nothing where it could. */
  get trouble(): string | undefined {
    return this.#checkpoints?.trouble
  }

  /** Records each entry whole or not at all; what is admitted of them becomes durable in one step. */
  commit(entries: readonly Entry[]): Outcome<number[]>[] {
    const group = new Group(this.engine, this.#position)
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
      // The disk refuses all of them; but what is wrong with one is not the fault of the others.
      if (entries.length > 1 && (!(error instanceof StorageError) || error instanceof TooLargeError))
        return entries.flatMap((entry) => this.commit([entry]))
      return outcomes.map((outcome) => ('error' in outcome ? outcome : { error }))
    }
    this.#position = group.position
    this.#warnInTime()
    if (!this.#isClosing) this.#checkpoints?.catchUpIfDue(() => this.checkpoint())
    return outcomes
  }

  /**
   * Brings the file up to all that is recorded now, while other work goes on, and new commits are recorded in the
   * journal. If that fails, what is recorded is safe there.
   */
  checkpoint(): Promise<void> {
    return this.#inTurn(() => this.#checkpoints?.catchUp(this.#position))
  }

  /**
   * Runs a statement that writes what it likes; it is in the file when this resolves, or undone if it rejects.
   *
   * @throws TypeError if SQLite refuses it
   * @throws NotADatabaseError if it takes away a table that is needed here
   */
  write(sql: string): Promise<QueryResult> {
    return this.#inTurn(() => this.#write(sql))
  }

  /** Lets something be done with all that is recorded now. Whoever goes on from it gives no position again either. */
  use<T>(work: (snapshot: Snapshot) => T | Promise<T>): Promise<T> {
    return this.#inTurn(async () => {
      rememberPosition(this.engine, this.#position)
      const snapshot = this.engine.snapshot()
      try {
        return await work(snapshot)
      } finally {
        snapshot.release()
      }
    })
  }

  /** Lets go of everything, even where the last checkpoint fails: what is in the journal stays there. */
  close(): Promise<void> {
    this.#isClosing = true
    return this.#inTurn(() => this.#close())
  }

  /** What changes or copies files is done one after another. */
  #inTurn<T>(work: () => T | Promise<T>): Promise<T> {
    const done = this.#last.then(work)
    this.#last = done.catch(() => {})
    return done
  }

  /** Nothing is done in between: whoever reads sees what is in the file. */
  #write(sql: string): QueryResult {
    const change = (): QueryResult => this.engine.transaction(() => this.#change(sql))
    // Without a file, nothing comes afterwards that could fail.
    if (!this.#checkpoints) return change()
    if (this.files?.journal.length) this.#checkpoints.save(this.#position)
    const before = this.engine.snapshot()
    try {
      const answer = change()
      this.#checkpoints.saveOr(() => this.engine.restore(before), this.#position)
      return answer
    } finally {
      before.release()
    }
  }

  async #close(): Promise<void> {
    try {
      if (this.files?.lock) await this.#checkpoints?.catchUp(this.#position)
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
      events: entries.length === 1 ? entries[0]!.events : entries.flatMap(({ events }) => events),
      tracking: entries.flatMap(({ tracking }) => tracking ?? []),
      snapshots: entries.flatMap(({ snapshot }) => snapshot ?? []),
    }
    const journal = this.files?.journal
    this.#checkpoints?.prepare(this.#position)
    const line = journal?.lineOf(commit)
    const whole = journal?.length ?? 0
    if (journal && line && whole + line.length > this.#maxBytes) throw tooLong(journal.path, this.trouble)
    try {
      this.engine.transaction(() => {
        insertEvents(this.engine, commit.events)
        for (const tracking of commit.tracking) insertTracking(this.engine, tracking)
        for (const snapshot of commit.snapshots) insertSnapshot(this.engine, snapshot)
        if (line) journal?.append(line)
      })
    } catch (error) {
      journal?.cutBackTo(whole)
      throw error
    }
  }

  /** While there is time to do something about it. */
  #warnInTime(): void {
    if (this.#isTold || this.engine.size * 3 < this.#maxBytes * 2) return
    this.#isTold = true
    const name = this.files?.file.path ?? 'A database in memory'
    this.#tell(
      new StorageError(
        `${name} has grown to ${inMegabytes(this.engine.size)}, and may grow to ${inMegabytes(this.#maxBytes)}: ` +
          'take out what is not needed any more, or move to a database of another kind in time',
      ),
    )
  }

  #change(sql: string): QueryResult {
    const answer = this.engine.once(sql)
    const file = this.files?.file.path ?? 'This database'
    mustFit(this.engine, file)
    this.#position = Math.max(this.#position, maxPosition(this.engine))
    return answer
  }
}

function tooLong(journal: string, trouble?: string): StorageError {
  const why = trouble
    ? ` the file could not be brought up to date (${trouble}). Mend that, then call checkpoint()`
    : ' so much is recorded at once'
  return new StorageError(`${journal} would grow larger than what can be read again, because${why}`)
}
