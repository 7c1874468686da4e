/** Recorders that are broken on purpose: what is recorded, and what is refused. */
import { type AppendOptions, MemoryRecorder, type StoredEvent, type StreamQuery } from 'dog-school'
import type { Broken } from './broken'

const renumbered = (events: readonly StoredEvent[], next: Map<string, number>) =>
  events.map((event) => {
    const version = (next.get(event.aggregateId) ?? 0) + 1
    next.set(event.aggregateId, version)
    return { ...event, version }
  })

const throughUtf8 = (event: StoredEvent): StoredEvent => {
  const kept = (text: string) => new TextDecoder().decode(new TextEncoder().encode(text))
  return { ...event, aggregateId: kept(event.aggregateId), topic: kept(event.topic), state: kept(String(event.state)) }
}

export const appending: readonly Broken[] = [
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
    'returns the positions in the wrong order',
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
    'cuts text at a null character',
    'refuses strings that a store would change, in ids, topics, states and names',
    () =>
      new (class extends MemoryRecorder {
        override append(events: readonly StoredEvent[]) {
          return super.append(events.map((event) => ({ ...event, topic: event.topic.replace(/\0.*/s, '') })))
        }
      })(),
  ],
  [
    'keeps how far it has read in an object',
    'takes the names that every object of JavaScript has for any other',
    () =>
      new (class extends MemoryRecorder {
        override maxTrackingId = async (name: string) =>
          name in {} ? ({} as Record<string, never>)[name]! : super.maxTrackingId(name)
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
  [
    'rounds versions',
    'refuses versions that are no whole numbers, and nobody who comes at the same time',
    () =>
      new (class extends MemoryRecorder {
        override append(events: readonly StoredEvent[], options?: AppendOptions) {
          return super.append(
            events.map((event) => ({ ...event, version: Math.round(event.version) || 0 })),
            options,
          )
        }
      })(),
  ],
  [
    'forgets a field',
    'returns what was recorded, in every field',
    () =>
      new (class extends MemoryRecorder {
        override async select(id: string, query?: StreamQuery) {
          return (await super.select(id, query)).map((event) => ({ ...event, topic: '' }))
        }
      })(),
  ],
  [
    'takes the last of two events of one version',
    'refuses a version that is in a batch twice',
    () =>
      new (class extends MemoryRecorder {
        override append(events: readonly StoredEvent[], options?: AppendOptions) {
          const last = new Map(events.map((event) => [`${event.version} ${event.aggregateId}`, event]))
          return super.append([...last.values()], options)
        }
      })(),
  ],
  [
    'takes the events of one aggregate at a time',
    'takes events of several aggregates in one batch, each from its own version',
    () =>
      new (class extends MemoryRecorder {
        override append(events: readonly StoredEvent[], options?: AppendOptions) {
          const first = events[0]?.aggregateId
          return super.append(
            events.map((event) => ({ ...event, aggregateId: first as string })),
            options,
          )
        }
      })(),
  ],
]
