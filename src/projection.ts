/**
 * A view made from the log: follow the events, build what a reader wants to see, remember the position.
 *
 * A projection can be thrown away and built again at any time, because the log is the truth.
 */
import type { LoggedEvent, NotificationLog } from './notification-log'

/** How each event changes the view, by the event's name. Events without an entry are passed over. */
export type Handlers<V> = Readonly<Record<string, (view: V, event: LoggedEvent) => void>>

const page = 1000

export class Projection<V> {
  /** What has been built so far. */
  readonly view: V
  readonly #log: NotificationLog
  readonly #handlers: Handlers<V>
  #position = 0
  #running: Promise<void> | undefined

  constructor(log: NotificationLog, view: V, handlers: Handlers<V>) {
    this.#log = log
    this.view = view
    this.#handlers = handlers
  }

  /** The position of the last event that is in the view. */
  get position(): number {
    return this.#position
  }

  /**
   * Brings the view up to all that is recorded now, and gives it. Calls at the same time share the work.
   * If a handler throws, the position stays before its event, and the next call tries it again.
   */
  async catchUp(): Promise<V> {
    this.#running ??= this.#follow().finally(() => {
      this.#running = undefined
    })
    await this.#running
    return this.view
  }

  async #follow(): Promise<void> {
    for (;;) {
      const events = await this.#log.select({ start: this.#position + 1, limit: page })
      for (const event of events) {
        this.#handlers[event.name]?.(this.view, event)
        this.#position = event.id
      }
      if (events.length < page) return
    }
  }
}
