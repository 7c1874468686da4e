/**
 * One writer of a database at a time: a file beside it that names the process which has it open.
 *
 * A process that was killed leaves its lock behind. Whoever comes next sees that the owner is gone and takes
 * over, and does that under a lock of its own, so that of two who see it only one takes it.
 */
import { hostname } from 'node:os'
import { DatabaseLockedError } from '../../errors'
import type { Disk } from './disk'
import { isGone, type Owner, ownerIn, thisProcess } from './owner'

export class Lock {
  readonly #disk: Disk
  readonly #path: string
  readonly #key: string

  private constructor(disk: Disk, path: string, key: string) {
    this.#disk = disk
    this.#path = path
    this.#key = key
  }

  /** @throws DatabaseLockedError if another process, or another recorder of this one, has the database open */
  static take(disk: Disk, database: string): Lock {
    const path = `${database}.dog-school-lock`
    const owner = thisProcess(disk)
    take(disk, database, path, owner)
    return new Lock(disk, path, owner.key)
  }

  /** Is it still ours? Somebody may have removed it by hand. */
  get isHeld(): boolean {
    return ownerIn(this.#disk, this.#path)?.key === this.#key
  }

  release(): void {
    if (this.isHeld) this.#disk.remove(this.#path)
  }
}

function take(disk: Disk, database: string, path: string, owner: Owner): void {
  // It may be let go of between being there and being looked at: once more, then.
  if (created(disk, path, owner) || (!disk.stat(path) && created(disk, path, owner))) return
  const other = ownerIn(disk, path)
  if (!isGone(disk, other)) throw locked(database, path, other)
  const takeover = `${path}.takeover`
  take(disk, database, takeover, owner)
  try {
    const now = ownerIn(disk, path)
    if (now && now.key !== other?.key) throw locked(database, path, now)
    disk.remove(path)
    if (!created(disk, path, owner)) throw locked(database, path, ownerIn(disk, path))
  } finally {
    disk.remove(takeover)
  }
}

function created(disk: Disk, path: string, owner: Owner): boolean {
  return disk.create(path, Buffer.from(`${JSON.stringify(owner)}\n`))
}

function locked(database: string, path: string, owner: Owner | undefined): Error {
  const others = 'open it with { readOnly: true } to look at it meanwhile'
  if (owner?.pid === process.pid && owner.host === hostname())
    return new DatabaseLockedError(
      `${database} is open in this process already: use that recorder, or close it first; or ${others}`,
    )
  const who = owner ? `process ${owner.pid} on ${owner.host}` : 'another process'
  // Of a process on another machine, or one that has no name, it cannot be seen whether it still lives.
  const unseen = owner?.host === hostname() ? '' : `. If it is gone for good, remove ${path}`
  return new DatabaseLockedError(`${database} is open in ${who}: close it there, or ${others}${unseen}`)
}
