/** Rows for the contract: short to write, and in the form in which they are stored. */
import type { StoredEvent } from '../../port/recorder'

export function row(aggregateId: string, version: number, state = `{"n":${version}}`): StoredEvent {
  return { aggregateId, version, topic: version === 1 ? 'kennel:Dog.Registered' : 'kennel:Dog.TrickAdded', state }
}

/** Versions `from` to `to` of one aggregate. */
export const rows = (aggregateId: string, from: number, to: number): StoredEvent[] =>
  Array.from({ length: to - from + 1 }, (_, i) => row(aggregateId, from + i))

export const versions = (events: readonly StoredEvent[]): number[] => events.map(({ version }) => version)
