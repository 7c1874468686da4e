/**
 * The DCB specification on each recorder, with nothing between: the cases of its examples, and the three checks of a
 * store from its repository. `test/slices/` runs the same cases on slices.
 */
import {
  type EventQuery,
  MemoryRecorder,
  matches,
  type Notification,
  type Recorder,
  type StoredEvent,
} from 'dog-school'
import { sqlite } from 'dog-school/sqlite'
import t from 'tap'
import { cases } from './cases'
import { type Fact, type Rule, tags } from './rules'

const topicOf = (type: string): string => `school:Facts.${type}`
const now = Date.parse('2026-11-30T12:00:00Z')

function stored({ type, data, minutesAgo = 0 }: Fact): StoredEvent {
  const state = JSON.stringify({ timestamp: now - minutesAgo * 60_000, ...data })
  return { aggregateId: 'facts', version: 0, topic: topicOf(type), state, tags: tags[type](data) }
}

function factOf({ topic, state }: Notification): Required<Fact> {
  const { timestamp, ...data } = JSON.parse(String(state))
  return { type: topic.split('.')[1] as Fact['type'], data, minutesAgo: (now - timestamp) / 60_000 }
}

/** Reads what a rule depends on, and decides; the append that follows holds only while nothing of that has changed. */
async function decided(recorder: Recorder, { views, decide }: Rule) {
  const parts = Object.entries(views).map(([name, view]) => {
    return { name, view, item: { topics: Object.keys(view.on).map(topicOf), tags: view.tags } }
  })
  const query: EventQuery = parts.map(({ item }) => item)
  const events = await recorder.read(query, { tagged: true })
  const states = parts.map(({ name, view, item }) => {
    const own = events.filter((event) => matches([item], event)).map(factOf)
    return [name, own.reduce((state, fact) => view.on[fact.type]?.(state, fact), view.start)]
  })
  const outcome = decide(Object.fromEntries(states))
  if (typeof outcome === 'string') return { reason: outcome }
  const condition = { failIfEventsMatch: query, after: events.at(-1)?.id }
  return { append: () => recorder.append([stored(outcome)], condition) }
}

t.test('there are as many cases as in the specification', async (t) => {
  const numbers = Object.fromEntries(cases.map(({ of }) => [of, cases.filter((each) => each.of === of).length]))
  t.strictSame(numbers, {
    'course subscriptions': 9,
    'unique username': 9,
    'opt-in token': 5,
    'invoice number': 2,
    'no duplicates': 2,
    'dynamic price': 9,
  })
})

/** The store checks. Their events and queries are few, so that they often meet; a seed makes each run the same. */
const storeChecks: Readonly<Record<string, (t: Tap, recorder: Recorder) => Promise<void>>> = {
  'consistency: each append that succeeded had seen the last event that its query selects': async (t, recorder) => {
    const random = randomNumbers(1)
    const seen = new Map<number, { query: EventQuery; last: number }>()
    let lost = 0
    const writer = async () => {
      for (let turn = 0; turn < 10; turn++) {
        const query = randomQuery(random)
        const [newest] = await recorder.read(query, { descending: true, limit: 1 })
        const last = newest?.id ?? 0
        const condition = { failIfEventsMatch: query, after: last }
        const [position] = await recorder.append(randomEvents(random, 1, 2), condition).catch((error) => {
          if (error.code !== 'BOUNDARY_CONFLICT') throw error
          lost++
          return []
        })
        if (position !== undefined) seen.set(position, { query, last })
      }
    }
    await Promise.all(Array.from({ length: 20 }, writer))
    for (const [position, { query, last }] of seen) {
      const [before] = await recorder.read(query, { upTo: position - 1, descending: true, limit: 1 })
      if ((before?.id ?? 0) !== last) t.fail(`${position} had seen ${last}, and ${before?.id} was there`)
    }
    t.ok(seen.size > 20 && lost > 20, `${seen.size} succeeded, ${lost} did not`)
  },

  'monotonic positions: what was read stays as it is, and the rest comes after it': async (t, recorder) => {
    const random = randomNumbers(2)
    let isOver = false
    const writers = Array.from({ length: 5 }, async () => {
      for (let turn = 0; turn < 12; turn++) {
        const query = randomQuery(random)
        const [newest] = await recorder.read(query, { descending: true, limit: 1 })
        const condition = { failIfEventsMatch: query, after: newest?.id }
        await recorder.append(randomEvents(random, 2, 5), condition).catch(() => undefined)
        await new Promise(setImmediate)
      }
    })
    let before: number[] = []
    let reads = 0
    const reader = async () => {
      for (let isLast = false; !isLast; reads++) {
        isLast = isOver
        const positions = (await recorder.read([{}])).map(({ id }) => id)
        if (String(positions.slice(0, before.length)) !== String(before)) t.fail(`${before} became ${positions}`)
        if (!positions.every((position, at) => at === 0 || position > positions[at - 1]!)) t.fail(`${positions}`)
        before = positions
        await new Promise(setImmediate)
      }
    }
    const reading = reader()
    await Promise.all(writers)
    isOver = true
    await reading
    t.ok(before.length > 50 && reads > 10, `${before.length} events, read ${reads} times`)
  },

  'unrelated writes: none of many that append at once to boundaries of their own is refused': async (t, recorder) => {
    const writers = Array.from({ length: 20 }, async (_, writer) => {
      for (let turn = 0; turn < 5; turn++) {
        const own = [`writer:${writer}:${turn}`]
        await recorder.append([{ ...randomEvents(() => 0, 1, 1)[0]!, tags: own }], {
          failIfEventsMatch: [{ topics: ['T0'], tags: own }],
        })
      }
    })
    await Promise.all(writers)
    t.equal(await recorder.maxNotificationId(), 100)
  },
}

