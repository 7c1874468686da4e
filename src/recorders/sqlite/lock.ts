/**
 * Only one process at a time may write to a database: a file beside it names the process that has it open.
 *
 * A killed process leaves its lock behind. The next process sees that the owner is gone, and takes over while it holds
 * a second lock, so that no other process removes the first one meanwhile. If it is not certain that the owner is gone,
 * its lock is not touched.
 */
import { basename, dirname, join } from 'node:path'
import { DatabaseLockedError } from '../../errors'
import type { Disk } from './disk'
import { isCountedHere, isSurelyAlive, type Owner, ownerIn, type Processes, thisMachine } from './owner'

/** The lock file that is in the way, and its owner, unless the file cannot be read. */
interface Obstacle {
  readonly path: string
  readonly owner: Owner | undefined
}

export class Lock {
  readonly #disk: Disk
  readonly #database: string
  readonly #path: string
  readonly #key: string
  /** The stamp of the lock file when it was last known to be ours. */
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
   * Like `take`, but also for owners whose process id means nothing here, because they are in another container: each
   * process listens on a socket while it holds the lock, and the kernel knows whether it still does.
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
        // A key is never reused, so this remains true.
        gone.add(owner.key)
      }
      await tidy(disk, database, processes)
      return lock
    } catch (error) {
      lock.release()
      throw error
    }
  }

  /** Is it still ours? It may have been removed by hand. */
  get isHeld(): boolean {
    const stamp = this.#disk.stat(this.#path)?.stamp
    if (stamp === undefined) return false
    // Some file systems change the number of a file now and then, so the contents decide.
    if (stamp !== this.#seen && ownerIn(this.#disk, this.#path)?.key !== this.#key) return false
    this.#seen = stamp
    return true
  }

  /** @throws DatabaseLockedError if it was removed or replaced: another process may be writing by now */
  mustBeHeld(): void {
    if (this.isHeld) return
    const owner = ownerIn(this.#disk, this.#path)
    throw new DatabaseLockedError(
      `${this.#path} was removed or replaced while ${this.#database} was open here, and ` +
        `${owner ? `process ${owner.pid} on ${owner.host} has it open now` : 'another process may have had it open since'}: ` +
        'this recorder writes nothing more. What was recorded before is kept. Close it, then open the database again',
    )
  }

  release(): void {
    try {
      removeOwn(this.#disk, this.#path, this.#key)
    } finally {
      this.#stopListening?.()
      this.#stopListening = undefined
    }
  }
}

/** Takes the lock, or returns what is in the way. */
function attempt(disk: Disk, path: string, processes: Processes): Obstacle | undefined {
  for (let tries = 1; ; tries++) {
    if (created(disk, path, processes.self)) return undefined
    const owner = ownerIn(disk, path)
    // It may have been released before it was read: then try again.
    if (!owner && tries < 3 && !disk.stat(path)) continue
    return owner && processes.isGone(owner) ? takeOver(disk, path, owner, processes) : { path, owner }
  }
}

function takeOver(disk: Disk, path: string, gone: Owner, processes: Processes): Obstacle | undefined {
  const takeover = `${path}.takeover`
  const obstacle = attempt(disk, takeover, processes)
  if (obstacle) return obstacle
  try {
    // Another process may have taken over meanwhile: then its lock must not be removed.
    if (ownerIn(disk, path)?.key === gone.key) disk.remove(path)
    return created(disk, path, processes.self) ? undefined : { path, owner: ownerIn(disk, path) }
  } finally {
    removeOwn(disk, takeover, processes.self.key)
  }
}

function created(disk: Disk, path: string, owner: Owner): boolean {
  return disk.create(path, Buffer.from(`${JSON.stringify(owner)}\n`))
}

/** Removes a lock file if it has this key. */
function removeOwn(disk: Disk, path: string, key: string): void {
  if (ownerIn(disk, path)?.key === key) disk.remove(path)
}

/** Removes the files of processes that were killed while they took or held the lock. */
async function tidy(disk: Disk, database: string, processes: Processes): Promise<void> {
  for (const name of disk.names?.(dirname(database)) ?? []) {
    if (!name.startsWith(basename(database))) continue
    const path = join(dirname(database), name)
    const ending = name.slice(basename(database).length)
    try {
      // A process whose draft is removed writes another one.
      if (/^\.dog-school-lock(\.takeover)*\.[0-9a-f-]+$/.test(ending)) disk.remove(path)
      if (/^\.dog-school-live\.[0-9a-f]{8}$/.test(ending) && (await disk.isListening?.(path)) === false)
        disk.remove(path)
      if (/^\.dog-school-lock(\.takeover)+$/.test(ending) && !attempt(disk, path, processes))
        removeOwn(disk, path, processes.self.key)
    } catch {
      // What remains does no harm.
    }
  }
}

const lockOf = (database: string): string => `${database}.dog-school-lock`
/** Short, because the path of a socket must not be long. */
const socketOf = (database: string, { key }: Owner): string => `${database}.dog-school-live.${key.slice(0, 8)}`

/** The error says to remove the lock file only if it is not certain that its owner is alive. */
function locked(database: string, { path, owner }: Obstacle, isListening = false): Error {
  const others = 'open it with { readOnly: true }'
  if (owner && owner.pid === process.pid && isCountedHere(owner)) {
    const ended = isListening ? '' : `. If none has it open, because its thread was terminated, remove ${path}`
    return new DatabaseLockedError(
      `${database} is already open in this process: use that recorder, close it first, or ${others}${ended}`,
    )
  }
  const who = owner ? `process ${owner.pid} on ${owner.host}` : 'another process, which its lock does not name'
  const unseen =
    isListening || (owner && isSurelyAlive(owner))
      ? ''
      : `. Whether it still runs cannot be seen from here: if it has ended, or another program has its process id now, remove ${path}`
  return new DatabaseLockedError(`${database} is open in ${who}: close it there, or ${others}${unseen}`)
}
