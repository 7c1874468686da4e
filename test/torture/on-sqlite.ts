/** One process has the file, and another one reads it now and then. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { sqlite } from 'dog-school/sqlite'
import type { Worker } from './crew'
import type { Fault, Ground } from './ground'

export async function onSqlite(): Promise<Ground> {
  const folder = await mkdtemp(join(tmpdir(), 'dog-school-torture-'))
  const store = { file: join(folder, 'school.db') }
  return {
    jobs: [
      { name: 'school', roles: ['writer', 'follower', 'office', 'view'], writers: 8, store },
      { name: 'reader', roles: ['reader'], writers: 0, store },
    ],
    faults([school, reader]) {
      const again = (each: Worker) => async () => {
        await each.kill()
        each.restart()
      }
      // What the disk did not take is withdrawn, and could be seen from outside until then.
      const sick =
        (order: string): Fault =>
        async (random) => {
          reader!.pause()
          school!.tell(order)
          await sleep(50 + random.below(500))
          school!.tell('repair')
          await sleep(100)
          reader!.goOn()
        }
      return {
        'kill the writer': again(school!),
        'kill the reader': again(reader!),
        async 'kill the writer at a step on the disk'(random) {
          await school!.kill()
          const moment = random.among(['before', 'midst'] as const)
          school!.restart({ death: { step: 1 + random.below(200), moment } })
          await school!.dies()
          school!.restart()
        },
        'full disk': sick('full'),
        'a disk that does not sync': sick('unsynced'),
        async 'slow reader'(random) {
          reader!.pause()
          await sleep(100 + random.below(1000))
          reader!.goOn()
        },
        async 'slow writer'(random) {
          school!.pause()
          await sleep(100 + random.below(1000))
          school!.goOn()
        },
      }
    },
    look: () => ({
      school: sqlite(store.file, { readOnly: true }),
      office: sqlite(`${store.file}.office`, { readOnly: true }),
    }),
    end: () => rm(folder, { recursive: true, force: true }),
  }
}
