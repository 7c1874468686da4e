/**
 * Does the present code still understand everything that was recorded?
 *
 * Loading is lenient, so that no new rule makes an old event unreadable. This is strict, for use before a release, say:
 * each row is read and checked against the schema of its event, and each aggregate is replayed, as far as it can be read.
 */
import type { Aggregate } from '../aggregates/aggregate'
import { type AggregateClass, definitionOf } from '../aggregates/definition'
import { UnknownTopicError } from '../errors'
import { DomainEvent } from '../events/event'
import { EventType } from '../events/event-type'
import { Repository } from '../loading/repository'
import type { Mapper } from '../mapping/mapper'
import { topicParts } from '../mapping/topics'
import type { Recorder, StoredEvent } from '../port/recorder'

/** A row or an aggregate that does not fit the code. */
export interface Misfit {
  /** The row's position in the log; undefined if the replay of the aggregate fails. */
  readonly position: number | undefined
  readonly aggregateId: string
  readonly topic: string
  readonly problem: Error
}

export interface VerifyOptions {
  /** Called now and then with the number of steps (rows and replays) that are done, and of all. */
  readonly onProgress?: (done: number, all: number) => void
  /** The seals of the log: a `HashChain` of `dog-school/encryption` says whether anybody has edited history. */
  readonly chain?: { verify(options: VerifyOptions): Promise<readonly Misfit[]> } | undefined
}

interface Verifiable {
  readonly recorder: Recorder
  readonly mapper: Mapper
}

const page = 1000

export async function verify(
  { recorder, mapper }: Verifiable,
  { onProgress = () => undefined, chain }: VerifyOptions,
): Promise<readonly Misfit[]> {
  const misfits: Misfit[] = [...((await chain?.verify({ onProgress })) ?? [])]
  const replays = new Map<string, { type: AggregateClass<Aggregate>; topic: string; version: number; ends?: boolean }>()
  const last = await recorder.maxNotificationId()
  let done = 0
  for (let start = 1; start <= last; ) {
    // Not as texts: a row whose bytes are none would end this.
    const rows = await recorder.notifications({ start, stop: last, limit: page, as: 'bytes' })
    for (const row of rows) {
      const { id: position, aggregateId, topic, version } = row
      let replay = replays.get(aggregateId)
      try {
        const { events, type } = read(mapper, row)
        if (!type && replay)
          throw new UnknownTopicError(
            `Version ${version} of ${aggregateId} is in the history of a ${replay.topic}, but of no class`,
          )
        if (!type) continue
        if (version === 1) replays.set(aggregateId, { type, topic, version })
        else if (replay && !replay.ends) replay.version = version
        // From here on, the row can be read.
        replay = undefined
        events.forEach(({ name, payload }, i) => {
          definitionOf(type, name, version === 1 && i === 0)?.mustFit(payload)
        })
      } catch (problem) {
        misfits.push({ position, aggregateId, topic, problem: problem as Error })
        // The replay ends before the first row that cannot be read.
        if (replay) replay.ends = true
      }
    }
    done += rows.length
    start = (rows.at(-1)?.id ?? last) + 1
    onProgress(done, done + replays.size)
  }
  // Without a cache and snapshots, every event is replayed.
  const source = {
    select: (...args: Parameters<Recorder['select']>) => recorder.select(...args),
    snapshot: () => undefined,
  }
  const repository = new Repository(source as never, mapper, 0, () => undefined)
  for (const [aggregateId, { type, topic, version }] of replays) {
    try {
      await repository.get(type, aggregateId, { version })
    } catch (problem) {
      misfits.push({ position: undefined, aggregateId, topic, problem: problem as Error })
    }
    if (++done % page === 0) onProgress(done, done)
  }
  onProgress(done, done)
  return misfits
}

/** What the row means today, and its class, if it has one; throws if it cannot be read, or does not fit its type. */
function read(
  mapper: Mapper,
  row: StoredEvent,
): { readonly events: readonly DomainEvent[]; readonly type?: AggregateClass<Aggregate> } {
  const event = mapper.toDomain(row)
  const type = DomainEvent.ownerOf(event) as AggregateClass<Aggregate> | EventType | undefined
  if (type instanceof EventType) {
    if (type.recorded) type.validated(event.payload, type.name, type.recorded)
    return { events: [event] }
  }
  if (!type && !topicParts(row.topic, '').type.includes(':'))
    throw new UnknownTopicError(
      `Version ${row.version} of ${row.aggregateId} is a '${row.topic}', and no event type is stored so: import it`,
    )
  // Without a class, this throws an error that names the missing one.
  mapper.reader(type ?? ({ name: 'known class', prototype: {} } as never))(row)
  return { events: mapper.present(row), type: type as AggregateClass<Aggregate> }
}
