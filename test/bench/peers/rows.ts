/** The work that peers are measured at. What comes of it is looked at after each time: who is wrong has no figure. */
import { randomUUID } from 'node:crypto'
import type { StoredEvent } from 'dog-school'
import { rowsOf } from '../dogs'
import { seconds, type Work } from '../measure'
import { hundreds, singles } from '../postgres/rows'
import type { Kind, Store } from './peer'

export interface Row {
  readonly kind: Kind
  readonly what: string
  readonly unit: string
  readonly lessIsBetter: boolean
  /** @param alone measures a kind of work in a process of its own, with a store of its own */
  measure(store: Store, alone: (kind: Kind, count: number) => Promise<number>): Promise<number>
}

/** What is done, timed, and then a look whether it was. */
type Timed = (store: Store) => { readonly work: Work; readonly check?: () => Promise<unknown> }

/** @throws Error if it is another number */
function mustBe(found: unknown, expected: unknown, what: string): void {
  if (found !== expected) throw new Error(`${what}: ${found} in place of ${expected}`)
}

const mustHave = async (store: Store, id: string, count: number) =>
  mustBe((await store.read(id)).length, count, `events of '${id}'`)

const rate = (kind: Kind, what: string, count: number, timed: Timed, unit = 'events/s'): Row => ({
  kind,
  what,
  unit,
  lessIsBetter: false,
  async measure(store) {
    if (store.timed) return count / (await store.timed(kind, count))
    const { work, check } = timed(store)
    const taken = await seconds(work)
    await check?.()
    return count / taken
  },
})

/** Each writer goes on with a stream of its own. */
const appends = (count: number, writers: number): Row =>
  rate(writers === 1 ? 'append' : 'writers', `append one event, ${writers} at a time`, count, (store) => {
    const each = Math.ceil(count / writers)
    const streams = Array.from({ length: writers }, () => [...rowsOf(randomUUID(), each)])
    const write = async (events: readonly StoredEvent[]) => {
      for (const event of events) await store.append([event])
    }
    return {
      work: () => () => Promise.all(streams.map(write)),
      check: () => mustHave(store, streams[0]![0]!.aggregateId, each),
    }
  })

const newStreams = (count: number): Row =>
  rate('streams', `many streams: ${count.toLocaleString('en')} new, 100 at a time`, count, (store) => {
    let last = ''
    const append = (event: StoredEvent) => {
      last = event.aggregateId
      return store.append([event])
    }
    return { work: singles(count, 100, append), check: () => mustHave(store, last, 1) }
  })

const batches = (count: number): Row =>
  rate('batches', 'append 100 events at once', count * 100, (store) => {
    let last = ''
    const append = (events: readonly StoredEvent[]) => {
      last = events[0]!.aggregateId
      return store.append(events)
    }
    return { work: hundreds(count, append), check: () => mustHave(store, last, 100) }
  })

/** A stream of so many events, which is written once. */
async function written(store: Store, id: string, events: number): Promise<void> {
  if ((await store.read(id)).length > 0) return
  const rows = [...rowsOf(id, events)]
  for (let at = 0; at < events; at += 100) await store.append(rows.slice(at, at + 100))
}

const replays = (events: number): Row =>
  rate('replay', `read the ${events.toLocaleString('en')} events of a stream`, events, (store) => {
    const id = `dog of ${events}`
    let found = 0
    const work = async () => {
      await written(store, id, events)
      return async () => {
        found = (await store.read(id)).length
      }
    }
    return { work, check: async () => mustBe(found, events, `events of '${id}'`) }
  })

const commands = (count: number, events: number): Row =>
  rate(
    'command',
    `command on a stream of ${events.toLocaleString('en')} events`,
    count,
    (store) => {
      const id = `busy dog of ${events}`
      let before = 0
      const work = async () => {
        await written(store, id, events)
        before = (await store.read(id)).length
        return async () => {
          for (let i = 0; i < count; i++) await store.command!(id)
        }
      }
      return { work, check: () => mustHave(store, id, before + count) }
    },
    'commands/s',
  )

/** The streams of the rows before are the log. */
const follows = (count: number): Row =>
  rate('follow', `follow ${count.toLocaleString('en')} events of the log`, count, (store) => {
    let found = 0
    const work = () => async () => {
      found = Math.min(count, await store.follow!(count))
    }
    return { work, check: async () => mustBe(found, count, 'events that were followed') }
  })

const conditions = (count: number, writers: number): Row =>
  rate('condition', `append if its tag is new, ${writers} at a time`, count, (store) => {
    let [first, times]: [StoredEvent | undefined, number] = [undefined, 0]
    let append: Awaited<ReturnType<NonNullable<Store['condition']>>>
    const work = async () => {
      append = await store.condition!()
      return singles(count, writers, async (event) => {
        first ??= event
        if (await append(event, `dog:${event.aggregateId}`)) times++
      })()
    }
    const check = async () => {
      mustBe(times, count, 'appends whose condition is true')
      const { aggregateId, ...event } = first!
      mustBe(await append({ ...event, aggregateId: randomUUID() }, `dog:${aggregateId}`), false, 'an append after one')
    }
    return { work, check }
  })

const alone = (kind: Kind, what: string, unit: string, count: number): Row => ({
  kind,
  what,
  unit,
  lessIsBetter: true,
  measure: (_, measured) => measured(kind, count),
})

/** @param size a part of the work, for trying it out */
export function rows(size: number): readonly Row[] {
  const part = (count: number, least = 10) => Math.max(least, Math.round(count * size))
  const hundred = (count: number, least = 1) => part(count / 100, least) * 100
  const long = hundred(100_000, 3)
  return [
    appends(part(200), 1),
    appends(part(800, 64), 16),
    appends(part(1600, 64), 64),
    batches(part(50, 2)),
    newStreams(part(2000)),
    replays(hundred(1000)),
    replays(hundred(10_000, 2)),
    replays(long),
    commands(part(50, 3), hundred(10_000, 2)),
    follows(long),
    conditions(part(200), 1),
    conditions(part(800), 16),
    alone('memory', 'memory that one event takes', 'bytes', hundred(10_000, 50)),
    alone('start', 'start, and record one event', 'ms', 1),
  ]
}
