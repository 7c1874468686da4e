/**
 * A log that is somewhere else, as a notification log reads it.
 *
 * It is followed by long polls: a question for the newest position is answered when there is another one. A stream of
 * events (SSE) would save a request a wake, but long polls pass every proxy and serverless host, need no second form of
 * answer, and let the follower say when it can take more. While somebody follows, reads wait for a connection that was
 * lost, instead of failing.
 */
import { LogChangedError, RemoteLogError } from '../errors'
import type { LogSource, Notification, NotificationQuery } from '../port/recorder'
import { mustBeWhole } from '../refusals'
import { type Asking, type Budget, fetched } from './fetched'
import { type Asked, type LogState, quoted, rowsOf, stateOf } from './wire'

export interface SourceOptions extends Omit<Asking, 'signal'> {
  /** The application whose log it is. */
  readonly name: string
  /** In bytes, of the answers to one call. */
  readonly maxBytes: number
  /** How long an answer may wait for news, in milliseconds. */
  readonly wait: number
  /** The pause after a failure, in milliseconds; doubled after each further one, up to 50 times as long. */
  readonly retryDelay: number
  readonly onProblem: (problem: Error) => void
}

/** No log is as long. */
const furthest = 10 ** 15 - 1

export class RemoteSource implements LogSource {
  readonly #url: string
  readonly #options: SourceOptions
  readonly #watchers = new Set<{ wake(): void }>()
  /** While somebody watches. */
  #following: AbortController | undefined
  #id: string | undefined
  /** The newest position that was seen. */
  #position = 0
  /** The problem of this outage was reported. */
  #isDown = false

  constructor(url: string, options: SourceOptions) {
    this.#url = url
    this.#options = options
  }

  async notifications(query: NotificationQuery = {}): Promise<Notification[]> {
    const { start = 1, stop = Infinity, limit = Infinity, topics, as = 'text' } = query
    mustBeWhole({ start, stop, limit })
    const rows: Notification[] = []
    const budget = { bytes: this.#options.maxBytes }
    let last = stop
    for (let next = Math.max(1, start), isCut = true; isCut; ) {
      const asked: Asked = { start: next, stop: last, limit: limit - rows.length, ...(topics && { topics }) }
      if (asked.start > Math.min(asked.stop, furthest) || asked.limit < 1 || topics?.length === 0) break
      const answer = await this.#read(`notifications?${parameters(asked)}`, budget)
      // What is recorded while this is read is not a part of it.
      last = Math.min(last, answer.state.position)
      const section = rowsOf(answer.content, asked, as)
      for (const row of section.rows) rows.push(row)
      next = (rows.at(-1)?.id ?? next) + 1
      isCut = section.isCut
    }
    return rows
  }

  async maxNotificationId(): Promise<number> {
    return (await this.#read('position')).state.position
  }

  async logId(): Promise<string> {
    return (await this.#read('position')).state.log_id
  }

  watch(wake: () => void): () => void {
    const added = { wake }
    this.#watchers.add(added)
    if (!this.#following) {
      this.#following = new AbortController()
      void this.#poll(this.#following.signal)
    }
    return () => {
      this.#watchers.delete(added)
      if (this.#watchers.size > 0) return
      this.#following?.abort()
      this.#following = undefined
    }
  }

  /** Waits for news, and wakes all when there are some. */
  async #poll(signal: AbortSignal): Promise<void> {
    const { wait } = this.#options
    let known = this.#position
    for (let failures = 0, waits = true; !signal.aborted; ) {
      const begun = Date.now()
      const isHasty = () => Date.now() - begun < Math.min(wait, 1000) / 2
      try {
        const { state } = await this.#ask(`position?after=${known}&wait=${waits ? wait : 0}`, { signal, waits })
        const isNews = state.position !== known
        known = state.position
        if (isNews) this.#wake()
        // One that has no news although it did not wait would be asked without end.
        if (waits && !isNews && isHasty()) await this.#pause(failures++, signal)
        else if (waits) {
          failures = 0
          this.#isDown = false
        }
        waits = true
      } catch (error) {
        if (signal.aborted) return
        // After a while without one, this is another outage.
        if (waits && !isHasty()) this.#isDown = false
        // Who reads now is told why.
        if (isTemporary(error)) this.#report(error)
        else this.#wake()
        await this.#pause(failures++, signal)
        waits = false
      }
    }
  }

  #report(problem: RemoteLogError): void {
    if (!this.#isDown) this.#options.onProblem(problem)
    this.#isDown = true
  }

  #wake(): void {
    for (const { wake } of [...this.#watchers]) void Promise.resolve().then(wake)
  }

  async #read(question: string, budget: Budget = { bytes: this.#options.maxBytes }) {
    const { bytes } = budget
    for (let failures = 0; ; failures++) {
      try {
        return await this.#ask(question, { budget })
      } catch (error) {
        if (!this.#following || !isTemporary(error)) throw error
        this.#report(error)
        // What came of the broken answer does not count.
        budget.bytes = bytes
        await this.#pause(failures, this.#following.signal)
      }
    }
  }

  async #ask(question: string, { budget = { bytes: this.#options.maxBytes }, signal, waits }: Question) {
    const { wait, timeout } = this.#options
    const known = this.#position
    const asking = { ...this.#options, timeout: waits ? wait + timeout : timeout, signal }
    const content = await fetched(`${this.#url}/${question}`, asking, budget)
    return { content, state: this.#recognised(stateOf(content), known) }
  }

  /** @param known the newest position that was known when the question was asked */
  #recognised(state: LogState, known: number): LogState {
    if (state.name !== this.#options.name)
      throw new LogChangedError(
        `${this.#url} has the log of ${quoted(state.name)}, not of '${this.#options.name}': check its address, or the name that remoteLog() was given`,
      )
    this.#id ??= state.log_id
    if (state.log_id !== this.#id)
      throw new LogChangedError(
        `${this.#url} has another log than before: what came of the former one has to be made anew. Then open this one with remoteLog()`,
      )
    // A page that ends before the position it was asked for would be taken for all there is up to there.
    if (state.position < known)
      throw new LogChangedError(
        `The log at ${this.#url} ends at position ${state.position}, but went up to ${known} before: it was cut, or one of several servers is behind the others. Restore it, or open it with remoteLog() again and make anew what came of it`,
      )
    this.#position = Math.max(this.#position, state.position)
    return state
  }

  /** Ends early when nobody watches any longer. */
  #pause(failures: number, signal: AbortSignal): Promise<void> {
    const longest = this.#options.retryDelay * Math.min(2 ** failures, 50)
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer)
        signal.removeEventListener('abort', end)
        resolve()
      }
      const timer = setTimeout(end, longest * (0.5 + Math.random() / 2))
      signal.addEventListener('abort', end)
      if (signal.aborted) end()
    })
  }
}

interface Question {
  readonly budget?: Budget | undefined
  readonly signal?: AbortSignal
  readonly waits?: boolean
}

const isTemporary = (error: unknown): error is RemoteLogError => error instanceof RemoteLogError && error.isTemporary

function parameters({ start, stop, limit, topics = [] }: Asked): string {
  const given = Object.entries({ start, stop, limit }).filter(([, value]) => value <= furthest)
  const pairs = [...given, ...topics.map((topic) => ['topic', topic] as const)]
  return pairs.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')
}
