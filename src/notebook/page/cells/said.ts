/** What is said aloud: of the log, of a cell, and of any text. */
import type { LogEntry } from '../../run'
import type { CellState } from './cell-state'

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

export interface There {
  readonly lesson: number
  /** The name of the one that is shown, if there is another one. */
  readonly timeline: string | undefined
  readonly log: readonly LogEntry[]
  /** How many of its events have happened. */
  readonly at: number
  /** Entries behind this position are new. */
  readonly seen: number
}

/**
 * What is said where somebody has come, and whether it is new, and not what one has come back to.
 *
 * @param last where that was before
 */
export function saidThere(
  { lesson, timeline, log, at, seen }: There,
  last: Pick<There, 'lesson' | 'timeline'>,
  sentence?: string,
): { readonly says: string; readonly isNews: boolean } {
  const isFresh = at < log.length || (log.at(-1)?.position ?? 0) > seen
  // The only one that is left is the one that was shown.
  const hadName = last.timeline !== undefined && timeline !== undefined
  const isOther = lesson === last.lesson && hadName && timeline !== last.timeline
  const says = at < log.length ? whereItIs(log[at - 1], sentence) : whatCame(log, seen, sentence)
  return { says: isOther && !isFresh ? `timeline ${timeline}: ${says}` : says, isNews: isFresh || isOther }
}

/** Where the slider is. */
export const whereItIs = (entry: LogEntry | undefined, sentence?: string): string =>
  entry ? oneEvent(entry, sentence) : 'before the first event'

/** A text as it is read aloud: without the signs that stand around code, and those that only point. */
export const inPlainWords = (text: string): string =>
  text
    .replace(/^ *```.*$|^ *\^~* *$/gm, '')
    .replace(/`|\*\*/g, '')
    .replace(/^ *→ /gm, 'shows ')
    .replaceAll(' → ', ', then ')
    .replaceAll(' · ', ': ')
    .replace(/\s+/g, ' ')
    .trim()

/** What is longer is read in its cell, and not aloud while one waits. */
const LONGEST = 300

/** Said of a cell that takes longer than anything in a lesson. */
const ENDLESS = 'still running: it may be endless'
/** A count that grows would be heard again and again. */
const SAVING = 'still running, and saving events'

/** What is seen of a cell that takes long, or has `saved` events by now; undefined: it does not take long. */
export function stillRunning(isLong: boolean, saved: number | undefined): string | undefined {
  if (saved === undefined) return isLong ? ENDLESS : undefined
  return `still running: ${saved.toLocaleString('en')} ${saved === 1 ? 'event' : 'events'} saved so far`
}

/** A text as it is said of a cell. */
export const aloud = (text: string): string => {
  const words = inPlainWords(text)
  return words.length > LONGEST ? `${words.slice(0, LONGEST)}… and more, in the cell` : words
}

/** What a cell is at the moment. */
export type Heard = Pick<CellState, 'isBusy' | 'saved' | 'shown' | 'notes' | 'hasRun' | 'asks' | 'left'>

/** What is to be said of a cell now; undefined: nothing else than before. */
export function toSay(name: string, now: Heard, last: Heard, isLong: boolean): string | undefined {
  if (now.isBusy) return isLong ? `${name} is ${now.saved === undefined ? ENDLESS : SAVING}` : ''
  if (now.notes.length > 0 && (last.isBusy || now.notes.length > last.notes.length)) {
    const fresh = last.isBusy ? now.notes : now.notes.slice(last.notes.length)
    return `${name}: ${fresh.map(({ text }) => aloud(text)).join(' ')}`
  }
  if (last.isBusy) return now.hasRun && !now.asks ? `${name}: ${whatCameOf(now)}` : ''
  // Another timeline is shown, or what was said below the cell is gone.
  return now.shown === last.shown && now.hasRun === last.hasRun && now.notes.length === last.notes.length
    ? undefined
    : ''
}

/** The reader knows the code, and of the events it is said beside the log. */
const SAID_ELSEWHERE = new Set(['code', 'news'])

function whatCameOf({ shown, left }: Heard): string {
  const all = shown.flatMap(({ tone, text }) => (SAID_ELSEWHERE.has(tone) ? [] : withoutStop(aloud(text))))
  const came = [hasFailed(shown) ? 'failed' : 'done', ...(all.length > 0 ? [all.join('; ')] : [])].join(': ')
  return left ? `${came}. A new timeline begins here; what cells below it show is out of date` : came
}

/** More is said in the same sentence. */
const withoutStop = (text: string): string => text.replace(/(?<!\.)\.$/, '')

export const hasFailed = (shown: CellState['shown']): boolean => shown.some(({ tone }) => tone === 'problem')
