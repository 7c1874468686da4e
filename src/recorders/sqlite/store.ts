/**
 * An open database: the engine that answers queries, the journal that makes commits durable, the file and the lock. In
 * memory there is only the engine.
 *
 * A commit is written to the journal within the engine's transaction, which ends when the disk has it: nothing can be
 * read before it is durable, and what the disk refuses is rolled back.
 */
import { StorageError } from '../../errors'
import type { Checkpoints, Files, Settings } from './checkpoints'
import { inMegabytes, TooLargeError } from './disk'
import { Engine, type QueryResult } from './engine'
import type { Outcome } from './group-commit'
import type { Commit } from './journal-format'
import type { Pages, Snapshot } from './pages'
import { mustFit, prepareSchema, rememberPosition, type Schema } from './schema'
import { insertEvents, insertSnapshot, insertTracking, maxPosition } from './tables'
import { insertTags } from './tags'
import { type Entry, Group } from './versions'
import { numbered, runSteps } from './views'

export class Store {
  readonly engine: Engine
  readonly #checkpoints: Checkpoints | undefined
  readonly #tell: (problem: Error) => void
  readonly #maxBytes: number
  /** A warning about the size was given. */
  #hasWarned = false
  /** The last position that was assigned to an event. */
  #position: number
  /** The last piece of work that was queued by `#inTurn`. */
  #last: Promise<unknown> = Promise.resolve()
  #isClosing = false

  /**
   * The database in these pages, or an empty one.
   *
   * @param onDisk connects it to a file; without it, the database is only in memory
   * @throws NotADatabaseError, NewerSchemaError if this version cannot open it
   */
  static open(
    name: string,
    settings: Settings,
    pages?: Pages,
    onDisk?: (engine: Engine, schema: Schema) => Checkpoints,
  ): Store {
    // A database that is moved to grows to its size in a minute.
    const engine = new Engine(name, settings.maxBytes, pages, settings.isMoving ? settings.maxBytes : undefined)
    try {
      const schema = prepareSchema(engine, name, settings.isMoving)
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

  /** The last position that was given to an event, which may have been deleted since. */
  get position(): number {
    return this.#position
  }

  /** Its files; undefined in memory. */
  get files(): Files | undefined {
    return this.#checkpoints?.files
  }

  /** The message of the last checkpoint's error; undefined if it succeeded. */
  get trouble(): string | undefined {
    return this.#checkpoints?.trouble
  }

  /** Records each entry as a whole or not at all. All admitted entries become durable in one step. */
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
      // The disk refuses all entries; any other error may be caused by only one of them.
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
   * Brings the file up to date while other work continues and new commits go to the journal. If it fails, everything
   * recorded is still safe there.
   */
  checkpoint(): Promise<void> {
    return this.#inTurn(() => this.#checkpoints?.catchUp(this.#position))
  }

  /**
   * Runs any statement; its changes are in the file when this resolves, or undone if it rejects.
   *
   * @throws TypeError if SQLite refuses it
   * @throws NotADatabaseError if it removes a table that is needed here
   */
  write(sql: string): Promise<QueryResult> {
    return this.#inTurn(() => this.#write(sql))
  }

  /** Writes the file, with what a move has put into the engine. No later event gets a position up to this one. */
  save(position: number): void {
    this.#position = Math.max(this.#position, position)
    this.#checkpoints?.save(this.#position)
  }

  /** Makes sure that the file has the id of the database: one that Python has made has none. */
  complete(): void {
    this.#checkpoints?.complete(this.#position)
  }

  /** Passes a snapshot of everything recorded to `work`. It stores the last position, so that none is used twice. */
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

  /** Releases everything, even if the last checkpoint fails: the journal is kept then. */
  close(): Promise<void> {
    this.#isClosing = true
    return this.#inTurn(() => this.#close())
  }

  /** Work that changes or copies files is done in sequence. */
  #inTurn<T>(work: () => T | Promise<T>): Promise<T> {
    const done = this.#last.then(work)
    this.#last = done.catch(() => {})
    return done
  }

  /** Synchronous, so that no query can see a change that is not in the file. */
  #write(sql: string): QueryResult {
    const change = (): QueryResult => this.engine.transaction(() => this.#change(sql))
    // Without a file, nothing can fail afterwards.
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
      if (this.files && !this.files.isReadOnly) await this.#checkpoints?.catchUp(this.#position)
    } finally {
      this.engine.close()
      try {
        this.files?.journal.close()
      } finally {
        this.files?.hold?.release()
      }
    }
  }

  #record(entries: readonly Entry[]): void {
    const commit: Commit = {
      events: entries.length === 1 ? entries[0]!.events : entries.flatMap(({ events }) => events),
      tracking: entries.flatMap(({ tracking }) => tracking ?? []),
      snapshots: entries.flatMap(({ snapshot }) => snapshot ?? []),
      views: numbered(
        this.engine,
        entries.flatMap(({ view }) => view ?? []),
      ),
    }
    const journal = this.files?.journal
    this.#checkpoints?.prepare(this.#position)
    const line = journal?.lineOf(commit)
    const whole = journal?.length ?? 0
    if (journal && line && whole + line.length > this.#maxBytes) throw tooLong(journal.path, this.trouble)
    try {
      this.engine.transaction(() => {
        insertEvents(this.engine, commit.events)
        insertTags(this.engine, commit.events)
        for (const tracking of commit.tracking) insertTracking(this.engine, tracking)
        for (const snapshot of commit.snapshots) insertSnapshot(this.engine, snapshot)
        if (commit.views) runSteps(this.engine, commit.views)
        if (line) journal?.append(line)
      })
    } catch (error) {
      journal?.cutBackTo(whole)
      throw error
    }
  }

  /** Warns before the database is too large. */
  #warnInTime(): void {
    if (this.#hasWarned || this.engine.size * 3 < this.#maxBytes * 2) return
    this.#hasWarned = true
    const name = this.files?.file.path ?? 'A database in memory'
    this.#tell(
      new StorageError(
        `${name} has grown to ${inMegabytes(this.engine.size)} of at most ${inMegabytes(this.#maxBytes)}: ` +
          'delete what is no longer needed, or move to another kind of database in time',
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
    ? `the file could not be brought up to date (${trouble}). Fix that, then call checkpoint()`
    : 'too much is recorded at once: use smaller saves'
  return new StorageError(`${journal} would grow too large to be read again, because ${why}`)
}
