/** Rounds of faults: each has a schedule that follows from its seed, and is judged after each fault and at the end. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Notification } from 'dog-school'
import { Process, type Worker } from './crew'
import { lastTricks, Office, School } from './domain'
import type { Ground, Look } from './ground'
import { judge, judgeOffice, judgeView } from './judge'
import { noted } from './notes'
import { Random } from './random'
import type { Job } from './work'

export interface Report {
  readonly seed: number
  /** How many of each fault there were. */
  readonly faults: Readonly<Record<string, number>>
  readonly acknowledged: number
  /** By code. */
  readonly refused: Readonly<Record<string, number>>
  readonly unknown: number
  readonly events: number
  /** How often something was read by followers. */
  readonly seen: number
  /** The longest time, in milliseconds, that a save took which was acknowledged. */
  readonly longest: number
  readonly failures: readonly string[]
}

/** How long writers may take to go on after a fault, in milliseconds. */
const PATIENCE = 60_000

export interface Options {
  /** How many faults there are in a round. */
  readonly many: number
  /** Only these. */
  readonly only?: readonly string[]
  readonly tell?: (line: string) => void
  /** In a process of its own, if nothing else is said. */
  readonly start?: (job: Job) => Worker
  /** No more faults when this is so. */
  readonly isOver?: () => boolean
}

/** All of the faults in an order that follows from the seed, and from the beginning when they are used up. */
function* schedule(names: readonly string[], random: Random): Generator<string> {
  for (;;) yield* random.shuffled(names)
}

export async function round(ground: Ground, seed: number, options: Options): Promise<Report> {
  const { many, only, tell = () => {}, isOver = () => false, start = (job) => new Process(job) } = options
  const random = new Random(seed)
  const folder = mkdtempSync(join(tmpdir(), 'dog-school-notes-'))
  const crew = ground.jobs.map((job) => start({ ...job, folder, seed, times: 1 }))
  const faults = ground.faults(crew)
  const names = schedule(only ?? Object.keys(faults), random)
  const counts: Record<string, number> = {}
  const failures: string[] = []
  let events = 0
  try {
    await goesOn(crew, failures, 'at the start')
    while (failures.length === 0 && !isOver() && sum(counts) < many) {
      const name = names.next().value as string
      tell(name)
      counts[name] = (counts[name] ?? 0) + 1
      await faults[name]!(random)
      await goesOn(crew, failures, `after ${name}`)
      const before = noted(folder)
      const found = await looked(ground, async ({ school }) => judge(await school.notifications(), before))
      failures.push(...found.map((each) => `after ${name}: ${each}`))
    }
    if (failures.length === 0) {
      await Promise.all(crew.map((each) => each.stopWriting()))
      await Promise.all(crew.map((each) => each.end()))
      for (const { job, endedWith } of crew) if (endedWith !== '0') failures.push(`${job.name} ended with ${endedWith}`)
      await looked(ground, async (look) => {
        const log = await look.school.notifications()
        events = log.length
        failures.push(...judge(log, noted(folder)), ...(await judgeRest(log, look)))
        for (const [name, { length }] of noted(folder).seen)
          if (length !== events) failures.push(`${name} saw ${length} of ${events} events in the end`)
      })
    }
  } catch (error) {
    failures.push(`the campaign itself: ${(error as Error).stack}`)
  } finally {
    for (const each of crew) {
      each.goOn()
      await each.kill()
    }
  }
  const notes = noted(folder)
  rmSync(folder, { recursive: true })
  const of = (result: string) => notes.outcomes.filter((outcome) => outcome.result === result)
  const refused: Record<string, number> = {}
  for (const { code = '' } of of('refused')) refused[code] = (refused[code] ?? 0) + 1
  return {
    seed,
    faults: counts,
    acknowledged: of('acknowledged').length,
    refused,
    unknown: of('unknown').length,
    events,
    seen: [...notes.seen.values()].reduce((all, { length }) => all + length, 0),
    longest: of('acknowledged').reduce((most, { took }) => Math.max(most, took), 0),
    failures,
  }
}

const sum = (counts: Readonly<Record<string, number>>) => Object.values(counts).reduce((all, each) => all + each, 0)

async function looked<T>(ground: Ground, work: (look: Look) => Promise<T>): Promise<T> {
  const look = ground.look()
  try {
    return await work(look)
  } finally {
    await Promise.all([look.school.close(), look.office.close()])
  }
}

/** Until each writer was acknowledged some more saves. */
async function goesOn(crew: readonly Worker[], failures: string[], when: string): Promise<void> {
  const until = performance.now() + PATIENCE
  for (const each of crew) {
    const wanted = each.acknowledged + (each.job.writers > 0 ? 10 : 0)
    while (each.acknowledged < wanted && each.endedWith === undefined && performance.now() < until) await sleep(10)
    if (each.endedWith !== undefined) failures.push(`${each.job.name} ended with ${each.endedWith} ${when}`)
    else if (each.acknowledged < wanted) failures.push(`${each.job.name} does not go on ${when}`)
  }
}

/** What followed from the log: at other events, in views, and as aggregates. */
async function judgeRest(log: readonly Notification[], { school, office }: Look): Promise<string[]> {
  const app = new School(school)
  const view = lastTricks(app)
  const rows = new Map<string, unknown>()
  for await (const [dog, row] of view.view.entries()) rows.set(dog, row)
  const misfits = [...(await app.verify()), ...(await new Office(office).verify())]
  return [
    ...judgeOffice(log, await office.notifications()),
    ...judgeView(log, rows),
    ...misfits.slice(0, 5).map(({ position, problem }) => `verify(): ${position}: ${problem.message}`),
  ]
}
