/**
 * A policy: what follows from which event.
 */
import { BoundaryConflictError, ReactionError, TrackingConflictError, VersionConflictError } from '../errors'
import type { DomainEvent, LoggedEvent } from '../events/event'
import type { FollowableLog, FollowedTopic } from '../following/followable'
import type { Outcome, Portion, Work } from './portion'

/** What can be reacted to: an application, or the name of one with its log, which may be far away. */
export interface Upstream {
  readonly name: string
  readonly notificationLog: FollowableLog
}

/** A handler, and the events that it is for. */
export interface Rule {
  readonly topic: FollowedTopic
  readonly isFor: (event: LoggedEvent) => boolean
  readonly handle: (event: LoggedEvent, work: Work) => Promise<Outcome> | Outcome
}

/** A position that there are rules for. */
export interface Due {
  /** Of several at this position, the first. */
  readonly event: LoggedEvent
  readonly entries: (readonly [event: LoggedEvent, rules: readonly Rule[]])[]
}

/** Both ends of a pipe. */
export interface Names {
  readonly from: string
  readonly to: string
}

/** What is going on. */
export interface Running {
  readonly signal: AbortSignal
  /** The event whose handler runs. */
  handling?: LoggedEvent | undefined
}

/** Another writer was there first. */
export const isConflict = (error: unknown): boolean =>
  error instanceof VersionConflictError ||
  error instanceof BoundaryConflictError ||
  error instanceof TrackingConflictError

/** The positions that there are rules for. */
export function dueOf(rules: readonly Rule[], events: readonly LoggedEvent[]): Due[] {
  const due: Due[] = []
  for (const event of events) {
    const own = rules.filter(({ isFor }) => isFor(event))
    if (own.length === 0) continue
    const last = due.at(-1)
    if (last?.event.id === event.id) last.entries.push([event, own])
    else due.push({ event, entries: [[event, own]] })
  }
  return due
}

/** A handler that is given no repository may read the store, where everything before its event must be then. */
export const isAlone = ({ entries }: Due): boolean =>
  entries.some(([, rules]) => rules.some(({ handle }) => handle.length < 2))

/**
 * What follows from one position.
 *
 * @param after the position that must be recorded when a handler records by itself
 * @throws ReactionError if a handler throws, unless another writer was there first
 */
export async function handled(
  { from, to }: Names,
  { run, portion, after }: { readonly run: Running; readonly portion: Portion; readonly after: number },
  { entries }: Due,
): Promise<DomainEvent[]> {
  const all: DomainEvent[] = []
  for (const [event, rules] of entries) {
    const causation = `${from}:${event.id}`
    const metadata = Object.freeze({ causation, correlation: event.metadata?.correlation ?? causation })
    const tracking = { applicationName: from, notificationId: event.id, after }
    const work: Work = { from, repository: portion, signal: run.signal, metadata, tracking }
    run.handling = event
    try {
      for (const { handle } of rules)
        for (const made of portion.take(await handle(event, work), metadata)) all.push(made)
    } catch (error) {
      throw isConflict(error) ? error : failed({ from, to }, error, event)
    } finally {
      run.handling = undefined
    }
  }
  return all
}

/** The error if something follows from an event besides what a handler has recorded by itself. */
export const notAlone = (names: Names, { event }: Due): ReactionError =>
  failed(
    names,
    new TypeError(
      'a handler recorded by itself, so what else follows from this event is lost: let it return nothing, and let no other handler of this event record',
    ),
    event,
  )

/** The error for what cannot be reacted to. */
export function failed({ from, to }: Names, cause: unknown, event?: LoggedEvent): ReactionError {
  const what = event ? `react to ${from}:${event.id} (${event.name})` : `follow ${from}`
  const why = cause instanceof Error ? cause.message : String(cause)
  return new ReactionError(`${to} cannot ${what}: ${why}`, { from, to, position: event?.id }, cause)
}
