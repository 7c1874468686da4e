/**
 * The contract has teeth: each recorder here is broken on purpose, in one way, and the case that is meant for
 * it must notice.
 */
import {
  type AppendOptions,
  MemoryRecorder,
  type NotificationQuery,
  type StoredEvent,
  type StreamQuery,
} from 'dog-school'
import t, { Test } from 'tap'
import { contract } from './recorder'

/** Runs one case separately from this test; returns true if all of its assertions held. */
async function passes(name: string, recorder: MemoryRecorder): Promise<boolean> {
  const options: ConstructorParameters<typeof Test>[0] = { name }
  const apart: Parameters<(typeof contract)[string]>[0] = new Test(options)
  apart.resume()
  try {
    await contract[name]?.(apart, recorder)
  } catch {
    return false
  }
  apart.end()
  return apart.passing()
}

const renumbered = (events: readonly StoredEvent[], next: Map<string, number>) =>
  events.map((event) => {
    const version = (next.get(event.aggregateId) ?? 0) + 1
    next.set(event.aggregateId, version)
    return { ...event, version }
  })

/** Without the values that are not numbers. */
const sane = <Q extends object>(query: Q): Q =>
  Object.fromEntries(Object.entries(query).filter(([, value]) => typeof value !== 'number' || value % 1 === 0)) as Q

const throughUtf8 = (event: StoredEvent): StoredEvent => {
  const kept = (text: string) => new TextDecoder().decode(new TextEncoder().encode(text))
  return { ...event, aggregateId: kept(event.aggregateId), topic: kept(event.topic), state: kept(String(event.state)) }
}

