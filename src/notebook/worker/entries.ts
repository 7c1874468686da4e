/** The log, as the page shows it. */
import type { LoggedEvent, Recorder } from 'dog-school'
import { render } from '../../repl/render/render'
import { Members } from '../../repl/session/members'
import type { Session } from '../../repl/session/session'
import type { LogEntry } from '../run'

/** How the prompt would show it in a window of this width. */
export const look = { width: 76, colour: false, unicode: true }
/** For sentences, which the page wraps where it has no more room. */
export const flowing = { ...look, width: Number.POSITIVE_INFINITY }

/** One event of the log, which belongs to this piece. */
export const entryOf = (event: LoggedEvent, who: string, piece: number): LogEntry => ({
  position: event.id,
  version: event.version,
  name: event.name,
  aggregateId: event.aggregateId,
  who,
  payload: render({ kind: 'value', value: event.payload }, look),
  piece,
})

/** The events of a store from this position on, which belong to this piece. The session knows the classes. */
export async function entriesOf(session: Session, store: Recorder, piece: number, start: number): Promise<LogEntry[]> {
  const school = session.world.schoolOn(store)
  const members = new Members()
  const rows = await store.notifications({ as: 'bytes' })
  await members.add(rows, (member, version) => session.nameAt(member, version, school))
  const events = await school.notificationLog.select({ start })
  return events.map((event) => entryOf(event, members.label(event.aggregateId), piece))
}
