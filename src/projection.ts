/**
 * A view built from the log: follow the events, build what a reader wants to see, remember the position.
 *
 * A projection can be thrown away and built again at any time, because the log is the truth.
 */
import type { LoggedEvent } from './event'
import type { EventType } from './event-type'
import type { NotificationLog } from './notification-log'
import { remember } from './view-memory'

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
/** A view of so many values is noted before each event, a larger one only once in a while: four values for each event. */
const small = 50
const share = 4

/** Knows the call on behalf of which code runs. Node, Bun and Deno have one; a browser knows only until the first await. */
interface Callers {
  run<T>(call: object, handler: () => T): T
  getStore(): object | undefined
  disable(): void
}
type Host = {
  readonly process?: { getBuiltinModule?(name: string): { readonly AsyncLocalStorage: new () => Callers } | undefined }
}
class UntilAwaited implements Callers {
  #call: object | undefined
  run<T>(call: object, handler: () => T): T {
    this.#call = call
    try {
      return handler()
    } finally {
      this.disable()
    }
  }
  getStore() {
    return this.#call
  }
  disable() {
    this.#call = undefined
  }
}

/** A view that follows a log: see `catchUp`. */
export class Projection<V> {
  /** The view so far. */
  readonly view: V
  readonly #log: NotificationLog
  readonly #handlers = new Map<string, Handler<V>[]>()
  readonly #callers: Callers
  /** The call of a handler that is running. */
  #call: object | undefined
  #position = 0
  /** Puts the view back to how it was at a position. */
  #memory: { readonly restore: () => boolean; readonly position: number } | undefined
  /** How many values the view had when it was noted last. */
  #size = 0
  /** How many events the view has had since it was noted. */
  #since = 0
  #running: Promise<void> = Promise.resolve()
  #waiting: Promise<void> | undefined
  #broken: Error | undefined

  /**
   * @param view the initial view; it survives a handler that throws if it is made of plain objects, arrays, Maps, Sets,
   *   Dates and bytes
   * @param handlers may be async: each is awaited before the next. Several for one event are called in order
   */
  constructor(log: NotificationLog, view: V, handlers: Handlers<V>) {
    this.#log = log
    this.view = view
    for (const [name, handler] of Array.isArray(handlers) ? handlers : Object.entries(handlers))
      this.#handlers.set(name, [...(this.#handlers.get(name) ?? []), handler])
    const { AsyncLocalStorage } = (globalThis as Host).process?.getBuiltinModule?.('node:async_hooks') ?? {}
    this.#callers = new (AsyncLocalStorage ?? UntilAwaited)()
  }

  /** The position of the last event that is in the view. */
  get position(): number {
    return this.#position
  }

  /**
   * Updates the view with everything recorded before the call, and resolves with it. Concurrent calls share the work.
   * If a handler throws, this rejects, the view and the position are as before its event, and the next call tries that
   * event again; if the view cannot be restored, every further call rejects.
   *
   * @throws TypeError if one of its own handlers calls it, because that would wait for itself
   */
  async catchUp(): Promise<V> {
    if (this.#call && this.#callers.getStore() === this.#call)
      throw new TypeError(
        'A handler called catchUp() of its own projection, which waits for the handler: remove the call',
      )
    this.#waiting ??= this.#running
      .catch(() => undefined)
      .then(() => {
        this.#waiting = undefined
        this.#running = this.#follow().finally(() => this.#callers.disable())
        return this.#running
      })
    await this.#waiting
    return this.view
  }

  async #follow(stop = Number.POSITIVE_INFINITY): Promise<void> {
    if (this.#broken) throw this.#broken
    const last = Math.min(stop, await this.#log.max())
    let size = page
    while (this.#position < last) {
      const start = this.#position + 1
      const end = Math.min(this.#position + size, last)
      const events = await this.#log.select({ start, stop: end }).catch((error) => {
        // What comes before an event that cannot be read is found by smaller and smaller pages.
        if (start === end) throw error
        size = Math.ceil((end - start) / 2)
      })
      if (!events) continue
      for (let i = 0, next = 0; i < events.length; i = next) {
        const { id } = events[i] as LoggedEvent
        while (events[next]?.id === id) next++
        await this.#apply(id, events.slice(i, next))
      }
      this.#position = end
    }
  }

  /** Runs the handlers of one position, which has several events if one was split. */
  async #apply(position: number, events: readonly LoggedEvent[]): Promise<void> {
    const calls = events.flatMap((event) => (this.#handlers.get(event.name) ?? []).map((run) => ({ run, event })))
    if (calls.length > 0) {
      if (this.#size <= small || this.#since * share >= this.#size) this.#remember()
      try {
        for (const { run, event } of calls) await this.#invoke(run, event)
      } catch (error) {
        await this.#takeBack(error)
        throw error
      }
      this.#since++
    }
    this.#position = position
  }

  async #invoke(run: Handler<V>, event: LoggedEvent): Promise<void> {
    this.#call = {}
    try {
      await this.#callers.run(this.#call, () => run(this.view, event))
    } finally {
      this.#call = undefined
    }
  }

  #remember(): void {
    const { size, restore } = remember(this.view)
    this.#size = size
    this.#since = 0
    // Where something cannot be seen, an earlier memory serves, and handlers run again from there.
    if (restore) this.#memory = { restore, position: this.#position }
  }

  /** Puts the view back to the position before the event whose handler threw. */
  async #takeBack(cause: unknown): Promise<void> {
    const stop = this.#position
    if (!this.#memory?.restore()) {
      this.#broken = new Error(
        'A handler threw, and its changes cannot be undone: make a new Projection (only plain objects, arrays, Maps, Sets, Dates and bytes are restored)',
        { cause },
      )
      return
    }
    this.#position = this.#memory.position
    this.#since = 0
    // A large view was noted some events before: their handlers run again. If one throws now, the next call starts there.
    await this.#follow(stop).catch(() => undefined)
    this.#remember()
  }
}
