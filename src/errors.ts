/**
 * Every error that this library throws on purpose. Catch by class or by `code`: codes are stable, the text
 * is free to improve. A message says what is wrong with which thing, then what to do next. An argument of
 * the wrong kind is not here: that is a plain `TypeError`.
 */

/** What all of them have in common. */
export abstract class EventSourcingError extends Error {
  /** Stable, upper case, one for each class. */
  abstract readonly code: string
  override get name(): string {
    return this.constructor.name
  }
}

/** Someone else has recorded this version first. Load the aggregate again, decide again, save again. */
export class VersionConflictError extends EventSourcingError {
  readonly code = 'VERSION_CONFLICT'
}

/** Events were to be recorded with a version missing before them. */
export class VersionGapError extends EventSourcingError {
  readonly code = 'VERSION_GAP'
}

/** No aggregate has this id. */
export class AggregateNotFoundError extends EventSourcingError {
  readonly code = 'AGGREGATE_NOT_FOUND'
}

/** The aggregate exists, but has not got as far as this version. */
export class VersionNotFoundError extends EventSourcingError {
  readonly code = 'VERSION_NOT_FOUND'
}

/** An event method threw half-way and its changes could not be taken back: this object must not be saved. */
export class HalfAppliedError extends EventSourcingError {
  readonly code = 'HALF_APPLIED'
}

/** A value cannot be an event's payload: it would come back as something else, or its schema refuses it. */
export class InvalidPayloadError extends EventSourcingError {
  readonly code = 'INVALID_PAYLOAD'
}

/** Events do not fit the aggregate they were given to: another id, another class, a version out of turn. */
export class EventMismatchError extends EventSourcingError {
  readonly code = 'EVENT_MISMATCH'
}

/** The body of an event method throws when an old event is replayed: it asks for more than it did then. */
export class ReplayError extends EventSourcingError {
  readonly code = 'REPLAY_FAILED'
}

/** A stored topic names an aggregate class or an event that the code does not have. */
export class UnknownTopicError extends EventSourcingError {
  readonly code = 'UNKNOWN_TOPIC'
}

/** A stored event cannot be read: its JSON is broken, fields are missing, or its schema refuses it. */
export class CorruptEventError extends EventSourcingError {
  readonly code = 'CORRUPT_EVENT'
}

/** The same notification was to be tracked twice: what it leads to has been recorded already. */
export class TrackingConflictError extends EventSourcingError {
  readonly code = 'TRACKING_CONFLICT'
}

/** The store was closed. */
export class ClosedError extends EventSourcingError {
  readonly code = 'CLOSED'
}

/** Something was to be written to a store that is open for reading only. */
export class ReadOnlyError extends EventSourcingError {
  readonly code = 'READ_ONLY'
}

/** Another process has the database open for writing. */
export class DatabaseLockedError extends EventSourcingError {
  readonly code = 'DATABASE_LOCKED'
}

/** The file is not a SQLite database, or not one of events. */
export class NotADatabaseError extends EventSourcingError {
  readonly code = 'NOT_A_DATABASE'
}

/** A newer version of this library has written the file. */
export class NewerSchemaError extends EventSourcingError {
  readonly code = 'NEWER_SCHEMA'
}

/** Another program has written to the database file, or has committed changes beside it that are not in it yet. */
export class DatabaseChangedError extends EventSourcingError {
  readonly code = 'DATABASE_CHANGED'
}

/** The journal beside the database is damaged, or belongs to another file. */
export class JournalError extends EventSourcingError {
  readonly code = 'JOURNAL'
}

/** The disk refused: full, not writable, a folder where a file should be. Nothing was half written. */
export class StorageError extends EventSourcingError {
  readonly code = 'STORAGE'
}

// ---- What every recorder says in the same words.

/** The error for a version that is not the next one of its aggregate. */
export function outOfTurn(aggregateId: string, version: number, expected: number): Error {
  if (version < expected)
    return new VersionConflictError(
      `Version ${version} of ${aggregateId} is already recorded: load it again, decide again and save again`,
    )
  return new VersionGapError(
    `Version ${version} of ${aggregateId} cannot be recorded: the next one is ${expected}. Save its events in their order, none left out`,
  )
}

/** The error for a notification that its follower has recorded before. */
export function alreadyTracked(applicationName: string, notificationId: number, last: number): Error {
  return new TrackingConflictError(
    `Notification ${notificationId} of ${applicationName} has been processed already (the last one was ${last}): go on after it`,
  )
}

export function wasClosed(): Error {
  return new ClosedError('This store was closed: open another one (a new Application has its own)')
}

// ---- What every recorder refuses in the same words.

/** Refuses what is no place in a log or a history, and no number of things. Below zero there is just nothing. */
export function mustBeWhole(numbers: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(numbers))
    if (!Number.isInteger(value) && Math.abs(value) !== Infinity)
      throw new TypeError(`${name} must be a whole number, and is ${value}: round it, or leave it out`)
}

/** Refuses a notification that could never be compared with the next one, and a name that would not come back. */
export function mustBeTrackable(tracking: { readonly applicationName: string; readonly notificationId: number }): void {
  mustBeText('The name', tracking.applicationName)
  if (!Number.isSafeInteger(tracking.notificationId))
    throw new TypeError(`${tracking.notificationId} is no notification: give the whole number that its log gave it`)
}

/** What is asked of an event before it is stored. */
interface Storable {
  readonly aggregateId: string
  readonly topic: string
  readonly state: string | Uint8Array
}

/** Refuses events with text that not every store gives back as it is. */
export function mustBeStorable(events: readonly Storable[]): void {
  let before: Storable | undefined
  for (const event of events) {
    // Most are of one aggregate.
    if (event.aggregateId !== before?.aggregateId) mustBeText('The id', event.aggregateId)
    if (event.topic !== before?.topic) mustBeText('The topic', event.topic)
    if (typeof event.state === 'string') mustBeText('The state', event.state)
    before = event
  }
}

function mustBeText(what: string, text: string): void {
  // Every Node since 20 has it; the types of ES2023 do not know it.
  const isWhole = (text as string & { isWellFormed(): boolean }).isWellFormed()
  if (isWhole && text.charCodeAt(0) !== 0xfeff) return
  const why = isWhole ? 'it begins with a byte order mark' : 'it has half of a character in it'
  throw new TypeError(
    `${what} ${JSON.stringify(text.slice(0, 80))} would not come back as it is, ${why}: take that out`,
  )
}
