/** Recorders that are broken on purpose: one aggregate's events, and snapshots. */
import { MemoryRecorder, type NotificationQuery, type StateForm, type StoredEvent, type StreamQuery } from 'dog-school'
import type { Broken } from './broken'

/** Without the values that are not numbers. */
const sane = <Q extends object>(query: Q): Q =>
  Object.fromEntries(Object.entries(query).filter(([, value]) => typeof value !== 'number' || value % 1 === 0)) as Q

export const reading: readonly Broken[] = [
  [
    'answers before it has recorded',
    'reads what was recorded immediately',
    () =>
      new (class extends MemoryRecorder {
        override async append(events: readonly StoredEvent[]) {
          setTimeout(() => super.append(events).catch(() => undefined), 5)
          return events.map((_, i) => i + 1)
        }
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
  [
    'returns the newest snapshot, whatever was asked for',
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
    'takes what is not a number for one',
    'refuses positions, versions and limits that are not whole numbers',
    () =>
      new (class extends MemoryRecorder {
        override select = (id: string, query: StreamQuery = {}) => super.select(id, sane(query))
        override notifications = (query: NotificationQuery = {}) => super.notifications(sane(query))
        override snapshot = (id: string, upTo?: number) => super.snapshot(id, Math.trunc(Number(upTo)) || undefined)
      })(),
  ],
  [
    'does not tell FIDO from fido',
    'returns no events for an unknown id',
    () =>
      new (class extends MemoryRecorder {
        override select = (id: string, query?: StreamQuery) => super.select(id.toLowerCase(), query)
      })(),
  ],
  [
    'hands out its own snapshots',
    'returns a snapshot as text or as bytes, and a copy of it',
    () =>
      new (class extends MemoryRecorder {
        #own: StoredEvent | undefined
        override async snapshot(id: string, upTo?: number, as?: StateForm) {
          this.#own ??= await super.snapshot(id, upTo, as)
          return this.#own
        }
      })(),
  ],
]
