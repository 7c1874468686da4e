/** Recorders that are broken on purpose: several writers at once. */
import { type AppendOptions, MemoryRecorder, type StoredEvent, VersionGapError } from 'dog-school'
import type { Broken } from './broken'

const renumbered = (events: readonly StoredEvent[], next: Map<string, number>) =>
  events.map((event) => {
    const version = (next.get(event.aggregateId) ?? 0) + 1
    next.set(event.aggregateId, version)
    return { ...event, version }
  })

export const racing: readonly Broken[] = [
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
    'gives a position again after a failure',
    'never uses a position twice, even if appends fail in between',
    () =>
      new (class extends MemoryRecorder {
        override append = async (events: readonly StoredEvent[]) => (await super.append(events)).map(() => 1)
      })(),
  ],
  [
    'knows only versions that are durable',
    'takes the next version while the one before it is still being recorded',
    () =>
      new (class extends MemoryRecorder {
        override async append(events: readonly StoredEvent[], options?: AppendOptions) {
          const before = (await super.select(events[0]?.aggregateId ?? '')).length
          if ((events[0]?.version ?? 1) > before + 1) throw new VersionGapError('not yet')
          await null
          return super.append(events, options)
        }
      })(),
  ],
  [
    'fails with whoever shares its commit',
    'records good appends even if others fail at the same time, for whatever reason',
    () =>
      new (class extends MemoryRecorder {
        #group: Promise<unknown> = Promise.resolve()
        override async append(events: readonly StoredEvent[], options?: AppendOptions) {
          const group = this.#group
          const own = super.append(events, options)
          this.#group = own
          await group
          return own
        }
      })(),
  ],
]
