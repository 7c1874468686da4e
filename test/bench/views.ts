/** Views: caught up and built again, beside a loop written by hand that forgets its position. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  Application,
  defineEvent,
  MemoryRecorder,
  on,
  Projection,
  type Recorder,
  StoredProjection,
  type Table,
} from 'dog-school'
import { sqlite } from 'dog-school/sqlite'
import { Dog, rowsOf } from './dogs'
import { type Figure, rate } from './measure'

const name = 'kennel'
const TrickAdded = defineEvent('TrickAdded', ['trick'])
const school = (recorder: Recorder) => new Application(recorder, { name, aggregates: [Dog] })

/** So many events, of dogs with a thousand each. */
async function filled<R extends Recorder>(recorder: R, events: number): Promise<R> {
  for (let dog = 0; dog < events / 1000; dog++) await recorder.append([...rowsOf(`dog ${dog}`, 1000)])
  return recorder
}

const inMemory = (recorder: Recorder) =>
  new Projection(school(recorder).notificationLog, () => new Map<string, number>(), [
    on(TrickAdded, (counts, { payload }) => {
      const trick = String(payload.trick)
      counts.set(trick, (counts.get(trick) ?? 0) + 1)
    }),
  ])

const handlers = [
  on(TrickAdded, async (counts: Table<number>, { payload }) => {
    const trick = String(payload.trick)
    counts.set(trick, ((await counts.get(trick)) ?? 0) + 1)
  }),
]
const stored = (recorder: Recorder) =>
  new StoredProjection<number>(school(recorder), { name: 'popular', form: '1', handlers })

/** By hand: read a page, parse it, count. */
async function byHand(recorder: Recorder): Promise<Map<string, number>> {
  const counts = new Map<string, number>()
  for (let start = 1; ; start += 1000) {
    const page = await recorder.notifications({ start, stop: start + 999 })
    if (page.length === 0) return counts
    for (const { topic, state } of page)
      if (topic === 'kennel:Dog.TrickAdded') {
        const { trick } = JSON.parse(String(state))
        counts.set(trick, (counts.get(trick) ?? 0) + 1)
      }
  }
}

export async function* views(): AsyncGenerator<Figure> {
  const folder = mkdtempSync(join(tmpdir(), 'dog-school-bench-'))
  try {
    yield* million()
    yield* caughtUp(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function* million(): AsyncGenerator<Figure> {
  const [count, recorder] = [1_000_000, await filled(new MemoryRecorder(), 1_000_000)]
  const floor = { what: 'pages, JSON.parse, Map', work: () => () => byHand(recorder) }
  const what = 'a view of 1,000,000 built again'
  const turns = 1
  yield await rate({ what: `${what}, memory`, count, ours: () => () => inMemory(recorder).rebuild(), floor, turns })
  yield await rate({
    what: `${what}, stored in memory`,
    count,
    ours: () => () => stored(recorder).rebuild(),
    floor,
    turns,
  })
}

async function* caughtUp(folder: string): AsyncGenerator<Figure> {
  const count = 100_000
  const recorder = await filled(new MemoryRecorder(), count)
  const floor = { what: 'pages, JSON.parse, Map', work: () => () => byHand(recorder) }
  yield await rate({ what: 'a view caught up, memory', count, ours: () => () => inMemory(recorder).catchUp(), floor })
  let files = 0
  const file = await filled(sqlite(join(folder, 'kennel.db')), count)
  const onFile = { what: 'pages, JSON.parse, Map', work: () => () => byHand(file) }
  yield await rate({
    what: 'a view in memory caught up, file',
    count,
    ours: () => () => inMemory(file).catchUp(),
    floor: onFile,
  })
  const ours = () => {
    const view = new StoredProjection<number>(school(file), { name: `popular ${++files}`, form: '1', handlers })
    return () => view.catchUp()
  }
  yield await rate({ what: 'a stored view caught up, file with fsync', count, ours, floor: onFile, turns: 3 })
  await file.close()
}
