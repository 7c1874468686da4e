/**
 * A process that works with a database and ends itself with SIGKILL before its n-th step on the disk, or in the
 * midst of it if that is a write. Each line that it prints is a promise that must hold afterwards.
 *
 * `node run.cjs child.ts FILE STEP before|midst`
 */
import { appendFileSync, writeFileSync } from 'node:fs'
import { type Disk, nodeDisk, sqlite } from 'dog-school/sqlite'
import { history, inOneLine, stored, tagged } from './stored'

const [file = '', stop = '0', moment = 'before'] = process.argv.slice(3)
let step = 0
const writes: number[] = []

const die = (): void => {
  process.kill(process.pid, 'SIGKILL')
}

/** Counts this step, and ends the process if it is the one. */
function count(half?: () => void): void {
  step++
  if (half) writes.push(step)
  if (step !== Number(stop)) return
  if (moment === 'midst') half?.()
  die()
}

const disk: Disk = {
  ...nodeDisk,
  create(path, bytes) {
    count()
    return nodeDisk.create(path, bytes)
  },
  open(path, how, like) {
    count()
    return nodeDisk.open(path, how, like)
  },
  write(handle, bytes, position) {
    count(() => nodeDisk.write(handle, bytes.subarray(0, bytes.length / 2), position))
    nodeDisk.write(handle, bytes, position)
  },
  async writeLater(handle, bytes, position) {
    // Long enough for something else to be committed meanwhile.
    for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate)
    disk.write(handle, bytes, position)
  },
  async syncLater(handle) {
    disk.sync(handle)
  },
  truncate(handle, length) {
    count()
    nodeDisk.truncate(handle, length)
  },
  sync(handle) {
    count()
    nodeDisk.sync(handle)
  },
  rename(from, to) {
    count()
    nodeDisk.rename(from, to)
  },
  remove(path) {
    count()
    nodeDisk.remove(path)
  },
  syncFolder(path) {
    count()
    nodeDisk.syncFolder(path)
  },
}

/** What has been acknowledged is written down where a kill cannot take it back. */
const acknowledged = (text: string): void => appendFileSync(`${file}.acknowledged`, `${text}\n`)

async function main(): Promise<void> {
  const school = sqlite(file, { disk })
  const before = await school.maxNotificationId()
  const save = async (id: string, count: number): Promise<void> => {
    const { length } = await school.select(id)
    const events = tagged(history(id, count, length + 1))
    const positions = await school.append(events, {
      failIfEventsMatch: [{ tags: [`version:${length + 1}`, `dog:${id}`] }],
    })
    for (const [at, id] of positions.entries()) acknowledged(inOneLine({ id, ...events[at]! }))
  }
  await save('fido', 3)
  await Promise.all([save('rex', 2), save('buster', 1), save('fido', 1)])
  await school.query("UPDATE stored_snapshots SET topic = ''", { write: true })
  await Promise.all([school.checkpoint(), save('fido', 2)])
  await school.append([], { tracking: { applicationName: 'kennel', notificationId: before + 1 } })
  await school.saveSnapshot(stored('fido', 6))
  await school.close()
  writeFileSync(`${file}.steps`, JSON.stringify({ steps: step, writes }))
}

void main()
