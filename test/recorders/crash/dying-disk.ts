/** A disk that ends the process with SIGKILL before its n-th step, or in the midst of it if that is a write. */
import type { Disk } from 'dog-school/sqlite'
import { later } from './later'

export interface Dying {
  readonly disk: Disk
  /** How many steps there were, and which of them were writes. */
  readonly counted: { steps: number; readonly writes: number[] }
}

export function dying(real: Disk, stop: number, moment: string): Dying {
  const counted = { steps: 0, writes: [] as number[] }

  /** Counts this step, and ends the process if it is the one. */
  function count(half?: () => void): void {
    counted.steps++
    if (half) counted.writes.push(counted.steps)
    if (counted.steps !== stop) return
    if (moment === 'midst') half?.()
    process.kill(process.pid, 'SIGKILL')
  }

  const disk: Disk = {
    ...real,
    create(path, bytes) {
      count()
      return real.create(path, bytes)
    },
    open(path, how, like) {
      count()
      return real.open(path, how, like)
    },
    write(handle, bytes, position) {
      count(() => real.write(handle, bytes.subarray(0, bytes.length / 2), position))
      real.write(handle, bytes, position)
    },
    ...later(() => disk),
    truncate(handle, length) {
      count()
      real.truncate(handle, length)
    },
    sync(handle) {
      count()
      real.sync(handle)
    },
    rename(from, to) {
      count()
      real.rename(from, to)
    },
    remove(path) {
      count()
      real.remove(path)
    },
    syncFolder(path) {
      count()
      real.syncFolder(path)
    },
  }
  return { disk, counted }
}
