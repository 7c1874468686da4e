/**
 * Sockets beside a database: the kernel knows whether somebody listens at one, whichever container they are in,
 * and forgets them the moment they end, however they end.
 *
 * That is certain only where both sides have the same kernel: a socket in a folder that comes from another
 * machine, or from outside of a virtual one, is always silent. So these are made and asked only on file systems
 * that one kernel alone can have mounted.
 */
import * as fs from 'node:fs'
import { connect, createServer } from 'node:net'
import { basename, dirname } from 'node:path'
import type { Disk } from './disk'

/** Not what `statfs` says: of a 9p folder, that is what the machine says which it comes from. */
const ofOneKernel = /^(ext[234]|xfs|btrfs|f2fs|bcachefs|zfs|tmpfs|overlay)$/
/** The kernel has room for one byte more, which ends the name. */
const longestName = 107

export const sockets: Required<Pick<Disk, 'listen' | 'isListening'>> = {
  listen(path) {
    return at<() => void>(path, (address, answer) => {
      const server = createServer((socket) => socket.destroy())
      server.unref()
      server.on('error', () => answer(undefined))
      // `exclusive`, or a worker of a cluster would have its primary listen, which may live longer.
      server.listen({ path: address, exclusive: true }, () =>
        answer(() => {
          server.close()
          fs.rmSync(path, { force: true })
        }),
      )
    })
  },

  isListening(path) {
    return at<boolean>(path, (address, answer) => {
      if (!fs.lstatSync(address).isSocket()) return answer(undefined)
      const socket = connect(address)
      socket.on('connect', () => {
        socket.destroy()
        answer(true)
      })
      socket.on('error', (error: NodeJS.ErrnoException) => answer(error.code === 'ECONNREFUSED' ? false : undefined))
    })
  },
}

/** Does this at an address that is short enough, whatever the path; gives nothing where nothing would be certain. */
async function at<T>(
  path: string,
  work: (address: string, answer: (value: T | undefined) => void) => void,
): Promise<T | undefined> {
  if (process.platform !== 'linux') return undefined
  let folder: number | undefined
  try {
    folder = fs.openSync(dirname(path), 'r')
    const address = `/proc/self/fd/${folder}/${basename(path)}`
    if (Buffer.byteLength(address) > longestName || !ofOneKernel.test(fileSystemOf(folder))) return undefined
    return await new Promise((resolve) => work(address, resolve))
  } catch {
    return undefined
  } finally {
    if (folder !== undefined) fs.closeSync(folder)
  }
}

/** The type of the file system that an open folder is on. */
function fileSystemOf(folder: number): string {
  const mount = /^mnt_id:\s*(\d+)$/m.exec(fs.readFileSync(`/proc/self/fdinfo/${folder}`, 'utf8'))?.[1]
  const mounts = fs.readFileSync('/proc/self/mountinfo', 'utf8').split('\n')
  return /.* - (\S+)/.exec(mounts.find((line) => line.startsWith(`${mount} `)) ?? '')?.[1] ?? ''
}
