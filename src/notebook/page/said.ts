/** What is said aloud: of the log, and of any text. */
import type { LogEntry } from '../run'

/** `event 5, TrickAdded: Fido now knows 3 tricks`; without a sentence, `fido v3`. */
const oneEvent = ({ position, name, who, version }: LogEntry, sentence: string | undefined): string =>
  `event ${position}, ${name}: ${sentence ?? `${who} v${version}`}`

/**
 * What came last.
 *
 * @param seen the events behind this position are new
 * @param sentence of the last event
 */
export function whatCame(log: readonly LogEntry[], seen: number, sentence?: string): string {
  const fresh = log.filter(({ position }) => position > seen)
  const [first, last] = [fresh[0], fresh.at(-1)]
  if (!first || !last)
    return log.length === 0 ? 'no events' : `${log.length} ${log.length === 1 ? 'event' : 'events'}, nothing new`
  const those = first === last ? '' : `events ${first.position} to ${last.position}; the last: `
  return those + oneEvent(last, sentence)
}

/** Where the slider is. */
export const whereItIs = (entry: LogEntry | undefined, sentence?: string): string =>
  entry ? oneEvent(entry, sentence) : 'before the first event'

/** A text as it is read aloud: without the signs that stand around code, and those that only point. */
export const inPlainWords = (text: string): string =>
  text
    .replace(/^ *```.*$|^ *\^ *$/gm, '')
    .replace(/`|\*\*/g, '')
    .replace(/^ *→ /gm, 'shows ')
    .replaceAll(' → ', ', then ')
    .replaceAll(' · ', ': ')
    .replace(/\s+/g, ' ')
    .trim()