/** A memory recorder that does one thing wrong: what it does, and the case that must notice. */
const broken: readonly [what: string, noticedBy: string, make: () => MemoryRecorder][] = [
  [
    'takes a version again, and a version with a gap before it',
    'refuses a version that is recorded',
    () =>
      new (class extends MemoryRecorder {
        #next = new Map<string, number>()
        override append(events: readonly StoredEvent[], options?: AppendOptions) {
          return super.append(renumbered(events, this.#next), options)
        }
      })(),
  ],
  [
    'closes a gap by renumbering',
    'refuses a version with a gap before it',
    () =>
      new (class extends MemoryRecorder {
        override async append(events: readonly StoredEvent[], options?: AppendOptions) {
          const shifted: StoredEvent[] = []
          for (const event of events) {
            const there = (await super.select(event.aggregateId)).length
            shifted.push(event.version > there + 1 ? { ...event, version: there + 1 } : event)
          }
          return super.append(shifted, options)
        }
      })(),
  ],
  [
    'records a batch event by event',
    'keeps all of a batch or none of it',
    () =>
      new (class extends MemoryRecorder {
        override async append(events: readonly StoredEvent[], options?: AppendOptions) {
          const positions = events.length === 0 ? [await super.append([], options)].flat() : []
          for (const [i, event] of events.entries())
            positions.push(...(await super.append([event], i ? undefined : options)))
          return positions
        }
      })(),
  ],
  [
    'checks, waits, and then writes',
    'lets exactly one of fifty writers of one version win',
    () =>
      new (class extends MemoryRecorder {
        #next = new Map<string, number>()
        override async append(events: readonly StoredEvent[], options?: AppendOptions) {
          for (const { aggregateId, version } of events)
            if ((this.#next.get(aggregateId) ?? 0) >= version)
              return super.append([{ ...(events[0] as StoredEvent), version: 1 }])
          await null
          return super.append(renumbered(events, this.#next), options)
        }
      })(),
  ],
  [
    'loses writers that are in nobody’s way',
    'lets fifty writers of fifty aggregates all win',
    () =>
      new (class extends MemoryRecorder {
        #busy = false
        override async append(events: readonly StoredEvent[], options?: AppendOptions) {
          if (this.#busy) throw new Error('SQLITE_BUSY')
          this.#busy = true
          await null
          this.#busy = false
          return super.append(events, options)
        }
      })(),
  ],
  [
    'mixes the events of batches',
    'keeps the events of one batch together, whatever others write',
    () =>
      new (class extends MemoryRecorder {
        override async append(events: readonly StoredEvent[]) {
          const positions: number[] = []
          for (const event of events) {
            await null
            positions.push(...(await super.append([event])))
          }
          return positions
        }
      })(),
  ],
  [
    'answers before it has recorded',
    'reads what was recorded immediately',
    () =>
      new (class extends MemoryRecorder {
        override async append(events: readonly StoredEvent[]) {
          setTimeout(() => super.append(events), 5)
          return events.map((_, i) => i + 1)
        }
      })(),
  ],
  [
    'gives the positions in the wrong order',
    'returns positions in the order of the events, each above the last',
    () =>
      new (class extends MemoryRecorder {
        override append = async (events: readonly StoredEvent[]) => (await super.append(events)).reverse()
      })(),
  ],
  [
    'cannot record nothing',
    'accepts an empty batch, and returns no positions',
    () =>
      new (class extends MemoryRecorder {
        override async append(events: readonly StoredEvent[]) {
          if (events.length === 0) throw new Error('nothing to do')
          return super.append(events)
        }
      })(),
  ],
  [
    'cannot record 5,000 events at once',
    'records 5,000 events in one batch',
    () =>
      new (class extends MemoryRecorder {
        override async append(events: readonly StoredEvent[]) {
          if (events.length > 999) throw new Error('too many SQL variables')
          return super.append(events)
        }
      })(),
  ],
  [
    'normalises text',
    'keeps any string unchanged, in ids, topics and states',
    () =>
      new (class extends MemoryRecorder {
        override append(events: readonly StoredEvent[]) {
          return super.append(events.map((event) => ({ ...event, state: String(event.state).normalize('NFC') })))
        }
      })(),
  ],
  [
    'cuts text at a zero',
    'keeps any string unchanged, in ids, topics and states',
    () =>
      new (class extends MemoryRecorder {
        override append(events: readonly StoredEvent[]) {
          return super.append(events.map((event) => ({ ...event, topic: event.topic.replace(/\0.*/s, '') })))
        }
      })(),
  ],
  [
    'takes bytes for text',
    'keeps bytes unchanged, and returns text or bytes as requested',
    () =>
      new (class extends MemoryRecorder {
        override append(events: readonly StoredEvent[]) {
          return super.append(
            events.map((event) => ({
              ...event,
              state: typeof event.state === 'string' ? event.state : new TextDecoder().decode(event.state),
            })),
          )
        }
      })(),
  ],
  [
    'hands out its own rows',
    'is not changed when arguments or results are changed afterwards',
    () =>
      new (class extends MemoryRecorder {
        #own: StoredEvent[] | undefined
        override async select(id: string, query?: StreamQuery) {
          this.#own ??= await super.select(id, query)
          return this.#own
        }
      })(),
  ],
  [
    'keeps what it was given',
    'is not changed when arguments or results are changed afterwards',
    () =>
      new (class extends MemoryRecorder {
        #given: readonly StoredEvent[] = []
        override append(events: readonly StoredEvent[]) {
          this.#given = events
          return super.append(events)
        }
        override select = async () => this.#given.map((event) => ({ ...event }))
      })(),
  ],
  [
    'works on when it is closed',
    'refuses every call after it is closed, and may be closed twice',
    () =>
      new (class extends MemoryRecorder {
        override close = async () => {}
      })(),
  ],
  ...['after', 'upTo', 'limit'].map((option): [string, string, () => MemoryRecorder] => [
    `is off by one in ${option}`,
    'selects by version: after, upTo, limit, newest first, and all of them together',
    () =>
      new (class extends MemoryRecorder {
        override select(id: string, query: StreamQuery = {}) {
          const value = query[option as 'after']
          return super.select(id, value === undefined ? query : { ...query, [option]: value + 1 })
        }
      })(),
  ]),
  [
    'limits before it turns the order round',
    'selects by version: after, upTo, limit, newest first, and all of them together',
    () =>
      new (class extends MemoryRecorder {
        override async select(id: string, { descending = false, ...query }: StreamQuery = {}) {
          const found = await super.select(id, query)
          return descending ? found.reverse() : found
        }
      })(),
  ],
  ...['start', 'stop', 'limit'].map((option): [string, string, () => MemoryRecorder] => [
    `is off by one in ${option} of the log`,
    'selects by position: start, stop, limit, topics, and all of them together',
    () =>
      new (class extends MemoryRecorder {
        override notifications(query: NotificationQuery = {}) {
          const value = query[option as 'start']
          return super.notifications(value === undefined ? query : { ...query, [option]: value + 1 })
        }
      })(),
  ]),
  [
    'limits before it looks at the topics',
    'selects by position: start, stop, limit, topics, and all of them together',
    () =>
      new (class extends MemoryRecorder {
        override async notifications({ topics, ...query }: NotificationQuery = {}) {
          return (await super.notifications(query)).filter(({ topic }) => topics?.includes(topic) ?? true)
        }
      })(),
  ],
  [
    'takes no topics for all topics',
    'selects by position: start, stop, limit, topics, and all of them together',
    () =>
      new (class extends MemoryRecorder {
        override notifications({ topics, ...query }: NotificationQuery = {}) {
          return super.notifications(topics?.length ? { ...query, topics } : query)
        }
      })(),
  ],
  [
    'gives a position again after a failure',
    'never uses a position twice, even if appends fail in between',
    () =>
      new (class extends MemoryRecorder {
        override append = async (events: readonly StoredEvent[]) => (await super.append(events)).map(() => 1)
      })(),
  ],
  [
    'wakes only the first time',
    'wakes all who watch when events are recorded, until they leave',
    () =>
      new (class extends MemoryRecorder {
        override watch(wake: () => void) {
          const leave = super.watch(() => {
            leave()
            wake()
          })
          return leave
        }
      })(),
  ],
  [
    'wakes those who left',
    'wakes all who watch when events are recorded, until they leave',
    () =>
      new (class extends MemoryRecorder {
        override watch(wake: () => void) {
          super.watch(wake)
          return () => undefined
        }
      })(),
  ],
  [
    'gives its log another id each time',
    'has one id for its log',
    () =>
      new (class extends MemoryRecorder {
        override logId = async () => String(Math.random())
      })(),
  ],
  [
    'forgets what was tracked without events',
    'remembers the last notification of each application that follows',
    () =>
      new (class extends MemoryRecorder {
        override append(events: readonly StoredEvent[], options?: AppendOptions) {
          return super.append(events, events.length > 0 ? options : undefined)
        }
      })(),
  ],
  [
    'tracks for all applications together',
    'remembers the last notification of each application that follows',
    () =>
      new (class extends MemoryRecorder {
        override maxTrackingId = () => super.maxTrackingId('kennel')
      })(),
  ],
  [
    'records again what was tracked',
    'refuses a notification that was already tracked, with the events that follow from it',
    () =>
      new (class extends MemoryRecorder {
        override async append(events: readonly StoredEvent[], options?: AppendOptions) {
          return super.append(events, options).catch(() => super.append(events))
        }
      })(),
  ],
  [
    'tracks before it records',
    'tracks nothing when the events are refused',
    () =>
      new (class extends MemoryRecorder {
        override async append(events: readonly StoredEvent[], options?: AppendOptions) {
          await super.append([], options)
          return super.append(events)
        }
      })(),
  ],
  [
    'gives the newest snapshot, whatever was asked for',
    'returns the newest snapshot, at a version or before it',
    () =>
      new (class extends MemoryRecorder {
        override snapshot = (id: string) => super.snapshot(id)
      })(),
  ],
  [
    'keeps the first snapshot of a version',
    'replaces a snapshot of the same version',
    () =>
      new (class extends MemoryRecorder {
        override async saveSnapshot(snapshot: StoredEvent) {
          if ((await super.snapshot(snapshot.aggregateId, snapshot.version)) === undefined)
            await super.saveSnapshot(snapshot)
        }
      })(),
  ],
  [
    'counts a snapshot as an event',
    'returns no snapshot for an aggregate without one, and mixes none up',
    () =>
      new (class extends MemoryRecorder {
        override saveSnapshot = async (snapshot: StoredEvent) => void (await super.append([snapshot]))
      })(),
  ],
  ...['after', 'upTo', 'limit'].map((option): [string, string, () => MemoryRecorder] => [
    `counts from the end of a history where ${option} is below zero`,
    'selects nothing with negative numbers',
    () =>
      new (class extends MemoryRecorder {
        override async select(id: string, query: StreamQuery = {}) {
          const { [option as 'after']: value, ...rest } = query
          const found = await super.select(id, rest)
          return value === undefined ? found : option === 'after' ? found.slice(value) : found.slice(0, value)
        }
      })(),
  ]),
  ...['start', 'stop', 'limit'].map((option): [string, string, () => MemoryRecorder] => [
    `counts from the end of the log where ${option} is below zero`,
    'selects nothing with negative numbers',
    () =>
      new (class extends MemoryRecorder {
        override async notifications(query: NotificationQuery = {}) {
          const { [option as 'start']: value, ...rest } = query
          const found = await super.notifications(rest)
          return value === undefined ? found : option === 'start' ? found.slice(value - 1) : found.slice(0, value)
        }
      })(),
  ]),
  [
    'gives whatever is asked for by no number',
    'refuses positions, versions and limits that are not whole numbers',
    () =>
      new (class extends MemoryRecorder {
        override select = (id: string, query: StreamQuery = {}) => super.select(id, sane(query))
        override notifications = (query: NotificationQuery = {}) => super.notifications(sane(query))
        override snapshot = (id: string, upTo?: number) => super.snapshot(id, Math.trunc(Number(upTo)) || undefined)
      })(),
  ],
  [
    'cannot find one of 5,000 snapshots',
    'finds the newest of 5,000 snapshots of one aggregate',
    () =>
      new (class extends MemoryRecorder {
        #versions: number[] = []
        override saveSnapshot(snapshot: StoredEvent) {
          this.#versions.push(snapshot.version)
          return super.saveSnapshot(snapshot)
        }
        override async snapshot(id: string, upTo?: number) {
          if (this.#versions.length > 4_000) throw new RangeError('Maximum call stack size exceeded')
          return super.snapshot(id, upTo)
        }
      })(),
  ],
  [
    'tracks what is no number',
    'refuses to track an id that is not a whole number, with the events that follow from it',
    () =>
      new (class extends MemoryRecorder {
        override append(events: readonly StoredEvent[], options?: AppendOptions) {
          return super.append(events, Number.isSafeInteger(options?.tracking?.notificationId) ? options : undefined)
        }
      })(),
  ],
  [
    'writes text as UTF-8, and half a character as another',
    'refuses strings that a store would change, in ids, topics, states and names',
    () =>
      new (class extends MemoryRecorder {
        override append(events: readonly StoredEvent[], options?: AppendOptions) {
          return super.append(events.map(throughUtf8), options)
        }
        override saveSnapshot = (snapshot: StoredEvent) => super.saveSnapshot(throughUtf8(snapshot))
      })(),
  ],
]

for (const [what, noticedBy, make] of broken)
  t.test(`notices a recorder that ${what}`, async (t) => {
    t.ok(noticedBy in contract, `there is such a case: ${noticedBy}`)
    t.ok(await passes(noticedBy, new MemoryRecorder()), 'a right recorder passes it')
    t.notOk(await passes(noticedBy, make()), 'this one does not')
  })
