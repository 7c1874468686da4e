/**
 * An application that reacts to others: whenever something happens there, its policy says what follows here.
 *
 * What a handler returns is recorded together with the position of the event, so each event is dealt with exactly once,
 * whatever is killed in between. The idea is that of the process application of the Python library `eventsourcing`.
 */
import { Application } from '../application'
import { type Followed, type FollowedTopic, matcher } from '../following/followable'
import type { Rule, Upstream } from './policy'
import type { Outcome, Work } from './portion'
import { Reaction } from './reaction'

/** Extend it, and say in the constructor what follows from which event: see `on`. */
export class ProcessApplication extends Application {
  /** @internal What `on` was told. */
  readonly rules: Rule[] = []
  readonly #reactions = new Map<
    string,
    { readonly log: unknown; readonly logId: string; readonly reaction: Reaction }
  >()

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
   * @throws TypeError for what is no event type, name or stored topic, or no function
   */
  on<T extends FollowedTopic>(topic: T, handler: (event: Followed<T>, work: Work) => Promise<Outcome> | Outcome): this {
    if (typeof handler !== 'function')
      throw new TypeError('on() takes a topic and a function: on(TrickAdded, (event, work) => …)')
    this.rules.push({ isFor: matcher(topic), handle: handler as Rule['handle'] })
    return this
  }

  /**
   * Reacts to everything that is recorded there and was not dealt with before, then to what comes, until `signal` is
   * aborted or a store is closed: then it resolves, after the handler that runs. Events that no handler is for are
   * passed over; their position is recorded now and then.
   *
   * @throws ReactionError if a handler throws, or an event cannot be read: what came before is recorded
   * @throws TypeError if it reacts to this application already, or to another one with the same name or log
   */
  async reactTo(upstream: Upstream, { signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<void> {
    const reaction = await this.reactionTo(upstream)
    await reaction.react({}, signal)
  }

  /** Reacts to everything that is recorded there now. Resolves with how many events there was a handler for. */
  async catchUpWith(upstream: Upstream): Promise<number> {
    const reaction = await this.reactionTo(upstream)
    return reaction.react({ upTo: await upstream.notificationLog.max() })
  }

  /** @internal The one reaction to this application. */
  async reactionTo(upstream: Upstream): Promise<Reaction> {
    mustBeUpstream(upstream)
    const { name, notificationLog } = upstream
    const logId = await notificationLog.logId()
    const known = this.#reactions.get(name)
    if (known?.log === notificationLog) return known.reaction
    const twin = [...this.#reactions].find(([, each]) => each.logId === logId)?.[0]
    if (known ?? twin)
      throw new TypeError(
        known
          ? `${this.name} reacts to another application called ${name}: give each a name of its own`
          : `${this.name} reacts to ${twin}, which shares a store with ${name}: each event there would come twice. Follow one of the two, or give each a store of its own`,
      )
    const made = { log: notificationLog, logId, reaction: new Reaction(this, upstream) }
    this.#reactions.set(name, made)
    return made.reaction
  }

  /**
   * Closes the store, after the handlers that run are done.
   *
   * @throws ReactionHangsError if one of them is not after ten seconds; the store is closed all the same
   */
  override async close(): Promise<void> {
    const stopped = await Promise.allSettled([...this.#reactions.values()].map(({ reaction }) => reaction.stop(10_000)))
    await super.close()
    for (const each of stopped) if (each.status === 'rejected') throw each.reason
  }
}

/** @throws TypeError for what has no name or no log */
export function mustBeUpstream(upstream: Upstream): void {
  if (!upstream?.name || typeof upstream.name !== 'string' || typeof upstream.notificationLog?.select !== 'function')
    throw new TypeError(
      "What is reacted to has a name and a log: an application, or { name: 'school', notificationLog: … } for one that is elsewhere",
    )
}
