/** The disk of this machine, with one step that fails, as on a full disk. */
import { type Disk, nodeDisk } from 'dog-school/sqlite'
import { later } from './later'

export type Step = 'open' | 'write' | 'truncate' | 'sync' | 'rename' | 'close' | 'remove' | 'syncFolder'

export interface Failing {
  readonly disk: Disk
  /** From now on this step fails for files whose name ends with `suffix`; a write is done by half before it fails. */
  fail(step: Step, suffix: string, code?: string): void
  /** Nothing fails any more. */
  repair(): void
}

export function failing(): Failing {
  let rules: { step: Step; suffix: string; code: string }[] = []
  const may = (step: Step, target: string | { path: string }): void => {
    const path = typeof target === 'string' ? target : target.path
    const rule = rules.find((each) => each.step === step && path.endsWith(each.suffix))
    if (rule) throw Object.assign(new Error(`${rule.code}: injected`), { code: rule.code })
  }
  const disk: Disk = {
    ...nodeDisk,
    open(path, how, like) {
      may('open', path)
      return nodeDisk.open(path, how, like)
    },
    write(handle, bytes, position) {
      try {
        may('write', handle)
      } catch (error) {
        nodeDisk.write(handle, bytes.subarray(0, bytes.length / 2), position)
        throw error
      }
      nodeDisk.write(handle, bytes, position)
    },
    ...later(() => disk),
    truncate(handle, length) {
      may('truncate', handle)
      nodeDisk.truncate(handle, length)
    },
    sync(handle) {
      may('sync', handle)
      nodeDisk.sync(handle)
    },
    close(handle) {
      // It is closed all the same, as Linux does.
      nodeDisk.close(handle)
      may('close', handle)
    },
    rename(from, to) {
      may('rename', from)
      nodeDisk.rename(from, to)
    },
    remove(path) {
      may('remove', path)
      nodeDisk.remove(path)
    },
    syncFolder(path) {
      may('syncFolder', path)
      nodeDisk.syncFolder(path)
    },
  }
  return {
    disk,
    fail: (step, suffix, code = 'ENOSPC') => rules.push({ step, suffix, code }),
    repair: () => {
      rules = []
    },
  }
}
