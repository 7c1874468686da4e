/**
 * A state kept at a version, so that a replay can start late.
 *
 * A snapshot is a convenience and never the truth: it is made of a replay and of nothing else, and used only by a class
 * with the `snapshotVersion` under which it was taken. Otherwise it is left aside, and the events are replayed.
 */
import type { AggregateClass } from './definition'
import { decode, encode } from './json'
import type { KeptState } from './life'
import type { Mapper } from './mapper'
import type { StoredEvent } from './recorder'

/** Does this class take part? */
export const hasSnapshots = (type: AggregateClass): boolean => type.snapshotVersion !== undefined

/** A state as a recorder keeps it. */
export function toSnapshot(state: KeptState, type: AggregateClass, mapper: Mapper): StoredEvent {
  const text = encode({ ...state, snapshotVersion: type.snapshotVersion })
  return { aggregateId: state.id, version: state.version, topic: mapper.topics.topicOf(type), state: mapper.pack(text) }
}

/** The state in this row, or undefined if it is of no use to the class. */
export function fromSnapshot(
  stored: StoredEvent | undefined,
  type: AggregateClass,
  mapper: Mapper,
): { readonly state: KeptState; readonly type: AggregateClass } | undefined {
  const found = stored && mapper.topics.within(type, stored.topic)
  if (!found) return undefined
  try {
    const { snapshotVersion, ...state } = decode(mapper.unpack(stored.state)) as KeptState & {
      snapshotVersion?: number
    }
    const isOurs = snapshotVersion === found.snapshotVersion && state.version === stored.version
    return isOurs && state.id === stored.aggregateId ? { state, type: found } : undefined
  } catch {
    return undefined
  }
}
