/**
 * Applies a journal to its database.
 *
 * After a crash between a checkpoint and the removal of the journal, its events are already in the file, and are
 * skipped. Any other events at their positions were put there by another program.
 */
import { DatabaseChangedError, JournalError } from '../../errors'
import { isEqual, toHex } from '../../values/bytes'
import { sqlite3 } from './disk'
import type { Engine } from './engine'
import type { Commit, Contents, Heading } from './journal-format'
import { sha256 } from './platform'
import { eventAt, insertEvents, insertSnapshot, insertTracking, maxPosition, type Row, toBytes } from './tables'
import { insertTags } from './tags'
import { runSteps } from './views'

export interface Target {
  readonly engine: Engine
  /** The path of the database, for messages. */
  readonly file: string
  /** The path of the journal, for messages. */
  readonly journal: string
  /** The id of the database. */
  readonly id: string
}

/** The heading of a journal that starts now. */
export function headingOf(engine: Engine, id: string, last: number): Heading {
  const after = maxPosition(engine)
  return { database: id, after, digest: digestAt(engine, after), last }
}

/**
 * Applies the whole journal or nothing.
 *
 * @returns the last position that had been used; its event may have been deleted since
 * @throws JournalError if the journal belongs to another database
 * @throws DatabaseChangedError if the journal does not follow on from what is in the database
 */
export function replay(target: Target, contents: Contents): number {
  const { heading } = contents
  const { engine, file, journal } = target
  if (heading.database !== target.id)
    throw new JournalError(
      `${journal} belongs to another database than ${file}: put the right database back beside it; ` +
        'or, if its contents are no longer needed, move it away and open again',
    )
  if (digestAt(engine, heading.after) !== heading.digest)
    throw new DatabaseChangedError(
      `${file} no longer has event ${heading.after} as it was when ${journal} was started: another program changed it, ` +
        'or the file was replaced by another copy. Nothing was changed here. Put the right file back; ' +
        'or move the journal away, to continue without its contents',
    )
  return engine.transaction(() => {
    let position = heading.last
    for (const commit of contents.commits()) position = apply(target, commit, position)
    return position
  })
}

/** @returns the last position so far: `before` if this commit has no events */
function apply(target: Target, { events, tracking, snapshots, views }: Commit, before: number): number {
  const { engine, journal } = target
  if (events[0] && events[0][0] !== before + 1) throw isMissing(journal, `event ${events[0][0]} after event ${before}`)
  const last = maxPosition(engine)
  const fresh = events.filter((event) => event[0] > last)
  for (const event of events) if (event[0] <= last && !isRecorded(engine, event)) throw changed(target, event[0])
  try {
    insertEvents(engine, fresh)
    insertTags(engine, fresh)
  } catch (cause) {
    throw changed(target, fresh[0]?.[0] ?? last, cause)
  }
  for (const each of tracking) insertTracking(engine, each)
  for (const each of snapshots) insertSnapshot(engine, each)
  if (views && !runSteps(engine, views)) throw isMissing(journal, `change ${views.first} of its views`)
  return events.at(-1)?.[0] ?? before
}

const isMissing = (journal: string, next: string): JournalError =>
  new JournalError(
    `${journal} continues with ${next}: a line is missing. Nothing was changed. Restore it from a backup`,
  )

function isRecorded(engine: Engine, [position, ...event]: Row): boolean {
  const [, ...found] = eventAt(engine, position) ?? []
  return [0, 1, 2].every((at) => found[at] === event[at]) && isEqual(toBytes(found[3]!), toBytes(event[3]!))
}

/** In bytes: a larger state stands there by its own digest. As JSON, it would be longer than a string can be. */
const LARGE = 64 * 1024

function digestAt(engine: Engine, position: number): string {
  const found = eventAt(engine, position)
  if (!found) return ''
  const [, id, version, topic, state] = found
  const short = state instanceof Uint8Array && state.length > LARGE ? sha256(state) : state
  return sha256(JSON.stringify([position, id, version, toHex(toBytes(topic)), short]))
}

function changed({ file, journal }: Target, position: number, cause?: unknown): Error {
  return new DatabaseChangedError(
    `${file} was changed by another program: it has another event ${position} than ${journal}. ` +
      'Nothing was changed here. Keep copies of both; then move the journal away, to continue with the file; ' +
      `or delete the other program's events (${sqlite3(file, `DELETE FROM stored_events WHERE rowid >= ${position}`)}), ` +
      'to continue with those of the journal',
    { cause },
  )
}
