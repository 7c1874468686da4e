/**
 * An aggregate decides what happens, and its state is the result of what has happened.
 *
 * A call of an `@event` method is one step: *decide* (may this happen? the body may throw), *apply* (the body changes
 * the state), *append* (the call becomes an event, pending until it is saved). A replay runs the same bodies for old
 * events, which leads to the same state. Inside a replay, and inside another event method, a method only applies: one
 * decision is one event.
 *
 * The vocabulary is that of the Python library `eventsourcing`; that the changes of a failed method are undone is ours.
 */

import { EventMismatchError } from '../errors'
import { DomainEvent } from '../events/event'
import { type AggregateClass, type FormerEvents, isOneOf, originalOf } from './definition'
import { equal } from './equal'
import { beginLife, type Life } from './life'
import { replay } from './replay'

/** What the library knows about an aggregate; undefined for anything else, also for a Proxy of one. */
export let lifeOf: (self: object) => Life | undefined

/**
 * Extend it, and write `@event('…')` above the class and above each method that changes the state: each such call is
 * then an event, and a replay of the events leads to the same state.
 */
export abstract class Aggregate {
  /** The stored name of the class, `<application>:<class>` by default: `static topic = 'kennel:Dog'`. */
  declare static readonly topic?: string
  /** Former stored names, whose events can still be read. */
  declare static readonly aliases?: readonly string[]
  /**
   * Turns on snapshots, for a class whose state is plain values (those that an event can hold): a command then costs
   * the same, however long the history. Snapshots taken with another number are ignored: change it whenever the form of
   * the state changes.
   */
  declare static readonly snapshotVersion?: number
  /** What became of events that the class no longer records: renamed, split or retired. */
  declare static readonly former?: FormerEvents

  readonly #life: Life

  /** @param options `id`: any non-empty string; a random UUID by default */
  constructor(options?: { readonly id?: string }) {
    const { life, into } = beginLife(originalOf(new.target as unknown as AggregateClass), options?.id, this)
    this.#life = life
    // biome-ignore lint/correctness/noConstructorReturn: a replay in place rebuilds an existing object
    if (into) return into as Aggregate
  }

  /** 32 hex digits, or the id that was passed to the constructor. */
  get id(): string {
    return this.#life.id
  }
  /** The version of the last event that was applied. */
  get version(): number {
    return this.#life.version
  }
  /** When the first event happened: ISO 8601, as in `DomainEvent.timestamp`. */
  get createdOn(): string {
    return this.#life.createdOn
  }
  /** When the last event happened. */
  get modifiedOn(): string {
    return this.#life.modifiedOn
  }
  /** Events that are not saved yet, oldest first. They remain pending if a save fails. */
  get pendingEvents(): readonly DomainEvent[] {
    return this.#life.pending
  }
  /**
   * Returns the pending events, which are then no longer pending: the caller must save them
   * (`application.save(...events)`).
   *
   * @throws HalfAppliedError if a failed event method could not be undone
   */
  collectEvents(): DomainEvent[] {
    this.#life.mustBeWhole()
    const events = this.#life.pending
    this.#life.saved = this.#life.version
    return events
  }

  /**
   * The aggregate that these events lead to, of a subclass if they are its events.
   *
   * @throws EventMismatchError unless they are all events of one aggregate of this class, in order from its first
   * @throws ReplayError if a body throws
   */
  static replay<A extends Aggregate>(this: AggregateClass<A>, events: readonly DomainEvent[]): A {
    let type: AggregateClass = this
    for (const event of events) {
      const owner = DomainEvent.ownerOf(event) as AggregateClass<object> | undefined
      // A class that was defined again, as at a prompt, has the name of the one before.
      if (!owner || owner.name === this.name) continue
      if (!isOneOf(this, owner))
        throw new EventMismatchError(
          `Version ${event.version} of ${event.aggregateId} is an event of a ${owner.name}: call ${owner.name}.replay()`,
        )
      type = owner
    }
    return replay(type, { events: [...events], length: events.length }, Aggregate) as A
  }

  /** Do both have the same class, id, version and state? `#private` fields cannot be compared. */
  equals(other: unknown): boolean {
    if (!(other instanceof Aggregate) || other.#life.type !== this.#life.type) return false
    return other.id === this.id && other.version === this.version && equal(this, other)
  }

  /** The id, the version and the fields. */
  toJSON(): Record<string, unknown> {
    return { id: this.id, version: this.version, ...(this as object) }
  }
  toString(): string {
    return `${this.#life.type.name} ${this.id}`
  }
  /** For the console: class, id, version, state, and the number of pending events. */
  [Symbol.for('nodejs.util.inspect.custom')](depth: number, options: object, inspect: (...args: unknown[]) => string) {
    if (depth < 0) return `[${this}]`
    const pending = this.pendingEvents.length
    return `${this.#life.type.name} ${inspect({ ...this.toJSON(), ...(pending > 0 && { pendingEvents: pending }) }, options)}`
  }

  static {
    lifeOf = (self) => (#life in self ? (self as Aggregate).#life : undefined)
  }
}
