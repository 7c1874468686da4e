/** Who has a lock, and whether they are still there. */
import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import type { Disk } from './disk'

export interface Owner {
  readonly pid: number
  readonly host: string
  /** When the process began: another process may be given the same number later. Unknown on some systems. */
  readonly began: string | undefined
  /** Which recorder it is: a process may have several. */
  readonly key: string
}

export const thisProcess = (disk: Disk): Owner => ({
  pid: process.pid,
  host: hostname(),
  began: beginning(disk, process.pid),
  key: randomUUID(),
})

/** The owner that a lock file names; nobody where it cannot be read. */
export function ownerIn(disk: Disk, path: string): Owner | undefined {
  try {
    return JSON.parse(Buffer.from(disk.read(path) ?? []).toString()) as Owner
  } catch {
    return undefined
  }
}

/** Is it certain that this owner has ended? */
export function isGone(disk: Disk, owner: Owner | undefined): boolean {
  if (owner?.host !== hostname()) return false
  if (!isAlive(owner.pid)) return true
  const began = beginning(disk, owner.pid)
  return began !== undefined && owner.began !== undefined && began !== owner.began
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** When a process began, as Linux tells it: in ticks since this start of the machine. */
function beginning(disk: Disk, pid: number): string | undefined {
  try {
    const [stat, boot] = [`/proc/${pid}/stat`, '/proc/sys/kernel/random/boot_id'].map((file) =>
      Buffer.from(disk.read(file) ?? []).toString(),
    )
    // The name of the program stands in parentheses, and may hold anything.
    const ticks = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
    return ticks && `${boot?.trim()} ${ticks}`
  } catch {
    return undefined
  }
}
