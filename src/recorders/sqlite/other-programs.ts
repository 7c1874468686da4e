/**
 * What other programs leave beside a SQLite file when they stop half-way, or are at work this moment.
 *
 * Commits in a write-ahead log are not in the file yet, and a hot rollback journal says that the file is in
 * the midst of a change. sql.js would see neither. Whoever wrote them can settle them.
 */
import { DatabaseChangedError } from '../../errors'
import type { Disk } from './disk'

/** @throws DatabaseChangedError if there is a write-ahead log with commits in it */
export function mustHaveNoWal(disk: Disk, path: string): void {
  const wal = Buffer.from(disk.read(`${path}-wal`) ?? [])
  if (!hasCommits(wal)) return
  throw new DatabaseChangedError(
    `${path}-wal holds commits of another program that are not in ${path} yet: close that program, ` +
      `then move them there with: sqlite3 '${path}' 'PRAGMA wal_checkpoint(TRUNCATE)'`,
  )
}

/** @throws DatabaseChangedError if there is a rollback journal that is not finished */
export function mustHaveNoHotJournal(disk: Disk, path: string): void {
  // SQLite empties, removes or zeroes a journal when its transaction has ended.
  if (!disk.read(`${path}-journal`, 1)?.[0]) return
  throw new DatabaseChangedError(
    `${path}-journal shows that another program is in the midst of a change to ${path}, or was stopped there: ` +
      `close that program, then bring the file in order with: sqlite3 '${path}' 'SELECT count(*) FROM sqlite_master'`,
  )
}

const [walHeader, frameHeader] = [32, 24]

/** Frames belong to this log as long as they carry its salt; one that ends a commit says how large the file is then. */
function hasCommits(wal: Buffer): boolean {
  if (wal.length < walHeader) return false
  const frame = frameHeader + wal.readUInt32BE(8)
  const salt = wal.subarray(16, 24)
  for (let start = walHeader; start + frame <= wal.length; start += frame) {
    if (!wal.subarray(start + 8, start + 16).equals(salt)) return false
    if (wal.readUInt32BE(start + 4) > 0) return true
  }
  return false
}
