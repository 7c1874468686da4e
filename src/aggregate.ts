/**
 * An aggregate decides what happens, and is nothing but what has happened to it.
 *
 * A call of an `@event` method is one step: *decide* (may this happen? the body may throw), *apply* (the body
 * changes the state), *append* (the call becomes an event, pending until it is saved). A replay runs the same
 * bodies over old events, so the state that comes out is the state that was. Inside a replay, and inside
 * another event method, a method only applies: one decision is one event.
 *
 * The vocabulary is that of the Python library `eventsourcing`; that a failed method leaves nothing behind is ours.
 */
import { type AggregateClass, type FormerEvents, originalOf } from './definition'
import { equal } from './equal'
import type { DomainEvent } from './event'
import { beginLife, type Life } from './life'
import { replay } from './replay'

/** What the library knows of an aggregate; undefined for what is none, or hidden behind a Proxy. */
export let lifeOf: (self: object) => Life | undefined

/**
 * Extend it, and write `@event('…')` above the class and above each method that changes the state: then every such call
 * is an event, and the state is what the events have made of it.
 */
export abstract class Aggregate {
  /** The stored name of the class, when it must not be `<application>:<class>`: `static topic = 'kennel:Dog'`. */
  declare static readonly topic?: string
  /** Former stored names, whose events are still read. */
  declare static readonly aliases?: readonly string[]
  /**
   * Turns snapshots on, for a class whose state is plain values (what an event can carry): then a command costs the
   * same however long the history. Another number leaves the snapshots aside that were taken under this one: change it
   * whenever the state takes another form.
   */
  declare static readonly snapshotVersion?: number
  /** What has become of events that the class no longer makes: renamed, split or retired. */
  declare static readonly former?: FormerEvents

  readonly #life: Life

  /** @param options `id`: an id of one's own choice, any text that is not empty; left out, a random UUID. */
  constructor(options?: { readonly id?: string }) {
    const { life, into } = beginLife(originalOf(new.target as unknown as AggregateClass), options?.id)
    this.#life = life
    // biome-ignore lint/correctness/noConstructorReturn: a replay in place goes on with the object that is there
    if (into) return into as Aggregate
  }

  /** 32 hex digits, or the id of one's own choice. */
  get id(): string {
    return this.#life.id
  }
  /** How many events have been applied: the version of the last one. */
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
  /** What has happened and is not saved yet, oldest first. Stays as it is when a save fails. */
  get pendingEvents(): readonly DomainEvent[] {
    return this.#life.pending
  }
  /**
   * Returns the pending events, and from now on they are no longer pending: whoever collects them saves them
   * (`application.save(...events)`).
   */
  collectEvents(): DomainEvent[] {
    this.#life.mustBeWhole()
    const events = this.#life.pending
    this.#life.saved = this.#life.version
    return events
  }

  /**
   * The aggregate that these events lead to.
   *
   * @throws EventMismatchError if they are not the events of one such aggregate, from its first, in order
   * @throws ReplayError if a body throws
   */
  static replay<A extends Aggregate>(this: AggregateClass<A>, events: readonly DomainEvent[]): A {
    return replay(this, { events: [...events], length: events.length }, Aggregate) as A
  }

  /** Same class, id, version and state, as far as it can be seen from outside: `#private` fields cannot. */
  equals(other: unknown): boolean {
    if (!(other instanceof Aggregate) || other.#life.type !== this.#life.type) return false
    return other.id === this.id && other.version === this.version && equal(this, other)
  }

  /** The fields, with id and version in front. */
  toJSON(): Record<string, unknown> {
    return { id: this.id, version: this.version, ...(this as object) }
  }
  toString(): string {
    return `${this.#life.type.name} ${this.id}`
  }
  /** What a person sees in the console: class, id, version, state, and what is not saved yet. */
  [Symbol.for('nodejs.util.inspect.custom')](depth: number, options: object, inspect: (...args: unknown[]) => string) {
    if (depth < 0) return `[${this}]`
    const pending = this.pendingEvents.length
    return `${this.#life.type.name} ${inspect({ ...this.toJSON(), ...(pending > 0 && { pendingEvents: pending }) }, options)}`
  }

  static {
    lifeOf = (self) => (#life in self ? (self as Aggregate).#life : undefined)
  }
}
