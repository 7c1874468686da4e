/**
 * Does the present code still understand everything that was recorded?
 *
 * Loading is lenient, so that no new rule makes an old event unreadable. This is strict, for use before a release, say:
 * each row is read and checked against the schema of its event, and each aggregate is replayed.
 */
import type { Aggregate } from './aggregate'
import { type AggregateClass, eventsOf } from './definition'
import { DomainEvent } from './event'
import type { Mapper } from './mapper'
import type { Recorder } from './recorder'
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
  const classes = new Map<string, { type: AggregateClass<Aggregate>; topic: string }>()
  const last = await recorder.maxNotificationId()
  let done = 0
  for (let start = 1; start <= last; ) {
    const rows = await recorder.notifications({ start, stop: last, limit: page, as: mapper.form })
    for (const row of rows) {
      const { id: position, aggregateId, topic } = row
      try {
        const type = check(mapper, row)
        if (row.version === 1) classes.set(aggregateId, { type, topic })
      } catch (problem) {
        classes.delete(aggregateId)
        misfits.push({ position, aggregateId, topic, problem: problem as Error })
      }
    }
    done += rows.length
    start = (rows.at(-1)?.id ?? last) + 1
    onProgress(done, done + classes.size)
  }
  for (const [aggregateId, { type, topic }] of classes) {
    try {
      await repository.get(type, aggregateId)
    } catch (problem) {
      misfits.push({ position: undefined, aggregateId, topic, problem: problem as Error })
    }
    if (++done % page === 0) onProgress(done, done)
  }
  onProgress(done, done)
  return misfits
}

/** Returns the class of the row; throws if the row does not fit. */
function check(mapper: Mapper, row: Parameters<Mapper['toDomain']>[0]): AggregateClass<Aggregate> {
  const type = DomainEvent.ownerOf(mapper.toDomain(row)) as AggregateClass<Aggregate> | undefined
  // Without a class, this throws an error that names the missing one.
  const event = mapper.reader(type ?? ({ name: 'known class', prototype: {} } as never))(row)
  const definition = eventsOf(type as object).get(event.name)
  if (definition?.type.schema) definition.type.validated(event.payload, definition.label)
  return type as AggregateClass<Aggregate>
}
