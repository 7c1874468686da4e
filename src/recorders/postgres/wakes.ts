/**
 * Wakes followers when another process has recorded events: by NOTIFY at once, and by looking now and then, for when a
 * pooler stands between, a connection was cut, or the notification was lost with its process.
 *
 * It is sent after the commit, in a transaction of its own: a NOTIFY in the transaction would make all commits on the
 * server wait for one another. Appends of one moment share one.
 */
import type { Watchers } from '../../port/watchers'
import type { Server } from './server'
import type { Names } from './tables'

/** A notification is not worth waiting for the disk: without this, its commit would hold up those of appends. */
const notify = "SELECT set_config('synchronous_commit', 'off', true), pg_notify($1, $2)"

/** One look may be stuck, on a connection or behind a lock; more would take the connections of others. */
const LOOKS = 2

/** Of appends that follow one another closely, one notification in so many milliseconds tells. */
const APART = 2

export class Wakes {
  readonly #server: Server
  readonly #watchers: Watchers
  readonly #newest: string
  readonly #channel: string
  readonly #pause: number
  /** What our own notifications say: those who watch here know already. */
  readonly #own = crypto.randomUUID()
  #sending: Promise<unknown> | undefined
  #isDue = false
  #isClosed = false
  #timer: NodeJS.Timeout | undefined
  #looks = 0
  #seen = ''
  #stop: (() => Promise<void>) | undefined
  #isListening = false

  /** @param channel the name of the notifications @param pause between two looks, in milliseconds */
  constructor(server: Server, names: Names, channel: string, watchers: Watchers, pause: number) {
    this.#server = server
    this.#watchers = watchers
    this.#newest = `SELECT max(notification_id) FROM ${names.events}`
    this.#channel = channel
    this.#pause = pause
  }

  /** Events were recorded here. */
  tell(): void {
    this.#watchers.wake()
    this.#isDue = true
    this.#sending ??= this.#send()
  }

  async #send(): Promise<void> {
    while (this.#isDue && !this.#isClosed) {
      this.#isDue = false
      // Who listens looks now and then as well.
      await this.#server.tell(notify, [this.#channel, this.#own], 0).catch(() => {})
      await new Promise((resolve) => setTimeout(resolve, APART))
    }
    this.#sending = undefined
  }

  /** Somebody waits for events: from now on, those of other processes are heard. */
  start(): void {
    if (this.#timer || this.#isClosed) return
    this.#timer = setInterval(() => void this.#look(), this.#pause)
    void this.#listen()
  }

  /** Nobody waits any more. */
  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
    const stop = this.#stop
    this.#stop = undefined
    void stop?.().catch(() => {})
  }

  async #listen(): Promise<void> {
    if (this.#isListening || !this.#timer) return
    this.#isListening = true
    try {
      const lost = () => {
        this.#isListening = false
      }
      const stop = await this.#server.listen(this.#channel, (from) => from !== this.#own && this.#watchers.wake(), lost)
      if (!this.#timer) return void (await stop())
      this.#stop = stop
      // What was recorded before it listened.
      this.#watchers.wake()
    } catch {
      this.#isListening = false
    }
  }

  async #look(): Promise<void> {
    void this.#listen()
    if (this.#looks === LOOKS) return
    this.#looks++
    try {
      const [[newest] = []] = await this.#server.tell(this.#newest, [], 0)
      if (newest !== this.#seen) this.#watchers.wake()
      this.#seen = newest ?? ''
    } catch {
      // The server is away: next time.
    } finally {
      this.#looks--
    }
  }

  async close(): Promise<void> {
    await this.#sending
    this.#isClosed = true
    this.stop()
  }
}
