/**
 * The owner of a lock, and whether its process has ended.
 *
 * A process id means something only in one PID namespace: in two containers with the same host name, both processes
 * may have the id 1. So an owner also records the boot id of the kernel and its PID namespace. Anywhere else, its
 * process id is not looked up at all.
 */
import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import type { Disk } from './disk'
import { linkTarget, nodeDisk } from './node-disk'

export interface Owner {
  readonly pid: number
  readonly host: string
  /** When the process started: another process may get the same id later. Unknown on some systems. */
  readonly began?: string | undefined
  /** Identifies the recorder, since a process may have several. Never reused. */
  readonly key: string
  /** The boot id and namespace of `pid`; empty if unknown. The first version did not write it. */
  readonly numbers?: string
  /** It listens on a socket beside the database while it holds the lock. */
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

/** The owner that a lock file names; undefined if it cannot be read. */
export function ownerIn(disk: Disk, path: string): Owner | undefined {
  const bytes = disk.read(path)
  try {
    const owner = JSON.parse(Buffer.from(bytes ?? []).toString()) as Owner
    return owner.pid > 0 && typeof owner.key === 'string' ? owner : undefined
  } catch {
    return undefined
  }
}

/** Does its process id mean the same process here as where it was written? */
export function isCountedHere({ host, numbers }: Owner): boolean {
  return host === hostname() && (numbers === undefined || (numbers !== '' && numbers === numbersHere()))
}

/** Is it certain that this process is still alive? */
export function isSurelyAlive(owner: Owner): boolean {
  return isCountedHere(owner) && owner.began !== undefined && owner.began === stateOf(owner.pid)?.began
}

function numbersHere(): string {
  if (process.platform !== 'linux') return process.platform
  const [pids, times] = ['pid', 'time'].map((name) => linkTarget(`/proc/self/ns/${name}`))
  // The start time of a process depends on the time namespace.
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

/** What Linux reports about a process: when it started, in ticks since this boot, and whether it has ended. */
function stateOf(pid: number): { began: string; hasEnded: boolean } | undefined {
  // The /proc that is mounted here may show the processes of another container.
  if (linkTarget('/proc/self') !== String(process.pid)) return undefined
  const stat = textOf(`/proc/${pid}/stat`)
  // The name of the program is in parentheses, and may contain anything.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [state, threads, ticks] = [fields?.[0], fields?.[17], fields?.[19]]
  if (!state || !ticks || !boot()) return undefined
  // A zombie has ended, unless another of its threads still runs, which may be writing.
  return { began: `${boot()} ${ticks}`, hasEnded: /[ZXx]/.test(state) && Number(threads) <= 1 }
}

const boot = (): string | undefined => textOf('/proc/sys/kernel/random/boot_id')?.trim()

/** The contents of a file in /proc. If the process ends meanwhile, reading fails in more than one way. */
function textOf(path: string): string | undefined {
  try {
    return Buffer.from(nodeDisk.read(path) ?? []).toString()
  } catch {
    return undefined
  }
}