type Tap = Pick<typeof t, 'ok' | 'equal' | 'fail' | 'strictSame'>

/** Numbers from 0 up to 1 (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const some = (random: () => number, letter: string, least: number, most: number): string[] =>
  Array.from({ length: least + Math.floor(random() * (most - least + 1)) }, () => letter + Math.floor(random() * 10))

function randomQuery(random: () => number): EventQuery {
  return some(random, '', 1, 3).map(() => {
    const [topics, tags] = [some(random, 'T', 0, 4), some(random, 'tag', 0, 3)]
    return { ...(topics.length > 0 && { topics }), tags }
  })
}

function randomEvents(random: () => number, least: number, most: number): StoredEvent[] {
  return some(random, 'T', least, most).map((topic) => {
    return { aggregateId: 'store', version: 0, topic, state: '{}', tags: some(random, 'tag', 0, 3) }
  })
}

const folder = t.testdir()
let files = 0
const recorders: Readonly<Record<string, () => Recorder>> = {
  'in memory': () => new MemoryRecorder(),
  'in a SQLite file': () => sqlite(`${folder}/${++files}.db`),
  'in SQLite in memory': () => sqlite(':memory:'),
}

for (const [where, open] of Object.entries(recorders))
  t.test(where, async (t) => {
    for (const { of, name, given, when, then } of cases)
      await t.test(`${of}: ${name}`, async (t) => {
        const recorder = open()
        if (given.length > 0) await recorder.append(given.map(stored))
        const [first, second] = [await decided(recorder, when), await decided(recorder, when)]
        const wanted = typeof then === 'string' ? [] : [then]
        t.equal(first.reason, typeof then === 'string' ? then : undefined)
        if (first.append) t.strictSame(await first.append(), [given.length + 1])
        const log = await recorder.notifications({ start: given.length + 1, tagged: true })
        t.strictSame(
          log.map(factOf),
          wanted.map((fact) => ({ ...fact, minutesAgo: 0 })),
        )
        t.strictSame(
          log.map(({ tags }) => tags),
          wanted.map(({ type, data }) => tags[type](data).sort()),
        )
        // Another one that had decided on the same events comes too late; only an order is in nobody's way.
        if (wanted[0]?.type === 'ProductsOrdered') t.strictSame(await second.append?.(), [given.length + 2])
        else if (second.append) await t.rejects(second.append(), { code: 'BOUNDARY_CONFLICT' })
        await recorder.close()
      })
    for (const [name, check] of Object.entries(storeChecks))
      await t.test(name, async (t) => {
        const recorder = open()
        await check(t, recorder)
        await recorder.close()
      })
  })
