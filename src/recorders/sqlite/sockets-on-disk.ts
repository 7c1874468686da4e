/**
 * Sockets beside a database: the kernel knows whether a process listens on one, in whatever container, until that
 * process ends, for whatever reason.
 *
 * That is certain only if both processes have the same kernel: nobody ever seems to listen on a socket in a folder that
 * comes from another machine or from outside a virtual one. So sockets are used only on file systems that a single
 * kernel has mounted.
 */
import * as fs from 'node:fs'
import { connect, createServer } from 'node:net'
import { basename, dirname } from 'node:path'
import type { Disk } from './disk'

/** Types as in `mountinfo`. `statfs` would not do: for a 9p folder, it reports the type on the other machine. */
const ofOneKernel = /^(ext[234]|xfs|btrfs|f2fs|bcachefs|zfs|tmpfs|overlay)$/
/** In bytes, without the zero that ends the name. */
const longestName = 107

export const sockets: Required<Pick<Disk, 'listen' | 'isListening'>> = {
  listen(path) {
    return at<() => void>(path, (address, answer) => {
      const server = createServer((socket) => socket.destroy())
      server.unref()
      server.on('error', () => answer(undefined))
      // Without `exclusive`, the primary of a cluster would listen in place of its worker, and may outlive it.
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

/** Runs `work` with a short address for this path; undefined where the result would not be certain. */
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
