/** What a disk in memory lets a test do: stop at any step, and look at what would be there afterwards. */
import type { Disk } from 'dog-school/sqlite'

/** Which of the names and bytes that were not synced are there after the power has failed. */
export interface Survival {
  readonly names: 'none' | 'all' | 'last'
  readonly bytes: 'none' | 'half' | 'all'
}

export interface Breakable {
  readonly disk: Disk
  /** How many steps it has done. */
  readonly steps: number
  /** The one step that fails, after which everything works again. */
  failsAt: number
  /** Is called before each step, as if the power failed there. */
  beforeStep: () => void
  /** How many turns a write in the background takes: with 3, something else can be committed meanwhile. */
  turns: number
  /** A string that is equal for disks with equal contents. */
  readonly contents: string
  /** The disk that is found when the power is back: what was synced is there, and of the rest what survives. */
  afterFailure(survival: Survival): Breakable
  /** The disk that the next process finds when this one was killed: all is there, and may still be forgotten. */
  afterKill(): Breakable
}
