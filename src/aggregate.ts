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
import { type AggregateClass, creationOf, type EventDefinition, eventsOf } from './definition'
import { EventMismatchError, HalfAppliedError } from './errors'
import { DomainEvent, idForm, newId, now } from './event'
import type { AggregateInternals } from './internals'
import { keepsPrivateState, originalOf } from './source'
import { copyFields, equal, putBack } from './state'

/** Set for the length of one `new`: the object being made is born from an old event. */
let birth: DomainEvent | undefined

/** Reached by the library's own files only. */
export let internals: AggregateInternals<Aggregate>

/**
 * Extend it, and write `@event('…')` above the class and above each method that changes the state: then every such call
 * is an event, and the state is what the events have made of it.
 */
export abstract class Aggregate {
  /** The stored name of the class, when it must not be `<application>:<class>`: `static topic = 'kennel:Dog'`. */
  declare static readonly topic?: string
  /** Former stored names, whose events are still read. */
  declare static readonly aliases?: readonly string[]

  #id: string
  #version = 0
  #createdOn = ''
  #modifiedOn = ''
  /** Events since `#base`, or all of them where there is none. The last ones are pending. */
  #log: DomainEvent[] = []
  #collected = 0
  #base: (() => Aggregate | undefined) | undefined
  #applying = true
  #doubt: HalfAppliedError | undefined

  /** @param options `id`: an id of one's own choice, any text that is not empty; left out, a random UUID. */
  constructor(options?: { readonly id?: string }) {
    creationOf(new.target)
    eventsOf(new.target)
    if (birth) {
      this.#id = birth.aggregateId
      this.#version = 1
      this.#createdOn = this.#modifiedOn = birth.timestamp
    } else this.#id = options?.id === undefined ? newId() : idForm(options.id)
    birth = undefined
  }

  /** 32 hex digits, or the id of one's own choice. */
  get id(): string {
    return this.#id
  }
  /** How many events have been applied; the version of the last one. */
  get version(): number {
    return this.#version
  }
  /** When the first event happened: ISO 8601, as in `DomainEvent.timestamp`. */
  get createdOn(): string {
    return this.#createdOn
  }
  /** When the last event happened. */
  get modifiedOn(): string {
    return this.#modifiedOn
  }
  /** What has happened and is not saved yet, oldest first. Stays as it is when a save fails. */
  get pendingEvents(): readonly DomainEvent[] {
    return this.#log.slice(this.#collected)
  }
  /** Gives the pending events, and from now on they are no longer pending. */
  collectEvents(): DomainEvent[] {
    internals.mustBeWhole(this)
    const events = this.#log.slice(this.#collected)
    this.#collected = this.#log.length
    return events
  }

  /**
   * The aggregate that these events lead to.
   *
   * @throws EventMismatchError if they are not the events of one such aggregate, from its first, in order
   */
  static replay<A extends Aggregate>(this: AggregateClass<A>, events: readonly DomainEvent[]): A {
    const [first] = events
    if (!first)
      throw new EventMismatchError(`No events, no ${this.name}: give replay() at least the event that created it`)
    const creation = creationOf(this)
    if (first.name !== creation.name || first.version !== 1)
      throw new EventMismatchError(
        `A ${this.name} starts with ${creation.name} (version 1), not with ${first.name} (version ${first.version}): replay all of its events, oldest first`,
      )
    birth = first
    let self: A
    try {
      self = Reflect.construct(this, creation.values(first.payload)) as A
    } finally {
      birth = undefined
    }
    for (let i = 1; i < events.length; i++) internals.apply(self, events[i] as DomainEvent)
    self.#log = events.slice()
    self.#collected = events.length
    self.#applying = false
    return self
  }

