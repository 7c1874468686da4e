/**
 * A disk in memory that forgets what was not synced when the power fails: bytes until `sync`, names until
 * `syncFolder`. A real disk may keep any part of these; the test looks at the worst of them.
 */
import { createHash } from 'node:crypto'
import type { Disk, Handle } from 'dog-school/sqlite'
import type { Breakable, Survival } from './breakable'

interface Inode {
  readonly number: number
  bytes: Uint8Array
  safe: Uint8Array
  changes: number
}

type Names = Map<string, Inode>

export class VolatileDisk implements Disk, Breakable {
  readonly disk = this
  #names: Names = new Map()
  #safeNames: Names = new Map()
  #pending: ((names: Names) => void)[] = []
  readonly #open = new Map<number, Inode>()
  #count = 0
  steps = 0
  failsAt = Infinity
  beforeStep = (): void => {}

  afterFailure({ names, bytes }: Survival): VolatileDisk {
    const after = new Map(this.#safeNames)
    const kept = names === 'all' ? this.#pending : names === 'last' ? this.#pending.slice(-1) : []
    for (const change of kept) change(after)
    const disk = new VolatileDisk()
    for (const [name, { bytes: all, safe }] of after) {
      // The process that had the lock is this one, and lives.
      if (name.endsWith('-lock')) continue
      const half = safe.length + Math.max(0, (all.length - safe.length) >> 1)
      const inode = disk.#inode(bytes === 'all' ? all : bytes === 'half' ? all.slice(0, half) : safe)
      inode.safe = inode.bytes
      disk.#names.set(name, inode)
    }
    disk.#safeNames = new Map(disk.#names)
    return disk
  }

  afterKill(): VolatileDisk {
    const disk = new VolatileDisk()
    const copies = new Map<Inode, Inode>()
    const copyOf = (names: Names): Names => {
      const made: Names = new Map()
      for (const [name, inode] of names) {
        if (name.endsWith('-lock')) continue
        const copy = copies.get(inode) ?? { ...inode }
        copies.set(inode, copy)
        made.set(name, copy)
      }
      return made
    }
    disk.#names = copyOf(this.#names)
    disk.#safeNames = copyOf(this.#safeNames)
    return disk
  }

  get contents(): string {
    return [this.#names, this.#safeNames]
      .map((names) => [...names].sort().map(([name, { bytes, safe }]) => [name, digestOf(bytes), digestOf(safe)]))
      .join()
  }

  resolve = (path: string): string => path
  realPath = (path: string): string => path
  mayWrite = (): boolean => true
  read = (path: string, length?: number): Uint8Array | undefined => this.#names.get(path)?.bytes.slice(0, length)

  load = (path: string, memory: (size: number) => Uint8Array): boolean => {
    const bytes = this.#names.get(path)?.bytes
    if (bytes) memory(bytes.length).set(bytes)
    return bytes !== undefined
  }

  stat = (path: string) => {
    const inode = this.#names.get(path)
    if (!inode) return undefined
    return {
      size: inode.bytes.length,
      mode: 0o644,
      uid: 0,
      gid: 0,
      links: 1,
      isFolder: false,
      stamp: `${inode.number} ${inode.changes}`,
    }
  }

  create = (path: string, bytes: Uint8Array): boolean => {
    this.#step()
    if (this.#names.has(path)) return false
    const inode = this.#inode(bytes.slice())
    inode.safe = inode.bytes
    this.#rename((names) => names.set(path, inode))
    return true
  }

  open = (path: string, how: 'new' | 'existing'): Handle => {
    this.#step()
    let inode = this.#names.get(path)
    if (inode && how === 'new') throw Object.assign(new Error(`${path} exists`), { code: 'EEXIST' })
    if (!inode) {
      if (how === 'existing') throw Object.assign(new Error(`${path} is missing`), { code: 'ENOENT' })
      const made = this.#inode(new Uint8Array())
      this.#rename((names) => names.set(path, made))
      inode = made
    }
    const fd = ++this.#count
    this.#open.set(fd, inode)
    return { fd, path }
  }

  write = ({ fd }: Handle, bytes: Uint8Array, position: number): void => {
    const inode = this.#open.get(fd)!
    const all = new Uint8Array(Math.max(inode.bytes.length, position + bytes.length))
    all.set(inode.bytes)
    all.set(bytes, position)
    this.#step()
    this.#change(inode, all)
  }

  turns = 0

  writeLater = async (handle: Handle, bytes: Uint8Array, position: number): Promise<void> => {
    for (let turn = 0; turn < this.turns; turn++) await new Promise(setImmediate)
    this.write(handle, bytes, position)
  }

  syncLater = async (handle: Handle): Promise<void> => {
    this.sync(handle)
  }

  truncate = ({ fd }: Handle, length: number): void => {
    this.#step()
    const inode = this.#open.get(fd)!
    this.#change(inode, inode.bytes.slice(0, length))
  }

  sync = ({ fd }: Handle): void => {
    this.#step()
    const inode = this.#open.get(fd)!
    inode.safe = inode.bytes
  }

  close = ({ fd }: Handle): void => {
    this.#open.delete(fd)
    this.#step()
  }

  rename = (from: string, to: string): void => {
    this.#step()
    const inode = this.#names.get(from)!
    this.#rename((names) => {
      names.set(to, inode)
      if (names.get(from) === inode) names.delete(from)
    })
  }

  remove = (path: string): void => {
    this.#step()
    if (this.#names.has(path)) this.#rename((names) => names.delete(path))
  }

  syncFolder = (): void => {
    this.#step()
    this.#safeNames = new Map(this.#names)
    this.#pending = []
  }

  #inode(bytes: Uint8Array): Inode {
    return { number: ++this.#count, bytes, safe: new Uint8Array(), changes: 0 }
  }

  #change(inode: Inode, bytes: Uint8Array): void {
    inode.bytes = bytes
    inode.changes++
  }

  #rename(change: (names: Names) => void): void {
    change(this.#names)
    this.#pending.push(change)
  }

  #step(): void {
    this.beforeStep()
    if (++this.steps === this.failsAt) throw Object.assign(new Error('injected'), { code: 'EMFILE' })
  }
}

const digests = new WeakMap<Uint8Array, string>()

/** Nothing here is ever changed in place, so this is done once for each. */
function digestOf(bytes: Uint8Array): string {
  const digest = digests.get(bytes) ?? createHash('sha1').update(bytes).digest('hex')
  digests.set(bytes, digest)
  return digest
}
