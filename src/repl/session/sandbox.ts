/**
 * For trying things out: `school` is moved to a copy of the store in memory, and back. The true store does not change; events
 * are never removed from it.
 */
import type { SqliteRecorder } from '../../recorders/sqlite'
import { copyServer } from './copy-in-memory'
import type { Input } from './input'
import { Refusal } from './refusal'
import type { Session } from './session'
import { isOnServer } from './store'

/** A copy of the store that `school` is on now, up to a position. */
export async function copied(session: Session, upTo = Number.POSITIVE_INFINITY): Promise<SqliteRecorder> {
  const { recorder, world } = session
  if (isOnServer(recorder)) {
    const copy = world.inMemory()
    await session.evaluator.waiting('copying the store', () => copyServer(recorder, copy, upTo))
    return copy
  }
  const copy = world.inMemory(await recorder.bytes())
  if (upTo < (await recorder.maxNotificationId()))
    await copy.query(`DELETE FROM stored_events WHERE rowid > ${upTo}`, { write: true })
  return copy
}

/** Moves `school` to a copy; if it is on a copy already, to a copy of that one. */
export async function goToCopy(session: Session, upTo = Number.POSITIVE_INFINITY): Promise<void> {
  const copy = await copied(session, upTo)
  const { recorder, lines } = session
  const isAway = session.trueStore !== undefined
  session.trueStore = { ...(session.trueStore ?? { recorder, lines }), isAwayFor: 'copy' }
  await session.switchStore(copy, lines)
  if (isAway) await recorder.close()
}

/**
 * Moves `school` to an empty store for the cells of a lesson, so that their dogs do not mix with the learner's own. A copy is
 * left as it is, because it is not kept either.
 *
 * @returns whether `school` was moved
 */
export async function goToLesson(session: Session): Promise<boolean> {
  const { recorder, lines, trueStore } = session
  if (trueStore) return false
  session.trueStore = { recorder, lines, isAwayFor: 'lesson' }
  await session.switchStore(session.world.inMemory())
  return true
}

/** Moves `school` back to the true store. */
export async function comeBack(session: Session): Promise<void> {
  const { trueStore, recorder } = session
  if (!trueStore) throw new Refusal('You are on the true store already.', '.fork goes to a copy of it.')
  session.trueStore = undefined
  await session.switchStore(trueStore.recorder, trueStore.lines)
  await recorder.close()
}

/** Does some work on a copy, then moves `school` back to where it was. */
export async function onCopy<T>(session: Session, work: () => Promise<T>): Promise<T> {
  const { recorder, trueStore } = session
  const lines: readonly Input[] = session.lines
  const copy = await copied(session)
  await session.switchStore(copy)
  try {
    return await work()
  } finally {
    session.trueStore = trueStore
    await session.switchStore(recorder, lines)
    await copy.close()
  }
}