  /** Same class, id, version and state. */
  equals(other: unknown): boolean {
    if (!(other instanceof Aggregate) || other.constructor !== this.constructor) return false
    if (other.#id !== this.#id || other.#version !== this.#version) return false
    return equal({ ...this }, { ...other })
  }

  /** What a person sees in the console: class, id, version, state, and what is not saved yet. */
  [Symbol.for('nodejs.util.inspect.custom')](depth: number, options: object, inspect: (...args: unknown[]) => string) {
    if (depth < 0) return `[${this.constructor.name} ${this.#id}]`
    const pending = this.#log.length - this.#collected
    const shown = Object.assign(
      { id: this.#id, version: this.#version },
      this,
      pending > 0 && { pendingEvents: pending },
    )
    return `${this.constructor.name} ${inspect(shown, options)}`
  }

  static {
    internals = {
      decide(self, definition, args) {
        if (self.#applying) return definition.body.apply(self, args)
        internals.mustBeWhole(self)
        const payload = definition.payload(args)
        self.#applying = true
        let result: unknown
        try {
          result = definition.body.apply(self, definition.values(payload))
          if (result instanceof Promise)
            throw new TypeError(
              `${definition.label} gave a promise: an event is applied at once, so await before the call`,
            )
        } catch (error) {
          takeBack(self, definition, error)
          throw error
        } finally {
          self.#applying = false
        }
        append(self, definition, payload)
        return result
      },
      isReplaying: () => birth !== undefined,
      created(self, definition, payload) {
        append(self, definition, payload)
        self.#createdOn = self.#modifiedOn
        self.#applying = false
      },
      apply(self, event) {
        if (event.aggregateId !== self.#id || event.version !== self.#version + 1)
          throw new EventMismatchError(
            `${event.name} (version ${event.version} of ${event.aggregateId}) cannot follow version ${self.#version} of ${self.#id}: events are applied one by one, without gaps`,
          )
        const definition = eventsOf(self.constructor).get(event.name)
        if (!definition)
          throw new EventMismatchError(
            `${self.constructor.name} has no @event('${event.name}') method, but version ${event.version} of ${self.#id} is one: a method may be renamed, the name in its @event may not`,
          )
        const before = self.#applying
        self.#applying = true
        try {
          definition.body.apply(self, definition.values(event.payload))
        } finally {
          self.#applying = before
        }
        self.#version = event.version
        self.#modifiedOn = event.timestamp
      },
      copy(self) {
        const kept = internals.keep(self)
        return kept && internals.restore(self.constructor as AggregateClass, kept)
      },
      keep(self) {
        if (keepsPrivateState(self.constructor, Aggregate)) return undefined
        const fields = copyFields(self)
        return (
          fields && {
            id: self.#id,
            version: self.#version,
            createdOn: self.#createdOn,
            modifiedOn: self.#modifiedOn,
            fields,
          }
        )
      },
      restore(type, kept) {
        const self = Reflect.construct(Aggregate, [{ id: kept.id }], originalOf(type)) as Aggregate
        self.#version = kept.version
        self.#createdOn = kept.createdOn
        self.#modifiedOn = kept.modifiedOn
        self.#applying = false
        return Object.assign(self, kept.fields)
      },
      saved(self, count, base) {
        self.#collected += count
        if (!base) return
        self.#base = base
        self.#log = self.#log.slice(self.#collected)
        self.#collected = 0
      },
      mustBeWhole(self) {
        if (self.#doubt) throw self.#doubt
      },
    }

    const append = (self: Aggregate, definition: EventDefinition, payload: DomainEvent['payload']): void => {
      const version = self.#version + 1
      const event = new DomainEvent(definition.name, payload, self.#id, version, now())
      self.#log.push(event)
      self.#version = version
      self.#modifiedOn = event.timestamp
    }

    /** A body has thrown: puts the state back to what the events say, or marks the aggregate as in doubt. */
    const takeBack = (self: Aggregate, definition: EventDefinition, cause: unknown): void => {
      const type = self.constructor as AggregateClass<Aggregate>
      const doubt = new HalfAppliedError(
        `${definition.label} threw, and what it had changed by then cannot be taken back: load ${type.name} ${self.#id} again. (Decide in a plain method, and let it call a private @event method, and nothing is ever in doubt.)`,
        { cause },
      )
      try {
        const before = keepsPrivateState(type, Aggregate) ? undefined : rebuilt(self, type)
        if (before) putBack(self, before)
        else self.#doubt = doubt
      } catch {
        self.#doubt = doubt // The events do not replay: nobody knows what the state should be.
      }
    }
    const rebuilt = (self: Aggregate, type: AggregateClass<Aggregate>): Aggregate | undefined => {
      if (!self.#base) return Aggregate.replay.call(type, self.#log)
      const base = self.#base()
      for (const event of base ? self.#log : []) internals.apply(base as Aggregate, event)
      return base
    }
  }
}
