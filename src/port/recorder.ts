/**
 * The port: what a store of events must do, and nothing about how.
 *
 * A recorder knows nothing about the domain. It keeps rows, gives each event in the store a number (its position), and
 * makes sure that each version of an aggregate is recorded only once. One suite, testing/contract.ts, checks every
 * recorder for what is promised here.
 */
import { CorruptEventError } from '../errors'
import type { EventQuery } from './query'
import type { ViewStore } from './view-store'

/** One event as it is stored. */
export interface StoredEvent {
  readonly aggregateId: string
  /**
   * 1 for the first event of an aggregate, then one more each time. In an append, 0 stands for the next version, whatever
   * it is: for events that are decided on by a query, and not by their aggregate.
   */
  readonly version: number
  readonly topic: string
  /** JSON; bytes if the mapper compresses or encrypts. */
  readonly state: string | Uint8Array
  /**
   * What the event is about, for queries: strings that are not empty, each once. Given to an append, and returned, in
   * the order of `sort()`, only by reads that ask for it (`tagged`), from events that have some.
   */
  readonly tags?: readonly string[] | undefined
}

/** A stored event and its place in the one order of all events. */
export interface Notification extends StoredEvent {
  /** From 1 up, in the order of commits. There may be gaps; no number is ever used twice. */
  readonly id: number
}

/** How far a follower has read another application's log. Recorded together with the events that follow from it. */
export interface Tracking {
  readonly applicationName: string
  readonly notificationId: number
  /** The one that must have been tracked last, for who processes several notifications at once: 0 for none. */
  readonly after?: number | undefined
}

/** The form in which states are returned: `text` (the default) for JSON, `bytes` for compressed or encrypted ones. */
export type StateForm = 'text' | 'bytes'

export interface StreamQuery {
  /** Only later versions than this one. */
  readonly after?: number
  /** Only versions up to this one, including it. */
  readonly upTo?: number
  readonly limit?: number
  /** Newest first. */
  readonly descending?: boolean
  readonly as?: StateForm
}

export interface NotificationQuery {
  /** The first position; 1 by default. */
  readonly start?: number
  /** The last position. */
  readonly stop?: number
  readonly limit?: number
  /** Only events with one of these topics. An empty array selects none. */
  readonly topics?: readonly string[]
  /** With the tags of the events. */
  readonly tagged?: boolean
  readonly as?: StateForm
}

export interface ReadOptions {
  /** Only events at later positions than this one. */
  readonly after?: number
  /** Only events at positions up to this one, including it. */
  readonly upTo?: number
  readonly limit?: number
  /** Newest first. */
  readonly descending?: boolean
  /** With the tags of the events. */
  readonly tagged?: boolean
  readonly as?: StateForm
}

/** What is recorded together with events, or checked before, in the same transaction. */
export interface AppendOptions {
  /** How far a follower has read: see `Tracking`. */
  readonly tracking?: Tracking | undefined
  /** Nothing is recorded if an event after `after` matches this query: one that the caller has not seen. */
  readonly failIfEventsMatch?: EventQuery | undefined
  /** The position up to which the query was read; it may be that of an event which does not match. 0 by default. */
  readonly after?: number | undefined
}

/**
 * A store of events.
 *
 * A call with something that a store would not keep or find as it is rejects with a `TypeError`, and stores nothing:
 * a position, version or limit that is not a whole number (infinite ones and negative ones are allowed, a negative limit
 * is 0), a string that begins with a byte order mark or contains half of a surrogate pair, an empty tag, a query of
 * another form. What is returned is the caller's own: changing it changes nothing in the store.
 */
export interface Recorder extends ViewStore {
  /**
   * Records all of the events or none of them, and resolves with their positions, in the order of the events, when
   * they are durable. Changing the arguments afterwards does not change what is recorded.
   *
   * Of two writers of one version exactly one wins, however they interleave.
   *
   * @throws VersionConflictError if one of the versions is already recorded (or is in `events` twice)
   * @throws VersionGapError if a version before one of them is not recorded
   * @throws BoundaryConflictError if an event matches `failIfEventsMatch` at a position above `after`
   * @throws TrackingConflictError if this notification or a later one was tracked for the application before, or the last
   *   one tracked is not `after`
   */
  append(events: readonly StoredEvent[], options?: AppendOptions): Promise<number[]>

  /** The events of one aggregate in the order of their versions; none for an unknown id. */
  select(aggregateId: string, query?: StreamQuery): Promise<StoredEvent[]>

  /**
   * The events of all aggregates that match a query, in the order of their positions. What it costs depends on how many
   * these are, and not on how many others there are.
   */
  read(query: EventQuery, options?: ReadOptions): Promise<Notification[]>

  /** Events of all aggregates in the order of their positions: a reader that continues after the last misses none. */
  notifications(query?: NotificationQuery): Promise<Notification[]>

  /** The position of the newest event; 0 if there is none. */
  maxNotificationId(): Promise<number>

  /** The id of the last notification tracked for this application; 0 if there is none. */
  maxTrackingId(applicationName: string): Promise<number>

  /** Stores a snapshot, in place of an earlier one of the same aggregate and version. */
  saveSnapshot(snapshot: StoredEvent): Promise<void>

  /** The newest snapshot of an aggregate, at version `upTo` or earlier. */
  snapshot(aggregateId: string, upTo?: number, as?: StateForm): Promise<StoredEvent | undefined>

  /**
   * The id of this log, for followers who remember a position: the same each time the store is opened, and another one
   * for another store.
   */
  logId(): Promise<string>

  /**
   * Calls `wake` soon after events were recorded, and once when the store is closed: read what is new then. Several
   * appends may share a call, and some calls bring nothing new.
   *
   * @returns a function that ends the calls
   */
  watch(wake: () => void): () => void

  /** Releases all resources. Later calls reject with `ClosedError`, only `watch` does nothing; closing again does nothing. */
  close(): Promise<void>
}

/** What a notification log reads: a recorder, or what stands for one on another machine. */
export type LogSource = Pick<Recorder, 'notifications' | 'maxNotificationId' | 'logId' | 'watch'>

const [encoder, decoder] = [new TextEncoder(), new TextDecoder('utf-8', { fatal: true })]

/** A copy of bytes. Of a `Buffer`, which is one of Node's, `slice` would be the same bytes once more. */
export const copyOf = <Value extends string | Uint8Array>(value: Value): Value | Uint8Array =>
  typeof value === 'string' ? value : Uint8Array.prototype.slice.call(value)

/**
 * A copy of an event's state in this form, whatever the form in which the recorder keeps it.
 *
 * @throws CorruptEventError if `text` is asked for and the bytes are not UTF-8
 */
export function stateIn(form: StateForm, { state, version, aggregateId }: StoredEvent): string | Uint8Array {
  if (form === 'bytes') return typeof state === 'string' ? encoder.encode(state) : copyOf(state)
  if (typeof state === 'string') return state
  try {
    return decoder.decode(state)
  } catch (cause) {
    throw new CorruptEventError(
      `Version ${version} of ${aggregateId} is not UTF-8 text: open the store with the compressor and cipher it was written with`,
      { cause },
    )
  }
}
