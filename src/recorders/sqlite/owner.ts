/**
 * Who has a lock, and whether that process has ended.
 *
 * The number of a process says something only to those who count the same processes: two containers that share
 * a host name may both be number 1. So an owner also says where its number was given: the start of the kernel
 * and the PID namespace. Elsewhere the number is not judged at all.
 */
import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import type { Disk } from './disk'
import { linkTarget, nodeDisk } from './node-disk'

export interface Owner {
  readonly pid: number
  readonly host: string
  /** When the process began: another process may be given the same number later. Unknown on some systems. */
  readonly began?: string | undefined
  /** Which recorder it is: a process may have several. It is never used again. */
  readonly key: string
  /** Whose numbers `pid` is one of; empty where that cannot be known. The first version did not say. */
  readonly numbers?: string
  /** While it lives it listens at a socket beside the database. */
  readonly listens?: boolean
}

/** The processes of this machine: an interface, so that a test can have its own. */
export interface Processes {
  readonly self: Owner
  /** Is it certain that this owner has ended? */
  isGone(owner: Owner): boolean
}

export const thisMachine = (): Processes => ({
  self: {
    pid: process.pid,
    host: hostname(),
    began: stateOf(process.pid)?.began,
    key: randomUUID(),
    numbers: numbersHere(),
  },
  isGone(owner) {
    if (!isCountedHere(owner)) return false
    const state = stateOf(owner.pid)
    if (!state) return !isAlive(owner.pid)
    return state.hasEnded || (owner.began !== undefined && owner.began !== state.began)
  },
})

/** The owner that a lock file names; nobody where it cannot be read. */
export function ownerIn(disk: Disk, path: string): Owner | undefined {
  const bytes = disk.read(path)
  try {
    const owner = JSON.parse(Buffer.from(bytes ?? []).toString()) as Owner
    return owner.pid > 0 && typeof owner.key === 'string' ? owner : undefined
  } catch {
    return undefined
  }
}

/** Does its number mean the same process here as where it was written down? */
export function isCountedHere({ host, numbers }: Owner): boolean {
  return host === hostname() && (numbers === undefined || (numbers !== '' && numbers === numbersHere()))
}

/** Is it certain that this very process still lives? */
export function isSurelyAlive(owner: Owner): boolean {
  return isCountedHere(owner) && owner.began !== undefined && owner.began === stateOf(owner.pid)?.began
}

function numbersHere(): string {
  if (process.platform !== 'linux') return process.platform
  const [pids, times] = ['pid', 'time'].map((name) => linkTarget(`/proc/self/ns/${name}`))
  // In another time namespace the same process has begun at another time.
  return boot() && pids ? `${boot()} ${pids} ${times ?? ''}` : ''
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** What Linux tells of a process: when it began, in ticks since this start of the machine, and whether it has ended. */
function stateOf(pid: number): { began: string; hasEnded: boolean } | undefined {
  // What is mounted here may show the processes of another container.
  if (linkTarget('/proc/self') !== String(process.pid)) return undefined
  const stat = textOf(`/proc/${pid}/stat`)
  // The name of the program stands in parentheses, and may hold anything.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [state, threads, ticks] = [fields?.[0], fields?.[17], fields?.[19]]
  if (!state || !ticks || !boot()) return undefined
  // Until its parent asks how it ended it keeps its number (a zombie). Another of its threads may still be writing.
  return { began: `${boot()} ${ticks}`, hasEnded: /[ZXx]/.test(state) && Number(threads) <= 1 }
}

const boot = (): string | undefined => textOf('/proc/sys/kernel/random/boot_id')?.trim()

/** A process may end while it is looked at, and then reading fails in more than one way. */
function textOf(path: string): string | undefined {
  try {
    return Buffer.from(nodeDisk.read(path) ?? []).toString()
  } catch {
    return undefined
  }
}
