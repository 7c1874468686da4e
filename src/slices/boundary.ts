/**
 * A part of what a decision reads: a state, and the events that it is made of.
 *
 * The types that have a handler, and the tags, are its query, so nothing can be handled that is not in the boundary. A
 * boundary knows no store, and can serve in several decisions.
 */
import type { LoggedEvent } from '../events/event'
import { EventType } from '../events/event-type'
import { isThenable } from '../events/schema'
import { copyValue, isSimple } from '../values/value'

/** Makes the next state from the one before; it may change and return it, because each decision starts with a copy. */
export type Step<S> = (state: S, event: LoggedEvent) => S

export class Boundary<S> {
  /** Only for the compiler. */
  declare readonly '~state': S
  readonly tags: readonly string[]
  /** @internal By event type, in the order in which they were added. */
  readonly steps: readonly (readonly [type: EventType, step: Step<S>])[]
  /** @internal Only the newest of its events counts. */
  readonly isNewest: boolean
  readonly #initial: S | (() => S)

  /** @internal Use `boundary`. */
  constructor(initial: S | (() => S), tags: readonly string[], steps: Boundary<S>['steps'] = [], isNewest = false) {
    for (const tag of tags)
      if (typeof tag !== 'string' || tag === '')
        throw new TypeError(`A tag is a string such as 'course:7', not ${JSON.stringify(tag)}: leave it out`)
    this.#initial = initial
    this.tags = tags
    this.steps = steps
    this.isNewest = isNewest
    Object.freeze(this)
  }

  /**
   * A boundary that has the events of this type as well. The handler returns the next state, and must not be async.
   *
   * @throws TypeError for anything but an event type and a function
   */
  on<N extends string, I extends object, O extends object>(
    type: EventType<N, I, O>,
    step: (state: S, event: LoggedEvent<Readonly<O>> & { readonly name: N }) => S,
  ): Boundary<S> {
    if (!((type as unknown) instanceof EventType && typeof step === 'function'))
      throw new TypeError('on() takes an event type and a function: .on(TrickAdded, (state, { payload }) => …)')
    const steps: Boundary<S>['steps'] = [...this.steps, [type as unknown as EventType, step as Step<S>]]
    return new Boundary(this.#initial, this.tags, steps, this.isNewest)
  }

  /**
   * The same boundary with a state that is made of its newest event alone, which is all that is then read of it: for the
   * number of the next invoice, say, after a million of them.
   */
  newest(): Boundary<S> {
    return new Boundary(this.#initial, this.tags, this.steps, true)
  }

  /** @internal Is this an event of one of its types? */
  handles(event: LoggedEvent): boolean {
    return this.steps.some(([type]) => type.is(event))
  }

  /** @internal The state before any event. */
  start(): S {
    const initial = this.#initial
    if (typeof initial === 'function') return (initial as () => S)()
    return isSimple(initial) || initial === undefined ? initial : (copyValue(initial, false, 'The first state') as S)
  }

  /** @internal The state after what is recorded next in the boundary: an event, or several if it was split. */
  next(before: S, events: readonly LoggedEvent[]): S {
    let state = this.isNewest ? this.start() : before
    for (const event of events)
      for (const [type, step] of this.steps) {
        if (!type.is(event)) continue
        state = step(state, event)
        if (isThenable(state))
          throw new TypeError(`The handler of ${type.name} is async, but a decision is made at once: remove the await`)
        if (state === undefined && this.#initial !== undefined)
          throw new TypeError(`The handler of ${type.name} returned nothing: return the next state, or null for none`)
      }
    return state
  }
}

/**
 * A boundary: a state, the tags of the events that it is made of, and their types with `on`. An event must have all of
 * the tags. The idea is that of dynamic consistency boundaries (https://dcb.events), where this is a projection.
 *
 * @param initial the state before any event: plain values, or a function that makes it
 * @throws TypeError for a tag that is empty, or not a string
 */
export const boundary = <S>(initial: S | (() => S), ...tags: string[]): Boundary<S> => new Boundary(initial, tags)
