/**
 * The port: what a store of events must do, and nothing about how.
 *
 * A recorder knows no domain. It keeps rows, gives each event of the whole store one number (its position),
 * and makes sure that a version of an aggregate is recorded once. What it promises here is checked for every
 * recorder by one suite, `test/contract/recorder.ts`.
 */
import { CorruptEventError } from './errors'

/** One event as it is kept. */
export interface StoredEvent {
  readonly aggregateId: string
  /** 1 for the first event of an aggregate, then one more each time. */
  readonly version: number
  readonly topic: string
  /** JSON as text; bytes where the mapper compresses or encrypts. */
  readonly state: string | Uint8Array
}

/** A stored event and its place in the one order of all events. */
export interface Notification extends StoredEvent {
  /** From 1 upwards, in the order of commits. Numbers may be left out; none is ever given again. */
  readonly id: number
}

/** How far a follower has come in the log of another application. Recorded together with what came of it. */
export interface Tracking {
  readonly applicationName: string
  readonly notificationId: number
}

/** How states are wanted: `text` (the default) where they are JSON, `bytes` where they are compressed or encrypted. */
export type StateForm = 'text' | 'bytes'

export interface StreamQuery {
  /** Only versions above this one. */
  readonly after?: number
  /** Only versions up to and with this one. */
  readonly upTo?: number
  readonly limit?: number
  /** Newest first. */
  readonly descending?: boolean
  readonly as?: StateForm
}

export interface NotificationQuery {
  /** The first position wanted; 1 when left out. */
  readonly start?: number
  /** The last position wanted. */
  readonly stop?: number
  readonly limit?: number
  /** Only events with one of these topics. An empty list selects none. */
  readonly topics?: readonly string[]
  readonly as?: StateForm
}

export interface Recorder {
  /**
   * Records all of the events, or none of them, and resolves when they are as durable as this recorder makes
   * them. Gives their positions, in the order of the events; no events give no positions. What was given may
   * be changed afterwards without changing what was recorded.
   *
   * Of two writers of one version exactly one wins, however they interleave.
   *
   * @throws VersionConflictError if one of the versions is recorded already (or stands twice in `events`)
   * @throws VersionGapError if a version before one of them is not recorded
   * @throws TrackingConflictError if `tracking` is not beyond what its application has tracked
   */
  append(events: readonly StoredEvent[], tracking?: Tracking): Promise<number[]>

  /** The events of one aggregate in the order of versions; none for an id that was never seen. */
  select(aggregateId: string, query?: StreamQuery): Promise<StoredEvent[]>

  /** Events of all aggregates in the order of positions: a reader that remembers the last one misses none. */
  notifications(query?: NotificationQuery): Promise<Notification[]>

  /** The position of the newest event; 0 when there is none. */
  maxNotificationId(): Promise<number>

  /** The last notification that was tracked for this application; 0 when there is none. */
  maxTrackingId(applicationName: string): Promise<number>

  /** Keeps a snapshot; one of the same aggregate and version is replaced. */
  saveSnapshot(snapshot: StoredEvent): Promise<void>

  /** The newest snapshot of an aggregate, at `upTo` or before. */
  snapshot(aggregateId: string, upTo?: number, as?: StateForm): Promise<StoredEvent | undefined>

  /** Lets go of everything held. What comes after is refused with `ClosedError`; closing again does nothing. */
  close(): Promise<void>
}

const [encoder, decoder] = [new TextEncoder(), new TextDecoder('utf-8', { fatal: true })]

/**
 * The state of an event in this form, as a copy: what a recorder answers with, whatever form it keeps.
 *
 * @throws CorruptEventError if text is wanted and these bytes are none
 */
export function stateIn(form: StateForm, { state, version, aggregateId }: StoredEvent): string | Uint8Array {
  if (form === 'bytes') return typeof state === 'string' ? encoder.encode(state) : state.slice()
  if (typeof state === 'string') return state
  try {
    return decoder.decode(state)
  } catch (cause) {
    throw new CorruptEventError(
      `Version ${version} of ${aggregateId} is not text: open the store with the compressor and cipher that it was written with`,
      { cause },
    )
  }
}
