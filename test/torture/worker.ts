/** A process of a campaign: `node run.cjs worker.ts JOB`. It is told by messages what to do. */
import { type Disk, nodeDisk } from 'dog-school/sqlite'
import { dying } from '../recorders/crash/dying-disk'
import { failing } from '../recorders/crash/failing-disk'
import { type Job, Work } from './work'

const job = JSON.parse(process.argv[3] as string) as Job
const sick = failing()
const disk: Disk = job.death ? dying(nodeDisk, job.death.step, job.death.moment).disk : sick.disk

const work = new Work(job, () => process.send?.('acknowledged'), 'file' in job.store ? disk : undefined)
const orders: Record<string, () => unknown> = {
  full() {
    for (const step of ['open', 'write', 'rename'] as const) sick.fail(step, '')
  },
  unsynced() {
    for (const step of ['sync', 'syncFolder'] as const) sick.fail(step, '', 'EIO')
  },
  repair: () => sick.repair(),
  async stopWriting() {
    await work.stopWriting()
    process.send?.('stopped')
  },
  async end() {
    await work.end()
    process.disconnect()
  },
}
process.on('message', (order: string) => orders[order]!())
work.start()
