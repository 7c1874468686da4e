/**
 * One writer of a database at a time: a file beside it that names the process which has it open.
 *
 * A process that was killed leaves its lock behind. Whoever comes next sees that the owner is gone and takes
 * over, and does that under a lock of its own: as long as that is held, nobody else removes what a gone owner
 * has left. Of whom it is not certain that they are gone, the lock is left alone.
 */
import { basename, dirname, join } from 'node:path'
import { DatabaseLockedError } from '../../errors'
import type { Disk } from './disk'
import { isCountedHere, isSurelyAlive, type Owner, ownerIn, type Processes, thisMachine } from './owner'

/** The lock file that is in the way, and whose it is; nobody's where it cannot be read. */
interface Obstacle {
  readonly path: string
  readonly owner: Owner | undefined
}

export class Lock {
  readonly #disk: Disk
  readonly #database: string
  readonly #path: string
  readonly #key: string
  /** The lock file as it was when it was last seen to be ours. */
  #seen: string | undefined
  #stopListening: (() => void) | undefined

  private constructor(disk: Disk, database: string, key: string, stopListening?: () => void) {
    this.#disk = disk
    this.#database = database
    this.#path = lockOf(database)
    this.#key = key
    this.#stopListening = stopListening
  }

  /** @throws DatabaseLockedError if another process, or another recorder of this one, has the database open */
  static take(disk: Disk, database: string, processes: Processes = thisMachine()): Lock {
    const obstacle = attempt(disk, lockOf(database), processes)
    if (obstacle) throw locked(database, obstacle)
    return new Lock(disk, database, processes.self.key)
  }

  /**
   * The same, but where the number of an owner says nothing, because it was given in another container, the
   * kernel is asked: a process listens at a socket for as long as it has the lock.
   *
   * @throws DatabaseLockedError if another process, or another recorder of this one, has the database open
   */
  static async acquire(disk: Disk, database: string, { self, isGone }: Processes = thisMachine()): Promise<Lock> {
    const stopListening = await disk.listen?.(socketOf(database, self))
    const lock = new Lock(disk, database, self.key, stopListening)
    const gone = new Set<string>()
    const processes: Processes = {
      self: { ...self, listens: stopListening !== undefined },
      isGone: (owner) => gone.has(owner.key) || isGone(owner),
    }
    try {
      for (;;) {
        const obstacle = attempt(disk, lockOf(database), processes)
        if (!obstacle) break
        const { owner } = obstacle
        const isListening = owner?.listens ? await disk.isListening?.(socketOf(database, owner)) : undefined
        if (!owner || isListening !== false) throw locked(database, obstacle, isListening)
        // A key is never used again, so this stays true.
        gone.add(owner.key)
      }
      await tidy(disk, database, processes)
      return lock
    } catch (error) {
      lock.release()
      throw error
    }
  }

  /** Is it still ours? Somebody may have removed it by hand. */
  get isHeld(): boolean {
    const stamp = this.#disk.stat(this.#path)?.stamp
    if (stamp === undefined) return false
    // Some file systems give a file another number now and then, so only what is in it decides.
    if (stamp !== this.#seen && ownerIn(this.#disk, this.#path)?.key !== this.#key) return false
    this.#seen = stamp
    return true
  }

  /** @throws DatabaseLockedError if it was removed or replaced: somebody else may be writing by now */
  mustBeHeld(): void {
    if (this.isHeld) return
    const owner = ownerIn(this.#disk, this.#path)
    throw new DatabaseLockedError(
      `${this.#path} was removed or replaced while ${this.#database} was open here, and ` +
        `${owner ? `process ${owner.pid} on ${owner.host} has it open now` : 'another process may have had it open since'}: ` +
        'nothing more is written to it here. What was recorded before is kept. Close this recorder, then open the database again',
    )
  }

  release(): void {
    try {
      letGo(this.#disk, this.#path, this.#key)
    } finally {
      this.#stopListening?.()
      this.#stopListening = undefined
    }
  }
}

/** Takes the lock, or says what is in the way. */
function attempt(disk: Disk, path: string, processes: Processes): Obstacle | undefined {
  for (let tries = 1; ; tries++) {
    if (created(disk, path, processes.self)) return undefined
    const owner = ownerIn(disk, path)
    // It may be let go of between being there and being looked at: once more, then.
    if (!owner && tries < 3 && !disk.stat(path)) continue
    return owner && processes.isGone(owner) ? takeOver(disk, path, owner, processes) : { path, owner }
  }
}

function takeOver(disk: Disk, path: string, gone: Owner, processes: Processes): Obstacle | undefined {
  const takeover = `${path}.takeover`
  const obstacle = attempt(disk, takeover, processes)
  if (obstacle) return obstacle
  try {
    // Meanwhile somebody else may have taken over and let go again. Then what is there is not to be removed.
    if (ownerIn(disk, path)?.key === gone.key) disk.remove(path)
    return created(disk, path, processes.self) ? undefined : { path, owner: ownerIn(disk, path) }
  } finally {
    letGo(disk, takeover, processes.self.key)
  }
}

function created(disk: Disk, path: string, owner: Owner): boolean {
  return disk.create(path, Buffer.from(`${JSON.stringify(owner)}\n`))
}

function letGo(disk: Disk, path: string, key: string): void {
  if (ownerIn(disk, path)?.key === key) disk.remove(path)
}

/** Removes what processes have left that were killed while they took the lock, or while they had it. */
async function tidy(disk: Disk, database: string, processes: Processes): Promise<void> {
  for (const name of disk.names?.(dirname(database)) ?? []) {
    if (!name.startsWith(basename(database))) continue
    const path = join(dirname(database), name)
    const ending = name.slice(basename(database).length)
    try {
      // Whoever finds its draft removed writes another one.
      if (/^\.dog-school-lock(\.takeover)*\.[0-9a-f-]+$/.test(ending)) disk.remove(path)
      if (/^\.dog-school-live\.[0-9a-f]{8}$/.test(ending) && (await disk.isListening?.(path)) === false)
        disk.remove(path)
      if (/^\.dog-school-lock(\.takeover)+$/.test(ending) && !attempt(disk, path, processes))
        letGo(disk, path, processes.self.key)
    } catch {
      // It is in nobody's way.
    }
  }
}

const lockOf = (database: string): string => `${database}.dog-school-lock`
/** A short name, because that of a socket may not be long. */
const socketOf = (database: string, { key }: Owner): string => `${database}.dog-school-live.${key.slice(0, 8)}`

/** What to do is said of each, and that a lock may be removed only of those that are not certain to live. */
function locked(database: string, { path, owner }: Obstacle, isListening = false): Error {
  const others = 'open it with { readOnly: true } to look at it meanwhile'
  if (owner && owner.pid === process.pid && isCountedHere(owner)) {
    const ended = isListening ? '' : `. If none has it open, because its thread was ended, remove ${path}`
    return new DatabaseLockedError(
      `${database} is open in this process already: use that recorder, or close it first; or ${others}${ended}`,
    )
  }
  const who = owner ? `process ${owner.pid} on ${owner.host}` : 'another process, which cannot be told from its lock'
  const unseen =
    isListening || (owner && isSurelyAlive(owner))
      ? ''
      : `. Whether it still lives cannot be seen from here: if it is gone for good, or another program has its number by now, remove ${path}`
  return new DatabaseLockedError(`${database} is open in ${who}: close it there, or ${others}${unseen}`)
}
