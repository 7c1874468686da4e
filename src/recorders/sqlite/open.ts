/** What a database may be opened with, and which of the ways to open it that means: in memory, to write, or to look at. */
import type { Disk } from './disk'
import { nodeDisk, openToRead, openToWrite } from './on-disk'
import { openable, Pages } from './pages'
import { loadSqlJs, type Wasm } from './sql-js'
import { Store } from './store'

export interface SqliteOptions {
  /** Reads the file and its journal as they are, and writes nothing. No lock is needed. */
  readonly readOnly?: boolean
  /** Opens a copy of this database in memory: what is done to it is kept nowhere. */
  readonly bytes?: Uint8Array
  /**
   * The most that the database may grow to, in bytes: 1,500,000,000 when left out, and that at the most, because all of
   * it is held in memory. What would make it larger is refused; at two thirds of it there is a warning.
   */
  readonly maxBytes?: number
  /**
   * Hears of what goes wrong where no call could reject: a checkpoint that came by itself and failed, a
   * database that is getting large. Once for each reason. Left out, it is a warning of the process.
   */
  readonly onProblem?: (problem: Error) => void
  /** Where the file `sql-wasm.wasm` of sql.js is, or what is in it, for a bundle that has it elsewhere. Said once in a process. */
  readonly wasm?: Wasm
  /** Another disk than that of this machine: for tests. */
  readonly disk?: Disk
}

/** Neither sql.js nor Node goes far beyond it, and a process that is told in time can do something about it. */
const largest = 1_500_000_000

export async function openStore(name: string, options: SqliteOptions): Promise<Store> {
  const { readOnly, bytes, disk, onProblem = warn, maxBytes = largest, wasm } = options
  if (!Number.isInteger(maxBytes) || maxBytes < 1 || maxBytes > largest)
    throw new TypeError(
      `maxBytes must be a whole number up to ${largest}, and is ${maxBytes}: correct it, or leave it out`,
    )
  await loadSqlJs(nodeDisk, wasm)
  const settings = { tell: told(onProblem), maxBytes }
  if (bytes) return Store.open(name, settings, openable(name, Pages.of(bytes)))
  if (name === ':memory:') return Store.open(name, settings)
  // Whatever can be read may be looked at.
  if (readOnly) return openToRead(name, { ...settings, maxBytes: 2 * largest }, disk)
  return openToWrite(name, settings, disk)
}

/** Who hears of a problem must not make another one: what was to be recorded is recorded. */
const told =
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
