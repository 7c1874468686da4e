/** The disk of this machine. Only this file and `sockets-on-disk.ts` use `node:fs`. */
import { randomUUID } from 'node:crypto'
import * as fs from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Disk, FileState } from './disk'
import { sockets } from './sockets-on-disk'

const flags = { new: 'wx', existing: 'r+' }
const [writeLater, syncLater] = [promisify(fs.write), promisify(fs.fdatasync)]
/** The largest file that is read, and the most that Node reads or writes in one go. */
const [largest, most] = [2 ** 31 - 1, 2 ** 30]

export const nodeDisk: Disk = {
  resolve: (path) => resolve(path.startsWith('file:') ? fileURLToPath(path) : path),

  realPath(path) {
    const found = orNothing(() => fs.realpathSync.native(path))
    if (found !== undefined) return found
    // There is no such file yet, or it is a link to one that is not there yet.
    const folder = dirname(path)
    const target = orNothing(() => (fs.lstatSync(path).isSymbolicLink() ? fs.readlinkSync(path) : undefined))
    return target === undefined
      ? join(fs.realpathSync.native(folder), basename(path))
      : nodeDisk.realPath(resolve(folder, target))
  },

  read(path, length) {
    return orNothing(() => {
      if (length === undefined) return fs.readFileSync(path)
      const fd = fs.openSync(path, 'r')
      try {
        const bytes = new Uint8Array(length)
        return bytes.subarray(0, fs.readSync(fd, bytes, 0, length, 0))
      } finally {
        fs.closeSync(fd)
      }
    })
  },

  load(path, memory) {
    const loaded = orNothing(() => {
      const fd = fs.openSync(path, 'r')
      try {
        const { size } = fs.fstatSync(fd)
        if (size > largest) throw Object.assign(new Error('it is too large'), { code: 'ERR_FS_FILE_TOO_LARGE' })
        const bytes = memory(size)
        let done = 0
        for (let read = -1; done < size && read !== 0; done += read)
          read = fs.readSync(fd, bytes, done, Math.min(size - done, most), done)
        return true
      } finally {
        fs.closeSync(fd)
      }
    })
    return loaded ?? false
  },

  stat(path) {
    return orNothing(() => {
      const stats = fs.statSync(path, { bigint: true })
      const stamp = [stats.dev, stats.ino, stats.size, stats.mtimeNs].join()
      return {
        size: Number(stats.size),
        mode: Number(stats.mode & 0o777n),
        uid: Number(stats.uid),
        gid: Number(stats.gid),
        links: Number(stats.nlink),
        isFolder: stats.isDirectory(),
        stamp,
      }
    })
  },

  mayWrite(path) {
    try {
      fs.accessSync(path, fs.constants.W_OK)
      return true
    } catch {
      return false
    }
  },

  create(path, bytes) {
    // Not named by the process: threads share its number, and so do containers.
    const draft = `${path}.${randomUUID()}`
    for (let tries = 1; ; tries++) {
      try {
        fs.writeFileSync(draft, bytes, { flush: true })
        linkOrCopy(draft, path)
        return true
      } catch (error) {
        if (codeOf(error) === 'EEXIST') return false
        // Somebody has tidied the draft away.
        if (codeOf(error) !== 'ENOENT' || tries === 10) throw error
      } finally {
        fs.rmSync(draft, { force: true })
      }
    }
  },

  open(path, how, like) {
    const fd = fs.openSync(path, flags[how], like?.mode)
    try {
      if (like) liken(fd, like)
      return { fd, path, identity: identityOf(fs.fstatSync(fd, { bigint: true })) }
    } catch (error) {
      fs.closeSync(fd)
      throw error
    }
  },

  write({ fd }, bytes, position) {
    for (let done = 0; done < bytes.length; )
      done += fs.writeSync(fd, bytes, done, Math.min(bytes.length - done, most), position + done)
  },

  async writeLater({ fd }, bytes, position) {
    for (let done = 0; done < bytes.length; )
      done += (await writeLater(fd, bytes, done, Math.min(bytes.length - done, most), position + done)).bytesWritten
  },

  truncate: ({ fd }, length) => fs.ftruncateSync(fd, length),
  sync: ({ fd }) => fs.fdatasyncSync(fd),
  syncLater: ({ fd }) => syncLater(fd),
  close: ({ fd }) => fs.closeSync(fd),

  rename(from, to) {
    const replaced = heldOpen(to)
    try {
      fs.renameSync(from, to)
    } finally {
      if (replaced !== undefined) fs.close(replaced, () => {})
    }
  },

  remove: (path) => fs.rmSync(path, { force: true }),

  syncFolder(path) {
    // Windows cannot, and does not need it.
    if (process.platform === 'win32') return
    let fd: number
    try {
      fd = fs.openSync(dirname(path), 'r')
    } catch (error) {
      // A folder may be written to and not be read; nothing can be synced then, and SQLite goes on as well.
      if (['EACCES', 'EPERM'].includes(codeOf(error) ?? '')) return
      throw error
    }
    try {
      fs.fsyncSync(fd)
    } catch (error) {
      // Some file systems have no such thing.
      if (!['EINVAL', 'ENOTSUP', 'EOPNOTSUPP'].includes(codeOf(error) ?? '')) throw error
    } finally {
      fs.closeSync(fd)
    }
  },

  isInPlace: ({ path, identity }) => orNothing(() => identityOf(fs.statSync(path, { bigint: true }))) === identity,

  names(folder) {
    try {
      return fs.readdirSync(folder)
    } catch {
      return []
    }
  },

  ...sockets,
}

/** What a symbolic link says; nothing where there is none. */
export function linkTarget(path: string): string | undefined {
  try {
    return fs.readlinkSync(path)
  } catch {
    return undefined
  }
}

/** Which file it is, whatever its name. */
const identityOf = ({ dev, ino }: fs.BigIntStats): string => `${dev} ${ino}`

/** Only the superuser may give files away, but to a group of one's own anybody may. */
function liken(fd: number, { mode, uid, gid }: FileState): void {
  const own = fs.fstatSync(fd)
  if (own.uid !== uid || own.gid !== gid)
    for (const user of new Set([uid, own.uid]))
      try {
        fs.fchownSync(fd, user, gid)
        break
      } catch {
        // The system says no, or has no owners.
      }
  // What the process masks out of a mode is put back. What that group may do is not for another one.
  const isOfGroup = fs.fstatSync(fd).gid === gid
  fs.fchmodSync(fd, isOfGroup ? mode : (mode & 0o707) | (mode & ((mode & 0o007) << 3)))
}

/**
 * A large file that is replaced is let go of when nobody has it open any more: that takes its time, and need not
 * be waited for. Windows replaces no file that is open.
 */
function heldOpen(path: string): number | undefined {
  try {
    return process.platform === 'win32' ? undefined : fs.openSync(path, 'r')
  } catch {
    return undefined
  }
}

function orNothing<T>(look: () => T): T | undefined {
  try {
    return look()
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

/** Some file systems, such as those of memory sticks, have no links. */
function linkOrCopy(from: string, to: string): void {
  try {
    fs.linkSync(from, to)
  } catch (error) {
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(codeOf(error) ?? '')) throw error
    fs.copyFileSync(from, to, fs.constants.COPYFILE_EXCL)
  }
}

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code
