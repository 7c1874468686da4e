/**
 * An application that reacts to others: whenever something happens there, its policy says what follows here.
 *
 * What a handler returns is recorded together with the position of the event, so each event is dealt with exactly once,
 * whatever is killed in between. The idea is that of the process application of the Python library `eventsourcing`.
 */
import { Application } from '../application'
import { type Followed, type FollowedTopic, matcher, mustBeFollowable } from '../following/followable'
import { isOptions } from '../saving'
import type { Rule, Upstream } from './policy'
import type { Outcome, Work } from './portion'
import { Reaction } from './reaction'

/** Extend it, and say in the constructor what follows from which event: see `on`. */
export class ProcessApplication extends Application {
  /** @internal What `on` was told. */
  readonly rules: Rule[] = []
  /** By the name of what is followed. */
  readonly #reactions = new Map<string, Reaction>()
  /** The names of what was followed, by the ids of the logs. */
  readonly #logs = new Map<string, string>()

  /**
   * Says what follows from events with this topic: the handler returns the aggregates (or events) to record, with
   * `{ metadata }` if there is some, or nothing. Return what you changed, and call no `save`. Several handlers for one
   * event run in order, and what they return is recorded together.
   *
   * If it throws, nothing of this event is recorded, and it is tried again when the reacting is started again; after a
   * version conflict, at once. What it does elsewhere, such as sending a letter, may happen again, too.
   *
   * A handler that takes its second argument reads with `work.repository`; many events are then recorded together.
   * Before one that takes only the event, everything is recorded, as it may read `this.repository`.
   *
   * @throws TypeError for what is no event type, name or stored topic, or no function; and once it reacts
   */
  on<T extends FollowedTopic>(topic: T, handler: (event: Followed<T>, work: Work) => Promise<Outcome> | Outcome): this {
    if (typeof handler !== 'function')
      throw new TypeError('on() takes a topic and a function: on(TrickAdded, (event, work) => …)')
    if ([...this.#reactions.values()].some(({ isRunning }) => isRunning))
      throw new TypeError(
        `${this.name} reacts already, and has passed over what it had no handler for: call on() before`,
      )
    this.rules.push({ topic, isFor: matcher(topic), handle: handler as Rule['handle'] })
    return this
  }

  /**
   * Reacts to everything that is recorded there and was not dealt with before, then to what comes, until `signal` is
   * aborted or a store is closed: then it resolves, after the handler that runs. A log that is far away is waited for
   * until it can be reached. Events that no handler is for are passed over; their position is recorded now and then.
   *
   * @throws ReactionError if a handler throws, or the log cannot be followed: what came before is recorded
   * @throws ReactionHangsError if `close` did not wait for a handler any longer
   * @throws TypeError if it reacts to an application with this name already
   */
  async reactTo(upstream: Upstream, { signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<void> {
    await this.reactionTo(upstream).react({}, signal)
  }

  /**
   * Reacts to everything that is recorded there now. Resolves with how many events there was a handler for.
   *
   * @throws as `reactTo`, and if a log that is far away cannot be reached
   */
  async catchUpWith(upstream: Upstream): Promise<number> {
    return this.reactionTo(upstream).react({ upToNow: true })
  }

  /** @internal The one reaction to this application. @throws TypeError if another one with its name is followed */
  reactionTo(upstream: Upstream): Reaction {
    mustBeUpstream(upstream)
    const { name, notificationLog } = upstream
    const known = this.#reactions.get(name)
    if (known?.log === notificationLog) return known
    if (known?.isRunning)
      throw new TypeError(`${this.name} reacts to another application called ${name}: give each a name of its own`)
    const made = new Reaction(this, upstream, this.#logs)
    this.#reactions.set(name, made)
    return made
  }

  /** As in every application. What a handler records by itself, such as by a slice, is known to the reaction. */
  override async save(...what: Parameters<Application['save']>): Promise<number[]> {
    const positions = await super.save(...what)
    for (const each of what) {
      const { applicationName, notificationId } = (isOptions(each) && each.tracking) || {}
      if (applicationName) this.#reactions.get(applicationName)?.progress.kept(Number(notificationId), positions)
    }
    return positions
  }

  /**
   * Closes the store, after the handlers that run are done.
   *
   * @throws ReactionHangsError if one of them is not after ten seconds; the store is closed all the same
   */
  override async close(): Promise<void> {
    const stopped = await Promise.allSettled([...this.#reactions.values()].map((reaction) => reaction.stop(10_000)))
    await super.close()
    for (const each of stopped) if (each.status === 'rejected') throw each.reason
  }
}

/** @throws TypeError for what has no name or no log */
export function mustBeUpstream(upstream: Upstream): void {
  if (!upstream?.name || typeof upstream.name !== 'string' || !upstream.notificationLog)
    throw new TypeError(
      "What is reacted to has a name and a log: an application, or { name: 'school', notificationLog: … } for one that is elsewhere",
    )
  mustBeFollowable(upstream.notificationLog)
}
