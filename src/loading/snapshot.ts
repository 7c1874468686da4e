/**
 * A state kept at a version, so that a replay can start late.
 *
 * A snapshot is a convenience and never the truth: it is taken after a replay, and used only by a class that still has
 * the `snapshotVersion` it was taken with. Otherwise it is ignored, and the events are replayed.
 */
import { type AggregateClass, originalOf } from '../aggregates/definition'
import type { KeptState } from '../aggregates/life'
import type { Mapper } from '../mapping/mapper'
import type { StoredEvent } from '../port/recorder'
import { decode, encode } from '../values/json'

/** Does this class have snapshots? */
export const hasSnapshots = (type: AggregateClass): boolean => type.snapshotVersion !== undefined

export const noSnapshots = ({ name }: AggregateClass): TypeError =>
  new TypeError(`${name} has no snapshots: add static snapshotVersion = 1 to it, if its state is plain values`)

/** Is a snapshot due for an aggregate of this class that has got these versions? */
export type IsDue = (type: AggregateClass, first: number, last: number) => boolean

/**
 * @param every after how many versions, by class, which counts for the classes that extend it
 * @throws TypeError for a number that would never be reached
 */
export function dueEvery(every: Iterable<readonly [AggregateClass, number]>, report: (problem: Error) => void): IsDue {
  const counts = new Map<object, number>()
  for (const [type, count] of every) {
    if (!Number.isInteger(count) || count < 1)
      throw new TypeError(`snapshotEvery is a number of versions from 1 up, not ${count} (of ${type.name})`)
    counts.set(originalOf(type), count)
  }
  return (type, first, last) => {
    let count: number | undefined
    for (let each = type; counts.size > 0 && each && !count; each = Object.getPrototypeOf(each))
      count = counts.get(originalOf(each))
    const isDue = !!count && Math.floor(last / count) > Math.floor((first - 1) / count)
    if (isDue && !hasSnapshots(type)) report(noSnapshots(type))
    return isDue && hasSnapshots(type)
  }
}

/**
 * A state in the form that a recorder stores.
 *
 * @param generation that of the keys of people when its events were read
 * @throws ForgottenError if somebody was forgotten since
 */
export function toSnapshot(
  state: KeptState,
  type: AggregateClass,
  mapper: Mapper,
  generation: string | undefined,
): StoredEvent {
  const { id: aggregateId, version } = state
  const text = encode({ ...state, snapshotVersion: type.snapshotVersion })
  return { aggregateId, version, topic: mapper.topics.topicOf(type), state: mapper.pack(text, generation) }
}

/** The state in this row, or undefined if the class cannot use it. */
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
