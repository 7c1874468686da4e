/** The exports of `dog-school`: re-exports only. Stores on disk have entry points of their own. */
export { Aggregate } from './aggregate'
export { Application, type ApplicationOptions, type RetryOptions } from './application'
export { type Boundary, boundary } from './boundary'
export { type CensusOptions, census, type EventCount, type EventPlace, type Standing } from './census'
export { event, events } from './decorator'
export { defineEvent } from './define-event'
export type { AggregateClass, FormerEvents } from './definition'
export {
  AggregateNotFoundError,
  BoundaryConflictError,
  ClosedError,
  CorruptEventError,
  CorruptViewError,
  DatabaseChangedError,
  DatabaseLockedError,
  EndlessReactionError,
  EventMismatchError,
  EventSourcingError,
  ForgottenError,
  HalfAppliedError,
  HandlerFailedError,
  HistoryChangedError,
  InvalidPayloadError,
  JournalError,
  KeyFileError,
  LogChangedError,
  NewerSchemaError,
  NotADatabaseError,
  ReactionError,
  ReactionHangsError,
  ReadOnlyError,
  RemoteLogError,
  ReplayError,
  StorageError,
  TrackingConflictError,
  UnknownTopicError,
  VersionConflictError,
  VersionGapError,
  VersionNotFoundError,
  ViewBehindError,
  ViewConflictError,
  ViewOutdatedError,
} from './errors'
export { DomainEvent, type LoggedEvent, type Metadata, NewEvent, setSources } from './event'
export { type EventOptions, EventType, type Tags, type Upcast } from './event-type'
export type { EventDecorator, EventPlaces } from './fits'
export { Following, type FollowOptions, follow, type Page } from './follow'
export type { FollowableLog, Followed, FollowedTopic } from './followable'
export type { Transcoding } from './kinds'
export { Mapper, type MapperOptions } from './mapper'
export { NotificationLog, type Section } from './notification-log'
export type { Cipher, Compressor } from './packing'
export type { Personal, PersonalKeys } from './personal'
export { ProcessApplication } from './process'
export type { Upstream } from './process/policy'
export type { Outcome, Reacted, Work } from './process/portion'
export { Projection } from './projection'
export { type EventQuery, matches, type QueryItem } from './query'
export type {
  AppendOptions,
  Notification,
  NotificationQuery,
  ReadOptions,
  Recorder,
  StateForm,
  StoredEvent,
  StreamQuery,
  Tracking,
} from './recorder'
export { MemoryRecorder } from './recorders/memory'
export { Repository } from './repository'
export type { SaveOptions } from './saving'
export type { EventSchema } from './schema'
export { type Decision, defineSlice, type Slice, type SliceDefinition, type SliceOptions, statesOf } from './slice'
export { StoredProjection, type StoredProjectionOptions } from './stored-projection'
export { Pipe, type Step, System, type SystemOptions } from './system'
export { Topics } from './topics'
export { type Payload, transcoding } from './value'
export type { Misfit, VerifyOptions } from './verify'
export type { ViewChange, ViewQuery, ViewState, ViewStore, ViewValue } from './view-store'
export { type Handler, type Handlers, on } from './views/handlers'
export type { LiveView } from './views/live-view'
export type { RebuildOptions, SeenOptions, ViewOptions } from './views/options'
export type { Rows, RowsQuery, Table } from './views/rows'
