/**
 * Remembers which log was followed, because a position means something in that log alone.
 *
 * A recorder keeps a number for each name, so a number is made of the id of the log.
 */
import { LogChangedError, TrackingConflictError } from '../errors'
import type { Recorder } from '../port/recorder'

/** @throws LogChangedError if a log of this name with another id was followed before */
export async function mustBeSameLog(recorder: Recorder, name: string, id: string): Promise<void> {
  const applicationName = `${name}#log`
  const notificationId = fingerprint(id)
  const known = await recorder.maxTrackingId(applicationName)
  if (known === notificationId) return
  if (known > 0)
    throw new LogChangedError(
      `This is log ${id} of ${name}, but the positions that are recorded here are of another one: open that one, or react to this one under another name, from its start`,
    )
  try {
    await recorder.append([], { tracking: { applicationName, notificationId, after: 0 } })
  } catch (error) {
    if (!(error instanceof TrackingConflictError)) throw error
    // Another process was first, perhaps with another log.
    await mustBeSameLog(recorder, name, id)
  }
}

/** A whole number above 0 that is hardly ever the same for two texts. */
function fingerprint(text: string): number {
  let sum = 7
  for (let i = 0; i < text.length; i++) sum = (sum * 31 + text.charCodeAt(i)) % 2 ** 47
  return sum + 1
}
