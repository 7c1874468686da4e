/**
 * Which log a view was made from, and up to where.
 */
import { LogChangedError } from '../errors'
import type { FollowableLog } from '../following/followable'

export interface Origin {
  readonly position: number
  /** Undefined before anything was read. */
  readonly logId: string | undefined
}

/** Where the log is now. */
export const originOf = async (log: FollowableLog): Promise<{ readonly position: number; readonly logId: string }> => ({
  logId: await log.logId(),
  position: await log.max(),
})

/** Can a view of this origin be gone on with? */
export const belongs = ({ position, logId }: Origin, now: Origin): boolean =>
  (logId === undefined || logId === now.logId) && position <= (now.position as number)

/** @throws LogChangedError if it cannot */
export function mustBelong(label: string, known: Origin, now: Origin): void {
  if (belongs(known, now)) return
  const why =
    known.position > now.position
      ? `is at position ${known.position}, but the log ends at ${now.position}: it was cut, or is another one`
      : `belongs to log ${known.logId}, and this is log ${now.logId}`
  throw new LogChangedError(`${label} ${why}. Put the right log back, or build the view again: rebuild()`)
}
