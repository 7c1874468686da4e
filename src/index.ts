/** What `import … from 'dog-school'` gives: re-exports only. Stores on disk have entries of their own. */
export { Aggregate } from './aggregate'
export { Application, type ApplicationOptions } from './application'
export { type EventDecorator, event } from './decorator'
export type { AggregateClass, EventSchema, Upcast } from './definition'
export {
  AggregateNotFoundError,
  ClosedError,
  CorruptEventError,
  DatabaseChangedError,
  DatabaseLockedError,
  EventMismatchError,
  EventSourcingError,
  HalfAppliedError,
  InvalidPayloadError,
  JournalError,
  NewerSchemaError,
  NotADatabaseError,
  ReadOnlyError,
  StorageError,
  TrackingConflictError,
  UnknownTopicError,
  VersionConflictError,
  VersionGapError,
  VersionNotFoundError,
} from './errors'
export { DomainEvent } from './event'
export { type Cipher, type Compressor, Mapper, type MapperOptions } from './mapper'
export { type LoggedEvent, NotificationLog, type Section } from './notification-log'
export { type Payload, type Transcoding, transcoding } from './payload'
export { type Handlers, Projection } from './projection'
export type {
  Notification,
  NotificationQuery,
  Recorder,
  StateForm,
  StoredEvent,
  StreamQuery,
  Tracking,
} from './recorder'
export { MemoryRecorder } from './recorders/memory'
export { Repository } from './repository'
