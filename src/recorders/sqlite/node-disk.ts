/** The disk of this machine: the only file here that uses `node:fs`. */
import * as fs from 'node:fs'
import type { Disk, FileState } from './disk'

const flags = { new: 'wx', existing: 'r+' }

export const nodeDisk: Disk = {
  realPath: (path) => fs.realpathSync.native(path),

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

  stat(path) {
    return orNothing(() => {
      const stats = fs.statSync(path, { bigint: true })
      const stamp = [stats.dev, stats.ino, stats.size, stats.mtimeNs].join()
      const [size, mode, uid, gid] = [stats.size, stats.mode & 0o777n, stats.uid, stats.gid].map(Number)
      return { size: size!, mode: mode!, uid: uid!, gid: gid!, isFolder: stats.isDirectory(), stamp }
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
    const draft = `${path}.${process.pid}`
    try {
      fs.writeFileSync(draft, bytes, { flush: true })
      linkOrCopy(draft, path)
      return true
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return false
      throw error
    } finally {
      fs.rmSync(draft, { force: true })
    }
  },

  open(path, how, like) {
    const fd = fs.openSync(path, flags[how], like?.mode)
    try {
      if (like) liken(fd, like)
      return { fd, path }
    } catch (error) {
      fs.closeSync(fd)
      throw error
    }
  },

  write({ fd }, bytes, position) {
    for (let done = 0; done < bytes.length; )
      done += fs.writeSync(fd, bytes, done, bytes.length - done, position + done)
  },

  truncate: ({ fd }, length) => fs.ftruncateSync(fd, length),
  sync: ({ fd }) => fs.fdatasyncSync(fd),
  close: ({ fd }) => fs.closeSync(fd),
  rename: (from, to) => fs.renameSync(from, to),
  remove: (path) => fs.rmSync(path, { force: true }),

  syncFolder(path) {
    // Windows cannot, and does not need it.
    if (process.platform === 'win32') return
    const fd = fs.openSync(path, 'r')
    try {
      fs.fsyncSync(fd)
    } finally {
      fs.closeSync(fd)
    }
  },
}

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
