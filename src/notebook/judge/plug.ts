/**
 * Both sides of the plug that is pulled: who teaches Fido, until somebody ends this worker, and who finds afterwards what
 * was on the disk by then. The disk is the browser's private file system, where there is one.
 */
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { browserDisk } from '../../recorders/sqlite/browser-disk'
import { removeFolder, root } from '../worker/alone'
import { taught } from './host'
import { loadModule } from './modules'
import { useDisk } from './node/platform'
import { process } from './node/process'
import type { Plugged } from './protocol'

/** Where the one who teaches has files of his own. */
const scratch = '/plug'

interface School {
  registerDog(name: string): Promise<string>
  addTrick(id: string, trick: string): Promise<unknown>
}

/** Teaches Fido in the school of this folder, which opens this file. Never rejects. */
export async function teach(folder: string, file: string): Promise<Plugged> {
  const kept = (await hasDisk()) ? `plug-${globalThis.crypto.randomUUID()}` : undefined
  if (kept) useDisk(browserDisk({ folder: kept, root }))
  mkdirSync(scratch)
  process.chdir(scratch)
  const written = () => ({ disk: filesOf(scratch), ...(kept && { kept }) })
  try {
    const { openSchool } = loadModule(join(folder, 'dog-school')) as { openSchool(file: string): Promise<School> }
    const school = await openSchool(file)
    const id = await school.registerDog('Fido')
    for (const trick of taught) await school.addTrick(id, trick)
    return { id, ...written() }
  } catch (error) {
    return { problem: String(error), ...written() }
  }
}

const filesOf = (folder: string): Plugged['disk'] =>
  (readdirSync(folder) as string[])
    .filter((name) => statSync(join(folder, name)).isFile())
    .map((name) => [name, new Uint8Array(readFileSync(join(folder, name)) as Uint8Array)])

/** Puts what the worker that was ended has left into this folder, as a disk would have it. */
export async function layLeft({ disk, kept }: Plugged, folder: string, file: string): Promise<void> {
  for (const [name, bytes] of disk) writeFileSync(join(folder, name), bytes)
  if (!kept) return
  const left = browserDisk({ folder: kept, root })
  // The browser closes its files a moment after the worker has ended.
  const hold = await left.hold?.(file)
  for (const name of [file, `${file}.dog-school-journal`]) {
    const bytes = left.read(name)
    if (bytes) writeFileSync(join(folder, name), bytes)
  }
  hold?.release()
  await removeFolder(kept)
}

const hasDisk = (): Promise<boolean> =>
  root().then(
    () => true,
    () => false,
  )
