/** Reading on, and reacting: how many events a second get through, in memory and on a file that survives a crash. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Aggregate, Application, event, MemoryRecorder, ProcessApplication, type Recorder, type Work } from 'dog-school'
import { sqlite } from 'dog-school/sqlite'
import { Dog, rowsOf } from './dogs'
import { type Figure, rate, type Work as Timed } from './measure'

const [many, behind, live] = [100_000, 10_000, 2_000]

@event('Opened')
class Count extends Aggregate {
  count = 0
  constructor(readonly trick: string) {
    super({ id: `count:${trick}` })
  }
  @event('Counted')
  add() {
    this.count++
  }
}

/** Counts each trick, in an aggregate for each. */
class Counts extends ProcessApplication {
  constructor(recorder: Recorder) {
    super(recorder, { name: 'counts', aggregates: [Count] })
    this.on('TrickAdded', async ({ payload, aggregateId }, { repository }: Work) => {
      const trick = `${aggregateId} ${String(payload.trick).slice(-1)}`
      const count = (await repository.has(Count, `count:${trick}`))
        ? await repository.get(Count, `count:${trick}`)
        : new Count(trick)
      count.add()
      return count
    })
  }
}

export async function* following(): AsyncGenerator<Figure> {
  const folder = mkdtempSync(join(tmpdir(), 'dog-school-bench-'))
  let files = 0
  const stores: Record<string, () => Recorder> = {
    memory: () => new MemoryRecorder(),
    'file with fsync': () => sqlite(join(folder, `kennel-${++files}.db`)),
  }
  try {
    for (const [store, make] of Object.entries(stores)) {
      yield* reads(store, make())
      yield* policy(store, make)
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const kennel = (recorder: Recorder) => new Application(recorder, { name: 'kennel', aggregates: [Dog] })

async function* reads(store: string, recorder: Recorder): AsyncGenerator<Figure> {
  await recorder.append([...rowsOf('fido', many)])
  const school = kennel(recorder)
  const ours: Timed = () => async () => {
    for await (const { id } of school.follow()) if (id === many) break
  }
  const work: Timed = () => async () => {
    for (let start = 1; start <= many; start += 1000)
      for (const { state } of await recorder.notifications({ start, limit: 1000 })) JSON.parse(String(state))
  }
  const floor = { what: 'pages and JSON.parse', work }
  yield await rate({ what: `follow ${many.toLocaleString('en')} events, ${store}`, count: many, ours, floor, turns: 5 })
  await recorder.close()
}

async function* policy(store: string, make: () => Recorder): AsyncGenerator<Figure> {
  const recorder = make()
  await recorder.append([...rowsOf('fido', behind)])
  const school = kennel(recorder)
  const ours: Timed = () => {
    const counts = new Counts(make())
    return async () => {
      await counts.catchUpWith(school)
      await counts.close()
    }
  }
  /** Counts by hand, and records a thousand counts at a time, with the position. */
  const work: Timed = () => {
    const own = make()
    return async () => {
      const versions = new Map<string, number>()
      for (let start = 1; start <= behind; start += 1000) {
        const rows = []
        for (const { state } of await recorder.notifications({ start, limit: 1000 })) {
          const id = `count:${String(JSON.parse(String(state)).trick).slice(-1)}`
          const version = (versions.get(id) ?? 0) + 1
          versions.set(id, version)
          rows.push({ aggregateId: id, version, topic: 'counts:Count.Counted', state: JSON.stringify({ id, version }) })
        }
        await own.append(rows, { tracking: { applicationName: 'kennel', notificationId: start + 999 } })
      }
      await own.close()
    }
  }
  const floor = { what: 'a loop that appends 1,000 counts at a time', work }
  yield await rate({
    what: `policy, ${behind.toLocaleString('en')} behind, ${store}`,
    count: behind,
    ours,
    floor,
    turns: 5,
  })

  const writing = async (kept: Application) => {
    const dogs = Array.from({ length: 16 }, (_, i) => new Dog(`dog ${i}`))
    for (let i = 0; i < live; i += dogs.length)
      await Promise.all(
        dogs.map(async (dog, at) => {
          dog.addTrick(`trick ${(i + at) % 10}`)
          await kept.save(dog)
        }),
      )
  }
  const alongside: Timed = () => {
    const [kept, counts] = [kennel(make()), new Counts(make())]
    const reacting = counts.reactTo(kept)
    return async () => {
      await writing(kept)
      const reaction = await counts.reactionTo(kept)
      const newest = await kept.notificationLog.max()
      while (reaction.position < newest) await new Promise((resolve) => setImmediate(resolve))
      await Promise.all([kept.close(), counts.close(), reacting])
    }
  }
  const alone: Timed = () => {
    const kept = kennel(make())
    return async () => {
      await writing(kept)
      await kept.close()
    }
  }
  yield await rate({
    what: `policy beside 16 writers, ${store}`,
    count: live,
    ours: alongside,
    floor: { what: 'the writers alone', work: alone },
    turns: 5,
  })
  await recorder.close()
}
