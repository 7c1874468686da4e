/**
 * A state kept at a version, so that a replay can start late.
 *
 * A snapshot is a convenience and never the truth. It is used only by the very code that made it: once the
 * class has been edited, its snapshots are left aside and the events are replayed from the first.
 */
import { Aggregate, internals } from './aggregate'
import type { AggregateClass } from './definition'
import { decode, encode } from './json'
import type { Mapper } from './mapper'
import type { Recorder, StoredEvent } from './recorder'
import { fingerprint } from './source'
import type { KeptState } from './state'

interface StoredState extends KeptState {
  readonly madeBy: string
}

/** The snapshot of an aggregate as a recorder keeps it, or `undefined` if its state cannot be copied. */
export function toSnapshot(aggregate: Aggregate, mapper: Mapper): StoredEvent | undefined {
  const kept = internals.keep(aggregate)
  if (!kept) return undefined
  const type = aggregate.constructor as AggregateClass
  const state: StoredState = { ...kept, madeBy: fingerprint(type, Aggregate) }
  return { aggregateId: kept.id, version: kept.version, topic: mapper.topicOf(type), state: mapper.pack(encode(state)) }
}

/** The aggregate as it was kept at `upTo` or before, or `undefined` where there is none that can be used. */
export async function fromSnapshot<A extends Aggregate>(
  type: AggregateClass<A>,
  id: string,
  upTo: number | undefined,
  recorder: Recorder,
  mapper: Mapper,
): Promise<A | undefined> {
  const stored = await recorder.snapshot(id, upTo, mapper.form)
  if (!stored || !mapper.names(stored.topic, type)) return undefined
  try {
    const kept = decode(mapper.unpack(stored.state)) as StoredState
    return kept.madeBy === fingerprint(type, Aggregate) ? (internals.restore(type, kept) as A) : undefined
  } catch {
    return undefined
  }
}
