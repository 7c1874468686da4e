/**
 * All events of an application in one numbered order, for followers.
 *
 * A follower that remembers its last position and reads on from the next misses nothing and sees nothing twice.
 */
import type { LoggedEvent } from '../events/event'
import type { Mapper } from '../mapping/mapper'
import type { LogSource, Notification, NotificationQuery } from '../port/recorder'
import { type Following, type FollowOptions, follow } from './follow'
import type { FollowableLog, Followed, FollowedTopic } from './followable'

/** A page of the log, from a first to a last position, as in the Python library. */
export interface Section {
  /** `first,last` position of its items; empty if there are none. */
  readonly id: string
  readonly items: readonly LoggedEvent[]
  /** The id of the next page, if this one is full. */
  readonly nextId: string | undefined
}

export interface LogQuery extends Omit<NotificationQuery, 'as'> {
  readonly names?: ReadonlySet<string> | undefined
}

/** Reads the log of an application: see `select`. */
export class NotificationLog implements FollowableLog {
  readonly #recorder: LogSource
  readonly #mapper: Mapper

  constructor(recorder: LogSource, mapper: Mapper) {
    this.#recorder = recorder
    this.#mapper = mapper
  }

  /**
   * The events from position `start` (1 by default) to `stop`, at most `limit` positions, and only those with one of
   * `topics`. They are in their present form: an event that was split appears as several with one position, one that
   * was retired does not appear. With `names`, events that have other names today are neither read nor returned.
   *
   * @throws CorruptEventError if one of them cannot be read
   */
  async select({ names, ...query }: LogQuery = {}): Promise<LoggedEvent[]> {
    const events: LoggedEvent[] = []
    for (const row of await this.#rows(query)) for (const event of this.#mapper.logged(row, names)) events.push(event)
    return events
  }

  /** The page `first,last`, such as `1,10`. @throws TypeError for another form of id */
  async section(id: string): Promise<Section> {
    const match = /^(\d+),(\d+)$/.exec(id)
    const [first, last] = [Number(match?.[1]), Number(match?.[2])]
    if (!match || first < 1 || last < first)
      throw new TypeError(`A section id is its first and last position, such as '1,10', not '${id}'`)
    const size = last - first + 1
    const rows = await this.#rows({ start: first, limit: size })
    const end = rows.at(-1)
    return {
      id: end ? `${rows[0]?.id},${end.id}` : '',
      items: rows.flatMap((row) => this.#mapper.logged(row)),
      nextId: end && rows.length === size ? `${end.id + 1},${end.id + size}` : undefined,
    }
  }

  #rows(query: Omit<NotificationQuery, 'as'>): Promise<Notification[]> {
    return this.#recorder.notifications({ ...query, as: this.#mapper.form })
  }

  /** The newest position; 0 if nothing has happened. */
  max(): Promise<number> {
    return this.#recorder.maxNotificationId()
  }

  /** Every event as it comes: see `Application.follow`. */
  follow<T extends FollowedTopic = never>(options?: FollowOptions<T>): Following<Followed<T>> {
    return follow(this, options)
  }

  /** See `FollowableLog`. */
  get generation(): string | undefined {
    return this.#mapper.generation
  }

  /** See `Recorder.logId`. */
  logId(): Promise<string> {
    return this.#recorder.logId()
  }

  /** See `Recorder.watch`. */
  watch(wake: () => void): () => void {
    return this.#recorder.watch(wake)
  }
}
