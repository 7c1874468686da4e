/**
 * How many events there are of each type and version: how many old ones are left, and of what the code knows nothing.
 *
 * It reads the whole log, page by page, and changes nothing. Whether an upcast or a `static former` may be removed, it
 * says; whether the rows fit the schemas of today, `verify()` says.
 */
import type { EventDefinition } from '../aggregates/definition'
import { formerOf } from '../aggregates/former'
import type { Mapper } from '../mapping/mapper'
import { topicParts } from '../mapping/topics'
import type { Notification, Recorder } from '../port/recorder'

/** What the code makes of events. */
export type Standing =
  /** It records them in this version. */
  | 'current'
  /** It records them in a later version: upcasts bring them up to date. */
  | 'old'
  /** It knows only earlier versions, and refuses to read these. */
  | 'newer'
  /** It no longer records them: `static former` says what they have become. */
  | 'former'
  /** Their class, or the event, is not in the code. */
  | 'unknown'
  /** They cannot be read: they are damaged, or encrypted under another key. Their version is not known. */
  | 'unreadable'

/** Where and when an event was recorded. */
export interface EventPlace {
  readonly position: number
  /** ISO 8601 in UTC; undefined if the row cannot be read. */
  readonly timestamp: string | undefined
}

/** The events with one topic, in one version. */
export interface EventCount {
  /** As it is stored: `dogschool:Dog.TrickAdded`. */
  readonly topic: string
  /** The version of the event type in which they are stored; undefined if they cannot be read. */
  readonly version: number | undefined
  /** The version that the code records now; undefined if it records none. */
  readonly currentVersion: number | undefined
  readonly standing: Standing
  readonly count: number
  readonly first: EventPlace
  readonly last: EventPlace
}

export interface CensusOptions {
  /** Called after each page with the number of events that are counted, and with the last position of the log. */
  readonly onProgress?: (counted: number, position: number, last: number) => void
  /** Ends the count: it rejects with the signal's reason. */
  readonly signal?: AbortSignal
}

const page = 1000

/**
 * Counts the events of an application, or of anything that has a recorder and a mapper, up to the end that the log has
 * now. A row that cannot be read is counted as such. The counts are in the order of their topics and versions.
 *
 * @throws TypeError for what has no recorder and mapper
 */
export async function census(
  application: { readonly recorder: Recorder; readonly mapper: Mapper },
  { onProgress, signal }: CensusOptions = {},
): Promise<readonly EventCount[]> {
  const { recorder, mapper } = Object(application) as Partial<typeof application>
  if (!recorder || !mapper) throw new TypeError('census() takes an application, or { recorder, mapper }')
  const counts = new Map<string, EventCount>()
  const end = await recorder.maxNotificationId()
  let counted = 0
  for (let start = 1; start <= end; ) {
    signal?.throwIfAborted()
    // Not as texts: a row whose bytes are none would end this.
    const rows = await recorder.notifications({ start, stop: end, limit: page, as: 'bytes' })
    for (const row of rows) {
      const one = countOf(mapper, row)
      const key = `${one.topic} ${one.version} ${one.standing} ${one.currentVersion}`
      const known = counts.get(key)
      counts.set(key, known ? { ...known, count: known.count + 1, last: one.last } : one)
    }
    counted += rows.length
    start = (rows.at(-1)?.id ?? end) + 1
    onProgress?.(counted, start - 1, end)
  }
  return [...counts.values()].sort(inOrder)
}

/** The count of one row. */
function countOf(mapper: Mapper, row: Notification): EventCount {
  const { topic, id: position } = row
  const now = meaning(mapper, row)
  const currentVersion = typeof now === 'string' ? undefined : 1 + now.type.upcasts.length
  let version: number | undefined
  let timestamp: string | undefined
  let standing: Standing = 'unreadable'
  try {
    ;({ classVersion: version, timestamp } = mapper.open(row))
    standing = typeof now === 'string' ? now : standingOf(version, 1 + now.type.upcasts.length)
  } catch {
    // What is wrong with it, verify() says.
  }
  const place = { position, timestamp }
  return { topic, version, currentVersion, standing, count: 1, first: place, last: place }
}

/** The definition of the event in the code, if it is recorded today. */
function meaning(mapper: Mapper, row: Notification): Pick<EventDefinition, 'type'> | 'former' | 'unknown' {
  try {
    const { definition, type } = mapper.meaningIn(row)
    if (definition) return definition
    return type && formerOf(type, topicParts(row.topic, '').name) ? 'former' : 'unknown'
  } catch {
    // Its topic is of no known form, or of several classes.
    return 'unknown'
  }
}

const standingOf = (version: number, current: number): Standing =>
  version === current ? 'current' : version < current ? 'old' : 'newer'

const inOrder = (a: EventCount, b: EventCount): number =>
  a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : (a.version ?? Infinity) - (b.version ?? Infinity)
