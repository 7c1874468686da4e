/**
 * A process that works with a database and ends itself with SIGKILL before its n-th step on the disk, or in the
 * midst of it if that is a write. Each line that it prints is a promise that must hold afterwards.
 *
 * `node run.cjs child.ts FILE STEP before|midst`
 */
import { appendFileSync, writeFileSync } from 'node:fs'
import { nodeDisk, sqlite } from 'dog-school/sqlite'
import { dying } from './dying-disk'
import { history, inOneLine, stored, tagged } from './stored'

const [file = '', stop = '0', moment = 'before'] = process.argv.slice(3)
const { disk, counted } = dying(nodeDisk, Number(stop), moment)

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
  writeFileSync(`${file}.steps`, JSON.stringify(counted))
}

void main()
