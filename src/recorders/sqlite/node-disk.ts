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
/** In bytes: the largest file that is read, and the most that Node reads or writes in one call. */
const [largest, most] = [2 ** 31 - 1, 2 ** 30]

export const nodeDisk: Disk = {
  resolve: (path) => resolve(path.startsWith('file:') ? pathOf(path) : path),

  realPath(path) {
    const found = orNothing(() => fs.realpathSync.native(path))
    if (found !== undefined) return found
    // The file does not exist yet, or it is a link to one that does not exist yet.
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
    // Not named by the process id, which threads share, and containers too.
    const draft = `${path}.${randomUUID()}`
    for (let tries = 1; ; tries++) {
      try {
        fs.writeFileSync(draft, bytes, { flush: true })
        linkOrCopy(draft, path)
        return true
      } catch (error) {
        if (codeOf(error) === 'EEXIST') return false
        // Another process has removed the draft.
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
    // Windows cannot do this, and does not need it.
    if (process.platform === 'win32') return
    let fd: number
    try {
      fd = fs.openSync(dirname(path), 'r')
    } catch (error) {
      // A folder that is writable but not readable cannot be synced; SQLite ignores this too.
      if (['EACCES', 'EPERM'].includes(codeOf(error) ?? '')) return
      throw error
    }
    try {
      fs.fsyncSync(fd)
    } catch (error) {
      // Some file systems cannot sync folders.
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

/** Node would take `file:a.db` for a file in the root, and ignore `?mode=ro`. @throws TypeError for both */
function pathOf(url: string): string {
  const { search, hash } = new URL(url)
  if (url.startsWith('file:/') && !search && !hash) return fileURLToPath(url)
  throw new TypeError(
    `${url} is not the URL of a file: write its path, or file:///…/a.db with %3F and %23 for ? and #; for reading only, pass { readOnly: true }`,
  )
}

/** The target of a symbolic link; undefined if there is none. */
export function linkTarget(path: string): string | undefined {
  try {
    return fs.readlinkSync(path)
  } catch {
    return undefined
  }
}

/** Identifies a file, whatever its name. */
const identityOf = ({ dev, ino }: fs.BigIntStats): string => `${dev} ${ino}`

/** Copies owner and mode. Only the superuser may change the owner, but anyone may choose one of their own groups. */
function liken(fd: number, { mode, uid, gid }: FileState): void {
  const own = fs.fstatSync(fd)
  if (own.uid !== uid || own.gid !== gid)
    for (const user of new Set([uid, own.uid]))
      try {
        fs.fchownSync(fd, user, gid)
        break
      } catch {
        // Not permitted, or the system has no owners.
      }
  // Restores what the umask removed. If the group is another one, it gets only what everyone may do.
  const isOfGroup = fs.fstatSync(fd).gid === gid
  fs.fchmodSync(fd, isOfGroup ? mode : (mode & 0o707) | (mode & ((mode & 0o007) << 3)))
}

/**
 * Opens a file that is about to be replaced: the system frees a large one only when it is closed, which takes time, and
 * nobody needs to wait for it. Windows cannot replace an open file.
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

/** Some file systems, such as those of memory sticks, have no hard links. */
function linkOrCopy(from: string, to: string): void {
  try {
    fs.linkSync(from, to)
  } catch (error) {
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(codeOf(error) ?? '')) throw error
    fs.copyFileSync(from, to, fs.constants.COPYFILE_EXCL)
  }
}

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code
