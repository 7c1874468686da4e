/**
 * What stands in the place of `platform.ts` of the SQLite recorder where answers are judged: its files are among those that
 * the learner's code sees, and it locks them as in Node.
 */
import type { Disk, Hold } from '../../../recorders/sqlite/disk'
import { Lock } from '../../../recorders/sqlite/lock'
import { nodeDisk } from '../../../recorders/sqlite/node-disk'
import { lock as none } from '../../../recorders/sqlite/platform-browser'

export { crc32, sha256 } from '../../../recorders/sqlite/platform-browser'

let disk: Disk = nodeDisk

/** From now on, databases are on this disk. */
export function useDisk(other: Disk): void {
  disk = other
}

export const ownDisk = new Proxy({} as Disk, { get: (_, name) => Reflect.get(disk, name) })

export const lock = (on: Disk, database: string): Promise<Hold> =>
  disk === nodeDisk ? Lock.acquire(on, database) : none(on, database)
