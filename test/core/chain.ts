/**
 * A chain of applications with a store each, in which every way to record what follows from an event is used: many at
 * once, one by one, and by the handler itself.
 *
 * `node run.cjs chain.ts FOLDER STEP` lets it work on files until it kills itself before its n-th step on the disk.
 */
import {
  Aggregate,
  Application,
  boundary,
  defineEvent,
  defineSlice,
  event,
  ProcessApplication,
  type Recorder,
  System,
} from 'dog-school'
import { type Disk, nodeDisk, sqlite } from 'dog-school/sqlite'

const Learnt = defineEvent('Learnt', ['trick'])
const Counted = defineEvent('Counted', ['by'])
const Praised = defineEvent('Praised', ['trick'], { tags: ({ trick }) => [String(trick)] })

@event('Born')
class Pup extends Aggregate {
  @event(Learnt)
  learn(trick: string) {
    return trick
  }
}
@event('Opened')
class Tally extends Aggregate {
  count = 0
  constructor(readonly trick: string) {
    super({ id: `tally:${trick}` })
  }
  @event(Counted)
  add(by: number) {
    this.count += by
  }
}
@event('Noted')
class Note extends Aggregate {
  constructor(readonly about: string) {
    super()
  }
}
/** Each trick is praised three times at most. */
const praise = defineSlice({
  boundary: (trick: string) => ({ times: boundary(0, trick).on(Praised, (times) => times + 1) }),
  decide: ({ times }, trick) => (times < 3 ? Praised.of({ trick }) : undefined),
})

/** How many pups there are in the end. Each learns two tricks. */
export const pups = 8

export class Chain {
  readonly school: Application
  readonly system: System

  constructor(store: (name: string) => Recorder) {
    const school = new Application(store('school'), { name: 'school', aggregates: [Pup] })
    const tallies = new ProcessApplication(store('tallies'), { name: 'tallies' })
    tallies.on(Learnt, async ({ payload }, { repository }) => {
      const id = `tally:${payload.trick}`
      const tally = (await repository.has(Tally, id)) ? await repository.get(Tally, id) : new Tally(`${payload.trick}`)
      tally.add(1)
      return tally
    })
    const notes = new ProcessApplication(store('notes'), { name: 'notes' })
    notes.on(Counted, async ({ aggregateId, metadata }) => {
      const before = await notes.notificationLog.max()
      return new Note(`${aggregateId} because of ${metadata?.correlation}, after ${before}`)
    })
    const praises = new ProcessApplication(store('praises'), { name: 'praises' })
    praises.on(Learnt, async ({ payload }, work) => {
      await praise.run(praises, String(payload.trick), work)
    })
    this.school = school
    this.system = new System([
      [school, tallies, notes],
      [school, praises],
    ])
  }

  /** Saves those pups that are not there yet, while the others react. */
  async work(): Promise<void> {
    this.system.start()
    for (let done = (await this.school.notificationLog.max()) / 3; done < pups; done++) {
      const pup = new Pup()
      pup.learn(`trick ${done % 4}`)
      pup.learn('sit')
      await this.school.save(pup)
    }
    await this.system.stop()
  }

  /** What all of them recorded, and how far they are. */
  async recorded(): Promise<string[]> {
    const said: string[] = []
    for (const { upstream, process } of this.system.pipes) {
      said.push(`${upstream.name} → ${process.name}: ${await process.recorder.maxTrackingId(upstream.name)}`)
      for (const { id, name, payload, metadata } of await process.notificationLog.select())
        said.push(`${process.name} ${id} ${name} ${JSON.stringify([payload, metadata])}`)
    }
    return said
  }
}

/** The disk of this machine, until it kills this process. */
function deadly(stop: number): Disk {
  let step = 0
  return new Proxy(nodeDisk, {
    get(disk, key) {
      const method = Reflect.get(disk, key)
      if (!/^(create|open|write|truncate|sync|rename|remove)/.test(String(key))) return method
      return (...given: unknown[]) => {
        if (++step === stop) process.kill(process.pid, 'SIGKILL')
        return method.apply(disk, given)
      }
    },
  })
}

async function main([folder = '', step]: string[]): Promise<void> {
  const disk = deadly(Number(step))
  const chain = new Chain((name) => sqlite(`${folder}/${name}.db`, { disk }))
  await chain.work()
  await chain.system.settle()
  await chain.system.close()
}

if (process.argv[2] === __filename) void main(process.argv.slice(3))
