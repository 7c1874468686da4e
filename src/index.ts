/** The exports of `dog-school`: re-exports only. Stores on disk have entry points of their own. */
export { Aggregate } from './aggregates/aggregate'
export { event, events } from './aggregates/decorator'
export type { AggregateClass, FormerEvents } from './aggregates/definition'
export type { EventDecorator, EventPlaces } from './aggregates/fits'
export { Application, type ApplicationOptions, type RetryOptions } from './application'
export { type CensusOptions, census, type EventCount, type EventPlace, type Standing } from './checking/census'
export type { Misfit, VerifyOptions } from './checking/verify'
export {
  AggregateNotFoundError,
  BoundaryConflictError,
  ClosedError,
  CorruptEventError,
  CorruptViewError,
  DatabaseChangedError,
  DatabaseLockedError,
  DatabaseUnavailableError,
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
  MoveError,
  NewerSchemaError,
  NotADatabaseError,
  OutcomeUnknownError,
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
export { defineEvent } from './events/define-event'
export { DomainEvent, type LoggedEvent, type Metadata, NewEvent, setSources } from './events/event'
export { type EventOptions, EventType, type Tags, type Upcast } from './events/event-type'
export type { Personal, PersonalKeys } from './events/personal'
export type { EventSchema } from './events/schema'
export { Following, type FollowOptions, follow, type Page } from './following/follow'
export type { FollowableLog, Followed, FollowedTopic } from './following/followable'
export { NotificationLog, type Section } from './following/notification-log'
export { Repository } from './loading/repository'
export { Mapper, type MapperOptions } from './mapping/mapper'
export type { Cipher, Compressor } from './mapping/packing'
export { Topics } from './mapping/topics'
export { type EventQuery, matches, type QueryItem } from './port/query'
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
} from './port/recorder'
export type { ViewChange, ViewQuery, ViewState, ViewStore, ViewValue } from './port/view-store'
export type { Upstream } from './process/policy'
export type { Outcome, Reacted, Work } from './process/portion'
export { ProcessApplication } from './process/process'
export { Pipe, type Step, System, type SystemOptions } from './process/system'
export { MemoryRecorder } from './recorders/memory'
export type { SaveOptions } from './saving'
export { type Boundary, boundary } from './slices/boundary'
export {
  type Decision,
  defineSlice,
  type Slice,
  type SliceDefinition,
  type SliceOptions,
  statesOf,
} from './slices/slice'
export type { Transcoding } from './values/kinds'
export { type Payload, transcoding } from './values/value'
export { type Handler, type Handlers, on } from './views/handlers'
export type { LiveView } from './views/live-view'
export type { RebuildOptions, SeenOptions, ViewOptions } from './views/options'
export { Projection } from './views/projection'
export type { Rows, RowsQuery, Table } from './views/rows'
export { StoredProjection, type StoredProjectionOptions } from './views/stored-projection'
