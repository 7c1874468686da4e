/** The options of a database, and how it is opened: in memory, for writing, or for reading. */
import type { Disk } from './disk'
import { openToRead, openToWrite } from './on-disk'
import { openable, Pages } from './pages'
import { ownDisk } from './platform'
import { loadSqlJs, type Wasm } from './sql-js'
import { Store } from './store'

export interface SqliteOptions {
  /**
   * Only reads the file and its journal, without taking the lock. What the process that writes records afterwards is not
   * seen, and wakes nobody here: open it again, or follow the log that the other process serves (`dog-school/http`).
   */
  readonly readOnly?: boolean
  /** Opens a copy of this database in memory: changes to it are not stored. */
  readonly bytes?: Uint8Array
  /**
   * The largest size of the database in bytes; 1,500,000,000 by default and at most, because all of it is in memory. A
   * commit that would exceed it is refused; at two thirds of it there is a warning.
   */
  readonly maxBytes?: number
  /**
   * Called for problems that no call can report: an automatic checkpoint that failed, a database that is getting large.
   * Called once for each reason; by default, it emits a warning of the process.
   */
  readonly onProblem?: (problem: Error) => void
  /** The path, URL or contents of sql.js's file `sql-wasm.wasm`, for bundles. Once in a process is enough. */
  readonly wasm?: Wasm
  /** In place of the disk of this machine: `browserDisk(…)`, or one that fails, for tests. */
  readonly disk?: Disk
}

/** In bytes. Neither sql.js nor Node can handle much more, so there must be a warning in time. */
const largest = 1_500_000_000

/** @param isMoving a database that is being moved to may be opened */
export async function openStore(name: string, options: SqliteOptions, isMoving = false): Promise<Store> {
  const { readOnly, bytes, disk, onProblem = warn, maxBytes = largest, wasm } = options
  if (!Number.isInteger(maxBytes) || maxBytes < 1 || maxBytes > largest)
    throw new TypeError(
      `maxBytes must be a whole number from 1 to ${largest}, not ${maxBytes}: correct it or leave it out`,
    )
  await loadSqlJs(ownDisk, wasm)
  const settings = { tell: safely(onProblem), maxBytes, isMoving }
  if (bytes) return Store.open(name, settings, openable(name, Pages.of(bytes)))
  if (name === ':memory:') return Store.open(name, settings)
  // A file that is already larger can still be read.
  if (readOnly) return openToRead(name, { ...settings, maxBytes: 2 * largest }, disk)
  return openToWrite(name, settings, disk)
}

/** An error of the callback must not reject a commit that is already recorded. */
const safely =
  (hear: (problem: Error) => void) =>
  (problem: Error): void => {
    try {
      hear(problem)
    } catch (error) {
      warn(error as Error)
    }
  }

function warn(problem: Error): void {
  // In a browser there is no process.
  if (typeof process === 'object') process.emitWarning(problem)
  else console.warn(`${problem.name}: ${problem.message}`)
}
