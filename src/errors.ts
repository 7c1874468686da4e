/**
 * Every error that this library throws on purpose. Catch by class or by `code`: codes are stable, messages may improve.
 * A message says what is wrong with which thing, then what to do next. A wrong argument is a plain `TypeError` instead.
 */

/** The base class of them all. */
export abstract class EventSourcingError extends Error {
  /** Stable, upper case, different for each class. */
  abstract readonly code: string
  override get name(): string {
    return this.constructor.name
  }
}

/** Another writer recorded this version first. Load the aggregate again, decide again, save again. */
export class VersionConflictError extends EventSourcingError {
  readonly code = 'VERSION_CONFLICT'
}

/** A version before the events to be recorded is missing. */
export class VersionGapError extends EventSourcingError {
  readonly code = 'VERSION_GAP'
}

/** No aggregate has this id. */
export class AggregateNotFoundError extends EventSourcingError {
  readonly code = 'AGGREGATE_NOT_FOUND'
}

/** The aggregate exists, but does not have this version yet. */
export class VersionNotFoundError extends EventSourcingError {
  readonly code = 'VERSION_NOT_FOUND'
}

/** An event method threw halfway and its changes could not be undone: this object must not be saved. */
export class HalfAppliedError extends EventSourcingError {
  readonly code = 'HALF_APPLIED'
}

/** A value cannot be recorded: it would not come back from the store unchanged, or the event's schema refuses it. */
export class InvalidPayloadError extends EventSourcingError {
  readonly code = 'INVALID_PAYLOAD'
}

/** Events do not belong to the aggregate: another id, another class, or a version out of order. */
export class EventMismatchError extends EventSourcingError {
  readonly code = 'EVENT_MISMATCH'
}

/** The body of an event method threw when an old event was replayed: its rules are stricter now. */
export class ReplayError extends EventSourcingError {
  readonly code = 'REPLAY_FAILED'
}

/** The code does not have the aggregate class or the event that a stored topic names. */
export class UnknownTopicError extends EventSourcingError {
  readonly code = 'UNKNOWN_TOPIC'
}

/** A stored event cannot be read: its JSON is broken, fields are missing, or an upcast fails. */
export class CorruptEventError extends EventSourcingError {
  readonly code = 'CORRUPT_EVENT'
}

/** The person was forgotten, or somebody was since this was made: it must not be recorded, or must be made again. */
export class ForgottenError extends EventSourcingError {
  readonly code = 'FORGOTTEN'
}

/** This notification was tracked before: the events that follow from it are already recorded. */
export class TrackingConflictError extends EventSourcingError {
  readonly code = 'TRACKING_CONFLICT'
}

/** A follower's position belongs to another log, or to one that was longer before. */
export class LogChangedError extends EventSourcingError {
  readonly code = 'LOG_CHANGED'
}

/** An event that matches the query of an append was recorded meanwhile. Read again, decide again, append again. */
export class BoundaryConflictError extends EventSourcingError {
  readonly code = 'BOUNDARY_CONFLICT'
}

/** Others moved this stored view on: read its position again, and go on from there. */
export class ViewConflictError extends EventSourcingError {
  readonly code = 'VIEW_CONFLICT'
}

/** A process application cannot go on: `cause` says why. The events before are dealt with, and this one can be tried again. */
export class ReactionError extends EventSourcingError {
  readonly code = 'REACTION_FAILED'
  /** Whose log is followed. */
  readonly from: string
  /** The application that reacts. */
  readonly to: string
  /** The position of the event; undefined if the log cannot be followed at all. */
  readonly position: number | undefined

  constructor(message: string, where: { from: string; to: string; position?: number | undefined }, cause: unknown) {
    super(message, { cause })
    this.from = where.from
    this.to = where.to
    this.position = where.position
  }
}

/** A handler of a process application does not come to an end. What it returns will not be recorded. */
export class ReactionHangsError extends EventSourcingError {
  readonly code = 'REACTION_HANGS'
}

/** Applications react to one another without end. */
export class EndlessReactionError extends EventSourcingError {
  readonly code = 'ENDLESS_REACTION'
}

/** Code of another form has built this stored view: build it again. */
export class ViewOutdatedError extends EventSourcingError {
  readonly code = 'VIEW_OUTDATED'
}

/** A row of a stored view cannot be read: build the view again. */
export class CorruptViewError extends EventSourcingError {
  readonly code = 'CORRUPT_VIEW'
}

/** A view did not come as far as it was waited for in time. */
export class ViewBehindError extends EventSourcingError {
  readonly code = 'VIEW_BEHIND'
}

/** A handler threw: `cause` is what it threw, and the other fields say for which event. */
export class HandlerFailedError extends EventSourcingError {
  readonly code = 'HANDLER_FAILED'
  constructor(
    message: string,
    readonly position: number,
    readonly eventName: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}

/** The store is closed. */
export class ClosedError extends EventSourcingError {
  readonly code = 'CLOSED'
}

/** A write to a store that is open for reading only. */
export class ReadOnlyError extends EventSourcingError {
  readonly code = 'READ_ONLY'
}

/** Another process has the database open for writing. */
export class DatabaseLockedError extends EventSourcingError {
  readonly code = 'DATABASE_LOCKED'
}

/** The file is not a SQLite database, or not one that holds events. */
export class NotADatabaseError extends EventSourcingError {
  readonly code = 'NOT_A_DATABASE'
}

/** A newer version of this library wrote the file. */
export class NewerSchemaError extends EventSourcingError {
  readonly code = 'NEWER_SCHEMA'
}

/** Another program wrote to the database file, or has committed changes that are not in the file yet. */
export class DatabaseChangedError extends EventSourcingError {
  readonly code = 'DATABASE_CHANGED'
}

/** The journal beside the database is damaged, or belongs to another file. */
export class JournalError extends EventSourcingError {
  readonly code = 'JOURNAL'
}

/** Recorded events are not what they were when they were sealed. */
export class HistoryChangedError extends EventSourcingError {
  readonly code = 'HISTORY_CHANGED'
  constructor(
    message: string,
    /** The first position that may have been edited. */
    readonly from: number,
    /** The last one. */
    readonly to: number,
  ) {
    super(message)
  }
}

/** The file of keys is damaged, is none, or was changed by another program. */
export class KeyFileError extends EventSourcingError {
  readonly code = 'KEY_FILE'
}

/** The disk refused: it is full, not writable, or has a folder in place of the file. Nothing was written in part. */
export class StorageError extends EventSourcingError {
  readonly code = 'STORAGE'
}

/** The database server cannot be reached, or refuses who asks. Nothing was recorded. */
export class DatabaseUnavailableError extends EventSourcingError {
  readonly code = 'DATABASE_UNAVAILABLE'
}

/** The database server went away in the middle of a write, and stayed away: nobody knows whether it was recorded. */
export class OutcomeUnknownError extends EventSourcingError {
  readonly code = 'OUTCOME_UNKNOWN'
}

/** A store cannot be moved to another one, or a move to it has not ended: nothing of what was there has changed. */
export class MoveError extends EventSourcingError {
  readonly code = 'MOVE'
}

/** The log of another machine cannot be read: it cannot be reached, it refuses, or what answers is not such a log. */
export class RemoteLogError extends EventSourcingError {
  readonly code = 'REMOTE_LOG'
  /** Is it worth asking again later? */
  readonly isTemporary: boolean
  constructor(message: string, { isTemporary = false, ...options }: ErrorOptions & { isTemporary?: boolean } = {}) {
    super(message, options)
    this.isTemporary = isTemporary
  }
}
