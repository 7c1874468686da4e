/**
 * `npm run torture` for a few seconds; and a campaign that reports nothing proves something, because recorders that break
 * a promise are reported.
 */
import t from 'tap'
import { skipCluster } from '../recorders/postgres-cluster'
import { type Options, type Report, round } from './campaign'
import { Here, type Worker } from './crew'
import type { Ground } from './ground'
import { Machines } from './on-postgres'
import { onSqlite } from './on-sqlite'
import type { Job } from './work'

type Jobs = (jobs: Ground['jobs']) => readonly Partial<Job>[]

async function fight(ground: Ground, seed: number, options: Options, jobs: Jobs = (all) => all): Promise<Report> {
  const report = await round({ ...ground, jobs: jobs(ground.jobs) as Ground['jobs'] }, seed, options)
  await ground.end()
  return report
}

/** A process takes most of the time here: this one ends itself, and is started again. */
const dies: Options = { many: 1, only: ['the end of the writer'] }

async function onDyingFile(again: (school: Worker) => void): Promise<Ground> {
  const ground = await onSqlite()
  const faults: Ground['faults'] = ([school]) => ({
    async 'the end of the writer'() {
      await school!.dies()
      again(school!)
    },
  })
  return { ...ground, faults }
}

t.test('a file', async (t) => {
  const dying = (job: Partial<Job>): Partial<Job> => ({ ...job, death: { step: 101, moment: 'midst' } })
  const kept = await onDyingFile((school) => school.restart())
  const { failures, acknowledged } = await fight(kept, 1, dies, ([school, reader]) => [dying(school!), reader!])
  t.strictSame(failures, [], 'keeps every promise')
  t.ok(acknowledged > 10)
  const lost = await onDyingFile(() => {})
  const report = await fight(lost, 1, dies, ([school]) => [dying({ ...school!, broken: 'early' })])
  t.match(report.failures.join('\n'), /acknowledged and lost/, 'and one that is early does not')
})

t.test('a server', { skip: skipCluster }, async (t) => {
  const machines = await Machines.start(false)
  t.teardown(() => machines.end())
  const start = (job: Job) => new Here(job)
  const { failures, faults } = await fight(
    await machines.ground(),
    1,
    { many: 2, only: ['cut a connection at a byte', 'kill the server'], start },
    ([first]) => [{ ...first!, roles: ['writer', 'follower', 'office', 'view'] }],
  )
  t.strictSame(failures, [], 'keeps every promise')
  t.equal(Object.keys(faults).length, 2)

  const broken: [Job['broken'], string, RegExp, Partial<Job>?][] = [
    ['early', 'a network that is down', /acknowledged and lost/, { patience: 100 }],
    ['blind', 'cut a connection at a byte', /recorded twice|refused and recorded/, { roles: ['writer'] }],
    ['hasty', 'a transaction of somebody else', /missed, or saw/],
  ]
  for (const [how, fault, expected, more] of broken) {
    const jobs: Jobs = ([first]) => [{ ...first!, roles: ['writer', 'follower'], broken: how, ...more }]
    const report = await fight(await machines.ground(), 1, { many: 100, only: [fault], start }, jobs)
    t.match(report.failures.join('\n'), expected, `and one that is ${how} does not`)
  }
})
