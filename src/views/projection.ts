/**
 * A view built from the log: follow the events, build what a reader wants to see, remember the position.
 *
 * A projection can be thrown away and built again at any time, because the log is the truth. This one is in memory;
 * stored-projection.ts keeps its rows and its position in the store.
 */
import { isThenable } from '../events/schema'
import type { FollowableLog } from '../following/followable'
import { type Handlers, Handling } from './handlers'
import { LiveView } from './live-view'
import { Noted, Passing } from './noted'
import type { ViewOptions } from './options'
import { belongs, mustBelong, originOf } from './origin'

/** A view in memory that follows a log: see `catchUp` and `start`. */
export class Projection<V extends object> extends LiveView<V> {
  readonly #initial: () => V
  #kept: Noted<V>
  #logId: string | undefined
  /** A view that is being built beside, the log that it is built from, and whom that had forgotten. */
  #draft: { readonly kept: Noted<V>; readonly logId: string; readonly generation: string | undefined } | undefined

  /**
   * @param initial makes the view as it is before the first event, a new one at each call. The view survives a handler
   *   that throws if it is made of plain objects, arrays, Maps, Sets, Dates and bytes
   * @param handlers change the view; what they return is not used. They may be async: each is awaited before the next.
   *   Several for one event are called in order
   * @throws TypeError for what is no log, no such function, or no handlers
   */
  constructor(log: FollowableLog, initial: () => V, handlers: Handlers<V>, options: ViewOptions = {}) {
    super(log, new Handling(handlers, 'a projection'), 'This projection', options)
    if (typeof initial !== 'function')
      throw new TypeError('A projection takes a function that makes its first view: () => new Map()')
    this.#initial = initial
    this.#kept = new Noted(mustBeChangeable(initial()))
  }

  get view(): V {
    return this.#kept.view
  }

  get position(): number {
    return this.#kept.position
  }

  /** How Node shows it. */
  [Symbol.for('nodejs.util.inspect.custom')](_: number, options: object, inspect: (...args: unknown[]) => string) {
    return `Projection ${inspect({ position: this.position, view: this.view }, options)}`
  }

  protected async load(): Promise<Noted<V>> {
    if (this.#kept.broken) throw this.#kept.broken
    const now = await originOf(this.log)
    mustBelong(this.label, { position: this.position, logId: this.#logId }, now)
    this.#logId = now.logId
    return this.#kept
  }

  protected fresh(): { readonly kept: Passing<V>; readonly view: V } {
    const view = this.#another()
    return { kept: new Passing(view), view }
  }

  protected async draft(): Promise<{ readonly kept: Noted<V>; swap(): void }> {
    const now = await originOf(this.log)
    const { generation } = this.log
    const begun = this.#draft
    const isGood =
      begun &&
      !begun.kept.broken &&
      begun.generation === generation &&
      belongs({ position: begun.kept.position, logId: begun.logId }, now)
    const draft = isGood ? begun : { kept: new Noted(this.#another(), true), logId: now.logId, generation }
    this.#draft = draft
    const swap = (): void => {
      draft.kept.publish()
      this.#kept = draft.kept
      this.#logId = draft.logId
      this.#draft = undefined
    }
    return { kept: draft.kept, swap }
  }

  #another(): V {
    const view = mustBeChangeable(this.#initial())
    if (view === this.view)
      throw new TypeError('A projection needs a function that makes a new view at each call: () => new Map()')
    return view
  }
}

function mustBeChangeable<V extends object>(view: V): V {
  if (Object(view) === view && !isThenable(view)) return view
  const what = isThenable(view) ? 'a promise' : JSON.stringify(view)
  throw new TypeError(
    `The view of a projection is an object that its handlers change, such as () => ({ count: 0 }), not ${what}`,
  )
}
