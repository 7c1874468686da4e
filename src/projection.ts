/**
 * A view built from the log: follow the events, build what a reader wants to see, remember the position.
 *
 * A projection can be thrown away and built again at any time, because the log is the truth. A view whose handler threw
 * is rebuilt like this too, up to the event before.
 */
import type { LoggedEvent } from './event'
import type { EventType } from './event-type'
import type { NotificationLog } from './notification-log'
import { copyValue, isPlainObject } from './value'

/** Updates the view for one event. */
export type Handler<V> = (view: V, event: LoggedEvent) => unknown

/** Handlers by event name, or an array of handlers by type: `[on(TrickAdded, (view, { payload }) => …)]`. */
export type Handlers<V> = Readonly<Record<string, Handler<V>>> | readonly (readonly [name: string, Handler<V>])[]

/** A handler for events of one type, as `type.is` tells them, with a typed payload. */
export const on = <V, N extends string, I extends object, O extends object>(
  type: EventType<N, I, O>,
  handler: (view: V, event: LoggedEvent<Readonly<O>> & { readonly name: N }) => unknown,
): readonly [name: string, Handler<V>] => [
  type.name,
  (view, event) => (type.is(event) ? handler(view, event as never) : undefined),
]

const page = 1000

/** A view that follows a log: see `catchUp`. */
export class Projection<V> {
  /** The view so far. */
  readonly view: V
  readonly #log: NotificationLog
  readonly #handlers: ReadonlyMap<string, Handler<V>>
  /** A copy of the initial view, if it can be copied. */
  readonly #beginning: unknown
  #position = 0
  #running: Promise<void> = Promise.resolve()
  #waiting: Promise<void> | undefined
  #broken: Error | undefined

  /**
   * @param view the initial view; it survives a handler that throws if it is a plain object, a Map, a Set or an array
   * @param handlers may be async: each is awaited before the next event
   */
  constructor(log: NotificationLog, view: V, handlers: Handlers<V>) {
    this.#log = log
    this.view = view
    this.#handlers = new Map(Array.isArray(handlers) ? handlers : Object.entries(handlers))
    try {
      this.#beginning = copyValue(view, true, 'the view', true)
    } catch {
      this.#beginning = undefined
    }
  }

  /** The position of the last event that is in the view. */
  get position(): number {
    return this.#position
  }

  /**
   * Updates the view with everything recorded before the call, and resolves with it. Concurrent calls share the work.
   * If a handler throws, this rejects, the view and the position are as before its event, and the next call tries that
   * event again; if the view cannot be restored, every further call rejects.
   */
  async catchUp(): Promise<V> {
    this.#waiting ??= this.#running
      .catch(() => undefined)
      .then(() => {
        this.#waiting = undefined
        this.#running = this.#follow()
        return this.#running
      })
    await this.#waiting
    return this.view
  }

  async #follow(stop = Number.POSITIVE_INFINITY): Promise<void> {
    if (this.#broken) throw this.#broken
    const last = Math.min(stop, await this.#log.max())
    while (this.#position < last) {
      const start = this.#position + 1
      const end = Math.min(this.#position + page, last)
      for (const event of await this.#log.select({ start, stop: end })) await this.#apply(event)
      this.#position = end
    }
  }

  async #apply(event: LoggedEvent): Promise<void> {
    try {
      await this.#handlers.get(event.name)?.(this.view, event)
      this.#position = event.id
    } catch (error) {
      await this.#takeBack(Math.min(this.#position, event.id - 1), error)
      throw error
    }
  }

  /** Rebuilds the view from its beginning to the event before the one whose handler threw. */
  async #takeBack(stop: number, cause: unknown): Promise<void> {
    const broken = new Error(
      'A handler threw, and its changes cannot be undone: make a new Projection (only a plain object, a Map, a Set or an array of plain values is restored)',
      { cause },
    )
    if (!refill(this.view, this.#beginning)) {
      this.#broken = broken
      return
    }
    this.#position = 0
    try {
      await this.#follow(stop)
    } catch {
      this.#broken = broken
    }
  }
}

/** Resets a view to its beginning; returns false if it is of a kind that cannot be reset. */
function refill(view: unknown, beginning: unknown): boolean {
  if (typeof beginning !== 'object' || beginning === null) return false
  const fresh = copyValue(beginning, false, 'the view', true)
  if (Array.isArray(view)) view.splice(0, view.length, ...(fresh as unknown[]))
  else if (view instanceof Map)
    refillWith(view, () => (fresh as typeof view).forEach((value, key) => void view.set(key, value)))
  else if (view instanceof Set) refillWith(view, () => (fresh as typeof view).forEach((value) => void view.add(value)))
  else if (isPlainObject(view as object)) {
    for (const key of Object.keys(view as object)) delete (view as Record<string, unknown>)[key]
    Object.assign(view as object, fresh)
  } else return false
  return true
}

function refillWith(view: { clear(): void }, fill: () => void): void {
  view.clear()
  fill()
}
