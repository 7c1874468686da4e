/**
 * What can be followed: which log, and which of its events.
 */
import { LogChangedError } from '../errors'
import type { LoggedEvent } from '../events/event'
import type { EventType } from '../events/event-type'

/** What can be followed: the log of an application, or one that comes from elsewhere and behaves in the same way. */
export interface FollowableLog {
  /** The events from position `start` to `stop`, only those with one of `topics` if they are given. */
  select(query: {
    readonly start: number
    readonly stop: number
    readonly topics?: readonly string[]
    /** Events that have other names today need not be among them, nor be read. */
    readonly names?: ReadonlySet<string>
  }): Promise<LoggedEvent[]>
  /** The newest position; 0 if nothing has happened. */
  max(): Promise<number>
  /** The id of the log: see `Recorder.logId`. */
  logId(): Promise<string>
  /** Another text after somebody was forgotten: what was read before may hold what is forgotten now. */
  readonly generation?: string | undefined
  /** Calls `wake` soon after events were recorded: see `Recorder.watch`. */
  watch(wake: () => void): () => void
}

/** @throws TypeError for what cannot be followed, such as the application in place of its log */
export function mustBeFollowable(log: FollowableLog): void {
  const { select, max, logId, watch } = Object(log)
  if ([select, max, logId, watch].every((each) => typeof each === 'function')) return
  throw new TypeError(
    'What is followed is a log, with select(), max(), logId() and watch(): school.notificationLog, say',
  )
}

/** A type of event, its name (`TrickAdded`), or a stored topic (`dogschool:Dog.TrickAdded`). */
// biome-ignore lint/suspicious/noExplicitAny: a type with any payload
export type FollowedTopic = string | EventType<string, any, any>

/** The events with these topics: of types, with their payloads. */
export type Followed<T extends FollowedTopic> = [T] extends [never]
  ? LoggedEvent
  : T extends EventType<infer N, infer _, infer O>
    ? LoggedEvent<Readonly<O>> & { readonly name: N }
    : T extends `${string}.${string}`
      ? LoggedEvent
      : LoggedEvent & { readonly name: T }

/** Is an event one of those that this means? @throws TypeError for what is no topic */
export function matcher(topic: FollowedTopic): (event: LoggedEvent) => boolean {
  if (topic && typeof topic === 'string')
    return topic.includes('.') ? (event) => event.topic === topic : (event) => event.name === topic
  if (typeof topic !== 'string' && typeof topic?.is === 'function') return (event) => topic.is(event)
  throw new TypeError(
    `A topic is an event type, a name or a stored topic: TrickAdded or 'Registered', not ${Object(topic).name || String(topic) || "''"}`,
  )
}

/** What a log is asked for. */
type Asked = Omit<Parameters<FollowableLog['select']>[0], 'start' | 'stop'>

/**
 * Which events are followed, and what a log can be asked for instead.
 *
 * @throws TypeError for what is no list of topics
 */
export function chosen(topics: readonly FollowedTopic[] | undefined): [(event: LoggedEvent) => boolean, Asked] {
  if (topics === undefined) return [() => true, {}]
  if (!Array.isArray(topics)) throw new TypeError(`The topics to follow are a list: [TrickAdded, 'Registered']`)
  const matchers = topics.map(matcher)
  const wants = (event: LoggedEvent): boolean => matchers.some((matches) => matches(event))
  // Only the stored topics are known to the store; events have their present names when they have been read.
  const stored = topics.filter((topic) => typeof topic === 'string' && topic.includes('.')) as string[]
  if (stored.length === topics.length) return [() => true, { topics: stored }]
  if (stored.length > 0) return [wants, {}]
  return [wants, { names: new Set(topics.map((topic) => (typeof topic === 'string' ? topic : topic.name))) }]
}

/** @throws LogChangedError if the log ends before what was read of it */
export function mustReach(newest: number, read: number): void {
  if (newest < read)
    throw new LogChangedError(
      `The log ends at position ${newest}, but was followed up to ${read}: it was cut, or is another one. Restore it, or follow from the start and make anew what came of it`,
    )
}
