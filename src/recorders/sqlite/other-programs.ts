/**
 * What other programs leave beside a SQLite file: after a crash, or while they have it open.
 *
 * Commits in a write-ahead log are not in the file yet, and a hot rollback journal means that the file is half
 * changed. sql.js would see neither. The program that wrote them, or SQLite itself, can finish its work.
 */
import { DatabaseChangedError } from '../../errors'
import { type Disk, sqlite3 } from './disk'

/** @throws DatabaseChangedError if there is a write-ahead log with commits in it */
export function mustHaveNoWal(disk: Disk, path: string): void {
  if (!hasCommits(disk.read(`${path}-wal`))) return
  throw new DatabaseChangedError(
    `${path}-wal holds commits of another program that are not in ${path} yet: close that program, ` +
      `then move them there with: ${sqlite3(path, 'PRAGMA wal_checkpoint(TRUNCATE)')}`,
  )
}

/**
 * A program that has the file open in WAL mode does not notice when it is replaced: it continues to write pages of
 * the old file to a log that SQLite would take for that of the new one. Even if the program is idle, its log exists
 * from its first access until it closes the file.
 *
 * @throws DatabaseChangedError if another program has the file open in WAL mode
 */
export function mustNotBeOpenInWalMode(disk: Disk, path: string): void {
  const suffix = ['-wal', '-shm'].find((each) => disk.stat(path + each))
  if (!suffix) return
  const tidy = suffix === '-wal' ? `with: ${sqlite3(path, 'PRAGMA journal_mode = DELETE')}` : 'by hand'
  throw new DatabaseChangedError(
    `${path} is open in another program, in WAL mode (there is ${path}${suffix}), so it was not replaced. Nothing is lost: ` +
      `what was recorded here is in ${path}.dog-school-journal. Close that program; ` +
      `if no program has the file open any more, remove ${path}${suffix} ${tidy}`,
  )
}

/** @throws DatabaseChangedError if there is an unfinished rollback journal */
export function mustHaveNoHotJournal(disk: Disk, path: string): void {
  // SQLite truncates, removes or zeroes a journal at the end of its transaction.
  if (!disk.read(`${path}-journal`, 1)?.[0]) return
  throw new DatabaseChangedError(
    `${path}-journal shows that another program is changing ${path}, or was stopped in the middle: ` +
      `close that program, then repair the file with: ${sqlite3(path, 'SELECT count(*) FROM sqlite_master')}`,
  )
}

/**
 * A rollback journal is hot, according to its first bytes, only when the file is about to change. The rest of its
 * header is there from the first statement of the transaction.
 *
 * @throws DatabaseChangedError if another program is in a transaction
 */
export function mustHaveNoTransaction(disk: Disk, path: string): void {
  if (!disk.read(`${path}-journal`, journalHeader)?.some((byte) => byte !== 0)) return
  throw new DatabaseChangedError(
    `${path}-journal shows that another program is in a transaction, so ${path} was not replaced. ` +
      `Nothing is lost: what was recorded here is in ${path}.dog-school-journal. Wait for that program, or close it; ` +
      `if it no longer runs, remove ${path}-journal`,
  )
}

const journalHeader = 28
const [walHeader, frameHeader] = [32, 24]

/** Frames belong to this log as long as they have its salt; one that ends a commit holds the size of the file. */
function hasCommits(bytes?: Uint8Array): boolean {
  if (!bytes || bytes.length < walHeader) return false
  const wal = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const frame = frameHeader + wal.getUint32(8)
  for (let start = walHeader; start + frame <= bytes.length; start += frame) {
    if (wal.getBigUint64(start + 8) !== wal.getBigUint64(16)) return false
    if (wal.getUint32(start + 4) > 0) return true
  }
  return false
}
