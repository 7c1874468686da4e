/** What is appended in the benchmarks of a server: one event at a time by several writers, or a hundred at once. */
import { randomUUID } from 'node:crypto'
import type { StoredEvent } from 'dog-school'
import { rowsOf } from '../dogs'
import type { Work } from '../measure'

const trick = [...rowsOf('fido', 2)][1] as StoredEvent

/** Each event has an aggregate of its own. */
export const singles =
  (count: number, writers: number, append: (event: StoredEvent) => Promise<unknown>): Work =>
  () => {
    const events = Array.from({ length: count }, () => ({ ...trick, aggregateId: randomUUID(), version: 1 }))
    const writer = async () => {
      for (let event = events.pop(); event; event = events.pop()) await append(event)
    }
    return () => Promise.all(Array.from({ length: writers }, writer))
  }

export const hundreds =
  (batches: number, append: (events: readonly StoredEvent[]) => Promise<unknown>): Work =>
  () => {
    const all = Array.from({ length: batches }, () => [...rowsOf(randomUUID(), 100)])
    return async () => {
      for (const events of all) await append(events)
    }
  }
