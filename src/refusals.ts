/**
 * What every recorder refuses: appends that do not go on from what is recorded, and arguments that it could not keep.
 */
import {
  BoundaryConflictError,
  ClosedError,
  ReadOnlyError,
  TrackingConflictError,
  VersionConflictError,
  VersionGapError,
} from './errors'

/** The error for a version that is not the next one of its aggregate. */
export function outOfTurn(aggregateId: string, version: number, expected: number): Error {
  if (version < expected)
    return new VersionConflictError(
      `Version ${version} of ${aggregateId} is already recorded: load it again, decide again and save again`,
    )
  return new VersionGapError(
    `Version ${version} of ${aggregateId} cannot be recorded: the next one is ${expected}. Save all events, in order`,
  )
}

interface Trackable {
  readonly applicationName: string
  readonly notificationId: number
  readonly after?: number | undefined
}

/** Refuses to track notifications that a follower, perhaps another process, has processed up to `last`. */
export function mustGoOn({ applicationName, notificationId, after }: Trackable, last: number): void {
  if (notificationId > last && (after ?? last) === last) return
  throw new TrackingConflictError(
    `Notification ${notificationId} of ${applicationName} does not go on from ${last}, up to which they were processed: continue after ${last}`,
  )
}

/** The error for an append whose query matches an event that the caller has not seen. */
export function boundaryCrossed(position: number, after: number): Error {
  return new BoundaryConflictError(
    `Event ${position} matches the query of this append, and is newer than ${after}: read again, decide again and append again`,
  )
}

export function wasClosed(what = 'store'): Error {
  return new ClosedError(`This ${what} is closed: open another one`)
}

export function isReadOnly(file: string): Error {
  return new ReadOnlyError(`${file} is open for reading only: open it without readOnly to record events`)
}

/** Positions, versions and limits are whole numbers or infinite. Negative ones are allowed, and select nothing. */
export function mustBeWhole(numbers: Readonly<Record<string, number>>): void {
  for (const name in numbers) {
    const value = numbers[name]!
    if (!Number.isInteger(value) && Math.abs(value) !== Infinity)
      throw new TypeError(`${name} must be a whole number, not ${value}: round it or leave it out`)
  }
}

/** Refuses a notification id that cannot be compared with the next one, and a name that a store would change. */
export function mustBeTrackable({ applicationName, notificationId, after = 0 }: Trackable): void {
  if (![notificationId, after].every(Number.isSafeInteger) || typeof applicationName !== 'string')
    throw new TypeError(
      `A tracking is { applicationName, notificationId }, a string and a whole number, not ${applicationName}, ${notificationId}`,
    )
  mustBeText('The application name', applicationName)
}

interface Storable {
  readonly aggregateId: string
  readonly version: number
  readonly topic: string
  readonly state: string | Uint8Array
  readonly tags?: readonly string[] | undefined
}

/** Refuses events with strings that some stores would change. */
export function mustBeStorable(events: readonly Storable[]): void {
  let before: Storable | undefined
  for (const event of events) {
    // Neighbours mostly belong to one aggregate.
    if (event.aggregateId !== before?.aggregateId) mustBeText('The id', event.aggregateId)
    if (event.topic !== before?.topic) mustBeText('The topic', event.topic)
    if (typeof event.state === 'string') mustBeText('The state', event.state)
    if (!Number.isSafeInteger(event.version)) throw noVersion(event)
    if (event.tags !== undefined) mustBeTags(event.tags)
    before = event
  }
}

const noVersion = ({ aggregateId, version }: Storable): Error =>
  new TypeError(`The version of ${aggregateId} must be a whole number, not ${version}: give 0 for the next one`)

function mustBeTags(tags: readonly string[]): void {
  if (!Array.isArray(tags)) throw new TypeError(`Tags are an array of strings, not ${JSON.stringify(tags)}`)
  for (const tag of tags) mustBeTag(tag)
}

/** Tags are looked up, so an empty one is a mistake. */
export function mustBeTag(tag: string): void {
  if (tag === '') throw new TypeError('A tag is empty: leave it out, or say what the event is about')
  mustBeText('The tag', tag)
}

/** Refuses a string that a store would change. */
export function mustBeText(what: string, text: string): void {
  if (typeof text !== 'string') throw new TypeError(`${what} must be a string, not ${text}`)
  const why = whyChanged(text)
  if (why)
    throw new TypeError(`${what} ${JSON.stringify(text.slice(0, 80))} ${why}, which a store would change: remove it`)
}

function whyChanged(text: string): string | undefined {
  // Node has it since version 20; the types of ES2023 do not.
  if (!(text as string & { isWellFormed(): boolean }).isWellFormed()) return 'contains half of a character'
  if (text.charCodeAt(0) === 0xfeff) return 'begins with a byte order mark'
  // PostgreSQL has no place for it, and some programs end a text there.
  return text.includes('\0') ? 'contains a null character' : undefined
}
