/**
 * What a view does with each event: handlers by name, or by type with a typed payload.
 */
import { HandlerFailedError } from '../errors'
import type { LoggedEvent } from '../events/event'
import type { EventType } from '../events/event-type'
import { isThenable } from '../events/schema'
import { isPlainObject } from '../values/value'
import type { Table } from './rows'

/** Changes the view for one event; what it returns is not used. It may be async: the next event waits for it. */
export type Handler<V> = (view: V, event: LoggedEvent) => unknown

/**
 * Handlers by event name, or by stored topic (`dogschool:Dog.Registered`) where events of several classes have one name;
 * or an array of handlers by type: `[on(TrickAdded, (view, { payload }) => …)]`.
 */
export type Handlers<V> = Readonly<Record<string, Handler<V>>> | readonly (readonly [name: string, Handler<V>])[]

/**
 * A handler for events of one type, as `type.is` tells them, with a typed payload. Where nothing says what the view is,
 * it is rows with values of any type.
 */
export const on = <N extends string, I extends object, O extends object, V = Table<unknown>>(
  type: EventType<N, I, O>,
  handler: (view: V, event: LoggedEvent<Readonly<O>> & { readonly name: N }) => unknown,
): readonly [name: string, Handler<V>] => [
  type.name,
  (view, event) => (type.is(event) ? handler(view, event as never) : undefined),
]

/** An object literal, or the namespace of a module; not a Map, nor an instance, whose methods would not be found. */
const isRecord = (handlers: object): boolean =>
  Object(handlers) === handlers && (isPlainObject(handlers) || Object.getPrototypeOf(handlers) === null)

const areNoHandlers = (label: string): TypeError =>
  new TypeError(
    `The handlers of ${label} have the names of events, { TrickAdded: (view, event) => … }, or are a list: [on(TrickAdded, (view, event) => …)]`,
  )

/**
 * Handlers often return what their last expression was. But an object with all fields of the view is another view, as a
 * reducer makes it, and would be lost.
 */
function mustBeNoCopy(view: unknown, result: unknown): void {
  if (typeof result !== 'object' || result === null || result === view || !isPlainObject(result)) return
  const fields = Object.keys(result)
  if (fields.length === 0 || !fields.every((field) => Object.hasOwn(view as object, field))) return
  if (isPlainObject(view as object) && Object.keys(view as object).length === fields.length)
    throw new TypeError('it returns another view, which would be lost: change the one that it gets, as in view.count++')
}

const none: readonly Handler<unknown>[] = []

/** The handlers of a view, several of one event in order. */
export class Handling<V> {
  /** The names and stored topics of the events that it handles. */
  readonly topics: readonly string[]
  readonly #by = new Map<string, Handler<V>[]>()
  readonly #all: (readonly [topic: string, handler: Handler<V>])[] = []
  readonly #hasStored: boolean
  /** The view, for messages. */
  readonly #label: string

  /** @throws TypeError for what are no handlers */
  constructor(handlers: Handlers<V>, label: string) {
    this.#label = label
    if (!Array.isArray(handlers) && !isRecord(handlers)) throw areNoHandlers(label)
    for (const entry of Array.isArray(handlers) ? handlers : Object.entries(handlers)) {
      if (!Array.isArray(entry) || typeof entry[0] !== 'string') throw areNoHandlers(label)
      const [name, handler] = entry
      if (typeof handler !== 'function')
        throw new TypeError(`The handler of ${name} in ${label} is no function: write (view, event) => …`)
      this.#all.push([name, handler])
      this.#by.set(name, [...(this.#by.get(name) ?? []), handler])
    }
    this.topics = [...this.#by.keys()]
    this.#hasStored = this.topics.some((topic) => topic.includes('.'))
  }

  /**
   * Runs the handlers of the events from one index up to another: those of one position. Returns a promise only if a
   * handler did.
   *
   * @throws HandlerFailedError for the event whose handler threw
   */
  apply(view: V, events: readonly LoggedEvent[], from: number, to: number): Promise<void> | undefined {
    for (let at = from; at < to; at++) {
      const event = events[at] as LoggedEvent
      const handlers = this.#of(event)
      for (let next = 0; next < handlers.length; ) {
        const result = this.#call(handlers[next++] as Handler<V>, view, event)
        if (result !== undefined && isThenable(result)) return this.#later(result, next, view, events.slice(at, to))
      }
    }
    return undefined
  }

  /** Awaits the result of a handler, and goes on with the next. */
  async #later(result: unknown, next: number, view: V, events: readonly LoggedEvent[]): Promise<void> {
    let [awaited, start] = [result, next]
    for (const event of events) {
      await this.#settled(awaited, view, event)
      for (const handler of this.#of(event).slice(start))
        await this.#settled(this.#call(handler, view, event), view, event)
      ;[awaited, start] = [undefined, 0]
    }
  }

  async #settled(result: unknown, view: V, event: LoggedEvent): Promise<void> {
    try {
      mustBeNoCopy(view, await result)
    } catch (error) {
      throw this.#failed(event, error)
    }
  }

  #call(handler: Handler<V>, view: V, event: LoggedEvent): unknown {
    try {
      const result = handler(view, event)
      mustBeNoCopy(view, result)
      return result
    } catch (error) {
      throw this.#failed(event, error)
    }
  }

  #of({ name, topic }: LoggedEvent): readonly Handler<V>[] {
    if (!this.#hasStored) return this.#by.get(name) ?? none
    return this.#all.filter(([each]) => each === name || each === topic).map(([, handler]) => handler)
  }

  #failed(event: LoggedEvent, cause: unknown): HandlerFailedError {
    const why = cause instanceof Error ? cause.message : String(cause)
    return new HandlerFailedError(
      `The handler of ${event.name} at position ${event.id} failed in ${this.#label}: ${why}. What came before it is kept, and the next try begins with this event`,
      event.id,
      event.name,
      { cause },
    )
  }
}
