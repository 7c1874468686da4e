/** The disk of this machine: the only file here that uses `node:fs`. */
import * as fs from 'node:fs'
import type { Disk } from './disk'

const flags = { new: 'wx', empty: 'w', existing: 'r+' }

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
      return { size: Number(stats.size), mode: Number(stats.mode & 0o777n), isFolder: stats.isDirectory(), stamp }
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

  open(path, how, mode) {
    const fd = fs.openSync(path, flags[how], mode)
    // What the process masks out of a mode is put back.
    if (mode !== undefined) fs.fchmodSync(fd, mode)
    return { fd, path }
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
