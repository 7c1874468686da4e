/**
 * Many interleavings of writers with conditions, against a model: a list of the events that were recorded, and
 * `matches`. Appends of one turn are committed together, so their conditions hold among themselves too.
 */

import { type EventQuery, MemoryRecorder, matches, type ReadOptions, type Recorder, type StoredEvent } from 'dog-school'
import { sqlite } from 'dog-school/sqlite'
import fc from 'fast-check'
import t from 'tap'

interface Write {
  readonly events: readonly { readonly topic: string; readonly tags: readonly string[]; readonly dog: string }[]
  readonly query: EventQuery | undefined
  /** How far before the newest event of the turn's start the writer had read; none is the default of `append`. */
  readonly missed: number | undefined
  /** A version that does not follow on: the append is refused, whatever its condition says. */
  readonly isOutOfTurn: boolean
}
interface Look {
  readonly query: EventQuery
  readonly options: ReadOptions
}
/** What happens in one turn: the writes are under way together. */
interface Turn {
  readonly writes: readonly Write[]
  readonly looks: readonly Look[]
  readonly reopens: boolean
}

const topic = fc.constantFrom('A', 'B', 'C', 'dogs:Dog.D')
const tag = fc.constantFrom('a', 'b', 'c', 'dog:1', 'Ä', '🐕', "'")
const item = fc.record(
  { topics: fc.array(topic, { maxLength: 3 }), tags: fc.array(tag, { maxLength: 3 }) },
  { requiredKeys: [] },
)
const query = fc.array(item, { maxLength: 3 })
const position = fc.integer({ min: -1, max: 30 })
const write: fc.Arbitrary<Write> = fc.record({
  events: fc.array(fc.record({ topic, tags: fc.array(tag, { maxLength: 3 }), dog: fc.constantFrom('fido', 'rex') }), {
    maxLength: 3,
  }),
  query: fc.option(query, { nil: undefined, freq: 4 }),
  missed: fc.option(fc.integer({ min: -2, max: 6 }), { nil: undefined }),
  isOutOfTurn: fc.constantFrom(...Array(9).fill(false), true),
})
const options = fc.record(
  {
    after: position,
    upTo: position,
    limit: fc.integer({ min: -1, max: 5 }),
    descending: fc.boolean(),
    tagged: fc.boolean(),
  },
  { requiredKeys: [] },
)
const turn: fc.Arbitrary<Turn> = fc.record({
  writes: fc.array(write, { maxLength: 4 }),
  looks: fc.array(fc.record({ query, options }), { maxLength: 3 }),
  reopens: fc.constantFrom(...Array(9).fill(false), true),
})

type Logged = Required<Pick<StoredEvent, 'aggregateId' | 'version' | 'topic'>> & { id: number; tags: readonly string[] }

/** Everything that was recorded, in order. */
class Model {
  readonly log: Logged[] = []

  /** What `append` must answer. */
  append({ events, query, isOutOfTurn }: Write, after: number | undefined): number[] | string {
    if (isOutOfTurn && events.length > 0) return 'VERSION_GAP'
    if (query && this.log.some((event) => event.id > (after ?? 0) && matches(query, event))) return 'BOUNDARY_CONFLICT'
    return events.map(({ topic, tags, dog }) => {
      const version = this.log.filter(({ aggregateId }) => aggregateId === dog).length + 1
      const id = this.log.length + 1
      this.log.push({ id, aggregateId: dog, version, topic, tags: [...new Set(tags)].sort() })
      return id
    })
  }

  read(query: EventQuery, options: ReadOptions) {
    const { after = 0, upTo = Infinity, limit = Infinity, descending = false, tagged = false } = options
    const found = this.log.filter((event) => event.id > after && event.id <= upTo && matches(query, event))
    if (descending) found.reverse()
    return found.slice(0, Math.max(0, limit)).map(({ tags, ...event }) => {
      return { ...event, state: '{}', ...(tagged && tags.length > 0 && { tags }) }
    })
  }
}

async function holds(open: () => Recorder, turns: readonly Turn[]): Promise<void> {
  const model = new Model()
  let recorder = open()
  for (const { writes, looks, reopens } of turns) {
    const start = model.log.length
    const wanted: (number[] | string)[] = []
    const appends = writes.map((write) => {
      const after = write.query && write.missed !== undefined ? start - write.missed : undefined
      wanted.push(model.append(write, after))
      const events = write.events.map(({ dog, topic, tags }): StoredEvent => {
        return { aggregateId: dog, version: write.isOutOfTurn ? 999 : 0, topic, state: '{}', tags }
      })
      return recorder.append(events, { failIfEventsMatch: write.query, after })
    })
    const settled = await Promise.allSettled(appends)
    same(
      settled.map((each) => (each.status === 'fulfilled' ? each.value : each.reason.code)),
      wanted,
    )
    if (reopens && !(recorder instanceof MemoryRecorder)) {
      await recorder.close()
      recorder = open()
    }
    for (const { query, options } of looks) same(await recorder.read(query, options), model.read(query, options))
  }
  same(await recorder.notifications({ tagged: true }), model.read([{}], { tagged: true }))
  await recorder.close()
}

function same(got: unknown, wanted: unknown): void {
  const [left, right] = [JSON.stringify(got), JSON.stringify(wanted)]
  if (left !== right) throw new Error(`it is ${left}, and should be ${right}`)
}

const folder = t.testdir()
let files = 0
const numRuns = process.env.DOG_SCHOOL_LONG === '1' ? 3000 : 150
const stores: Readonly<Record<string, () => () => Recorder>> = {
  'in memory': () => () => new MemoryRecorder(),
  'in a SQLite file': () => {
    const file = `${folder}/${++files}.db`
    return () => sqlite(file)
  },
}

for (const [where, store] of Object.entries(stores))
  t.test(`${where}, no interleaving ends otherwise than in a list`, { timeout: 600_000 }, async (t) => {
    const turns = fc.array(turn, { minLength: 1, maxLength: 10 })
    await fc.assert(
      fc.asyncProperty(turns, (turns) => holds(store(), turns)),
      { numRuns: where.includes('file') ? numRuns / 3 : numRuns },
    )
    t.pass()
  })
