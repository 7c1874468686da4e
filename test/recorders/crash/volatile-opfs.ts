/**
 * A browser's private file system in memory. Each file can be open once. When its worker is killed, what was written is
 * there, of the last write perhaps a part; when the power fails, what was not flushed may be gone.
 */
import { createHash } from 'node:crypto'
import { browserDisk, type Disk } from 'dog-school/sqlite'
import type { OpfsFolder, OpfsHandle } from '../../../src/recorders/sqlite/opfs-files'
import type { Breakable, Survival } from './breakable'

interface Inode {
  bytes: Uint8Array
  safe: Uint8Array
  isOpen: boolean
}

export class VolatileOpfs implements Breakable {
  readonly #inodes = new Map<string, Inode>()
  steps = 0
  failsAt = Infinity
  /** From this step on, everything fails. */
  failsFrom = Infinity
  beforeStep = (): void => {}
  turns = 0
  /** How many bytes there may be. */
  quota = Infinity
  #disk: Disk | undefined

  readonly root = async (): Promise<OpfsFolder> => this.#folder()

  /** As a recorder uses it; its background work takes `turns` turns. */
  get disk(): Disk {
    if (this.#disk) return this.#disk
    const disk = browserDisk({ root: this.root, wait: 0 })
    const { writeLater } = disk
    this.#disk = {
      ...disk,
      writeLater: async (...given) => {
        for (let turn = 1; turn < this.turns; turn++) await new Promise(setImmediate)
        await writeLater(...given)
      },
    }
    return this.#disk
  }

  get contents(): string {
    return [...this.#inodes].map(([name, { bytes, safe }]) => [name, digestOf(bytes), digestOf(safe)]).join()
  }

  /** The files themselves were there long before. */
  afterFailure({ bytes: kept }: Survival): VolatileOpfs {
    return this.#copy(({ bytes, safe }) => {
      if (kept !== 'half') return kept === 'all' ? bytes : safe
      const half = bytes.length >> 1
      const mixed = bytes.slice()
      mixed.set(safe.subarray(0, half))
      return mixed
    }, true)
  }

  afterKill(): VolatileOpfs {
    return this.#copy(({ bytes }) => bytes, false)
  }

  #copy(bytesOf: (inode: Inode) => Uint8Array, isSafe: boolean): VolatileOpfs {
    const copy = new VolatileOpfs()
    for (const [name, inode] of this.#inodes) {
      const bytes = bytesOf(inode)
      copy.#inodes.set(name, { bytes, safe: isSafe ? bytes : inode.safe, isOpen: false })
    }
    return copy
  }

  #folder(): OpfsFolder {
    const inodes = this.#inodes
    return {
      getDirectoryHandle: async () => this.#folder(),
      getFileHandle: async (name) => {
        const inode = inodes.get(name) ?? { bytes: new Uint8Array(), safe: new Uint8Array(), isOpen: false }
        inodes.set(name, inode)
        return {
          createSyncAccessHandle: async () => {
            if (inode.isOpen) throw new DOMException('it is open', 'NoModificationAllowedError')
            inode.isOpen = true
            return this.#handle(inode)
          },
        }
      },
      keys: async function* () {
        yield* inodes.keys()
      },
    }
  }

  #handle(inode: Inode): OpfsHandle {
    const mustBeOpen = (): void => {
      if (!inode.isOpen) throw new DOMException('it is closed', 'InvalidStateError')
    }
    const grow = (length: number): Uint8Array => {
      let all = 0
      for (const each of this.#inodes.values()) all += each === inode ? length : each.bytes.length
      if (all > this.quota) throw new DOMException('no more room', 'QuotaExceededError')
      const bytes = new Uint8Array(length)
      bytes.set(inode.bytes.subarray(0, length))
      return bytes
    }
    return {
      read(into, { at }) {
        mustBeOpen()
        // As in Chromium.
        if ((into.buffer as { resizable?: boolean }).resizable) throw new TypeError('must not be resizable')
        const found = inode.bytes.subarray(at, at + into.length)
        into.set(found)
        return found.length
      },
      write: (bytes, { at }) => {
        mustBeOpen()
        const whole = grow(Math.max(inode.bytes.length, at + bytes.length))
        const before = inode.bytes
        const half = whole.slice()
        half.set(bytes.subarray(0, bytes.length >> 1), at)
        whole.set(bytes, at)
        // Before it, and in the midst of it.
        this.#step()
        inode.bytes = half
        try {
          this.#step()
        } catch (error) {
          inode.bytes = before
          throw error
        }
        inode.bytes = whole
        return bytes.length
      },
      truncate: (length) => {
        mustBeOpen()
        const bytes = grow(length)
        this.#step()
        inode.bytes = bytes
      },
      getSize() {
        mustBeOpen()
        return inode.bytes.length
      },
      flush: () => {
        mustBeOpen()
        this.#step()
        inode.safe = inode.bytes
      },
      close() {
        inode.isOpen = false
      },
    }
  }

  #step(): void {
    this.beforeStep()
    this.steps++
    if (this.steps === this.failsAt || this.steps >= this.failsFrom)
      throw new DOMException('injected', 'QuotaExceededError')
  }
}

const digests = new WeakMap<Uint8Array, string>()

/** Nothing here is ever changed in place, so this is done once for each. */
function digestOf(bytes: Uint8Array): string {
  const digest = digests.get(bytes) ?? createHash('sha1').update(bytes).digest('hex')
  digests.set(bytes, digest)
  return digest
}
