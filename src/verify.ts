/**
 * Does the present code still understand everything that was recorded?
 *
 * Loading is lenient, so that no new rule makes an old event unreadable. This is strict, for use before a release, say:
 * each row is read and checked against the schema of its event, and each aggregate is replayed, as far as it can be read.
 */
import type { Aggregate } from './aggregate'
import { type AggregateClass, definitionOf } from './definition'
import { DomainEvent } from './event'
import type { Mapper } from './mapper'
import type { Recorder, StoredEvent } from './recorder'
import type { Repository } from './repository'

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
}

interface Verifiable {
  readonly recorder: Recorder
  readonly mapper: Mapper
  readonly repository: Repository
}

const page = 1000

export async function verify(
  { recorder, mapper, repository }: Verifiable,
  { onProgress = () => undefined }: VerifyOptions,
): Promise<readonly Misfit[]> {
  const misfits: Misfit[] = []
  const replays = new Map<string, { type: AggregateClass<Aggregate>; topic: string; version?: number }>()
  const last = await recorder.maxNotificationId()
  let done = 0
  for (let start = 1; start <= last; ) {
    const rows = await recorder.notifications({ start, stop: last, limit: page, as: mapper.form })
    for (const row of rows) {
      const { id: position, aggregateId, topic, version } = row
      let isRead = false
      try {
        const { event, type } = read(mapper, row)
        isRead = true
        if (version === 1) replays.set(aggregateId, { type, topic })
        const definition = definitionOf(type, event.name, version === 1)
        if (definition?.type.schema) definition.type.validated(event.payload, definition.label)
      } catch (problem) {
        misfits.push({ position, aggregateId, topic, problem: problem as Error })
        // The replay ends before the first row that cannot be read.
        const replay = replays.get(aggregateId)
        if (replay && !isRead) replay.version ??= version - 1
      }
    }
    done += rows.length
    start = (rows.at(-1)?.id ?? last) + 1
    onProgress(done, done + replays.size)
  }
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

/** The event in the row, and its class; throws if it cannot be read. */
function read(
  mapper: Mapper,
  row: StoredEvent,
): { readonly event: DomainEvent; readonly type: AggregateClass<Aggregate> } {
  const type = DomainEvent.ownerOf(mapper.toDomain(row)) as AggregateClass<Aggregate> | undefined
  // Without a class, this throws an error that names the missing one.
  const event = mapper.reader(type ?? ({ name: 'known class', prototype: {} } as never))(row)
  return { event, type: type as AggregateClass<Aggregate> }
}
