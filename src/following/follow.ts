/**
 * Follows a log: first what it holds, by pages, then what is recorded, as soon as it is.
 *
 * Everything that reads on stands on this: loops of your own, views, process applications. A page never divides a
 * position, so whoever remembers the position of a page misses nothing and sees nothing twice.
 */
import { ClosedError, CorruptEventError, type EventSourcingError, LogChangedError, UnknownTopicError } from '../errors'
import type { LoggedEvent } from '../events/event'
import {
  chosen,
  type FollowableLog,
  type Followed,
  type FollowedTopic,
  mustBeFollowable,
  mustReach,
} from './followable'
import { othersTurn } from './turns'

export interface FollowOptions<T extends FollowedTopic = FollowedTopic> {
  /** Only events at later positions: the last `position` of an earlier follower; 0 by default, for all. */
  readonly after?: number | undefined
  /** Only events with one of these topics, in their present form. An empty array selects none. */
  readonly topics?: readonly T[] | undefined
  /** Ends the following when it is aborted. The loop ends as if there were no more events. */
  readonly signal?: AbortSignal | undefined
  /** The log that `after` belongs to. Another one is refused. */
  readonly logId?: string | undefined
  /** How many positions are read, and held in memory, at a time; 1000 by default. */
  readonly limit?: number | undefined
}

/** What was read at once: all events, of those that are followed, up to a position. There may be none. */
export interface Page<E = LoggedEvent> {
  readonly events: readonly E[]
  readonly position: number
  /** The newest position when this was read, to show how far there is to go. */
  readonly newest: number
}

/**
 * Follows this log: see `Application.follow`.
 *
 * @throws TypeError for options that mean nothing
 */
export const follow = <T extends FollowedTopic = never>(
  log: FollowableLog,
  options: FollowOptions<T> = {},
): Following<Followed<T>> => new Following(log, options as FollowOptions)

const done = { done: true, value: undefined } as const

/** The events of a log as they come: an iterator for one loop. */
export class Following<E extends LoggedEvent = LoggedEvent> implements AsyncIterator<E, undefined>, AsyncIterable<E> {
  readonly #log: FollowableLog
  readonly #logId: string | undefined
  readonly #signal: AbortSignal | undefined
  readonly #size: number
  readonly #asked: ReturnType<typeof chosen>[1]
  readonly #wants: (event: LoggedEvent) => boolean
  #position: number
  /** Everything up to here was read. */
  #read: number
  #newest = -1
  #page: Page<E> | undefined
  /** That of the log when the page was read; undefined where nobody can be forgotten. */
  #generation: string | undefined
  /** The index of the next event of the page. */
  #next = 0
  /** Takes its turn after the calls of `next` before it. */
  #turn: Promise<unknown> | undefined
  #leave: (() => void) | undefined
  #isOver = false
  /** There may be new events. */
  #isDue = true
  #wake = (): void => undefined
  /** Ends the call that waits or reads. */
  #release = (): void => undefined

  /** @internal Use `follow`. */
  constructor(log: FollowableLog, { after = 0, topics, signal, logId, limit = 1000 }: FollowOptions) {
    if (!Number.isSafeInteger(after) || after < 0 || !Number.isSafeInteger(limit) || limit < 1)
      throw new TypeError(`follow() goes on after a position, by pages of 1 or more, not after ${after} by ${limit}`)
    mustBeFollowable(log)
    this.#log = log
    this.#logId = logId
    this.#signal = signal
    this.#size = limit
    ;[this.#wants, this.#asked] = chosen(topics)
    this.#position = this.#read = after
    signal?.addEventListener('abort', this.#end)
    if (signal?.aborted) this.#end()
  }

  /**
   * What to remember, for `after`, once the event at hand is dealt with. An event that was split is several entries at
   * one position: until the last of them, this is the position before.
   */
  get position(): number {
    return this.#position
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  /** The next event, as soon as there is one. */
  next(): Promise<IteratorResult<E, undefined>> {
    const isFresh = this.#generation === undefined
    if (!this.#turn && this.#page && isFresh) return Promise.resolve(this.#taken(this.#page))
    return this.#inTurn(() => this.#taking())
  }

  /** Ends the following, also while an event is waited for. */
  async return(): Promise<IteratorReturnResult<undefined>> {
    this.#end()
    return done
  }

  /**
   * The same by pages, for those who keep what they make of the events together with the position. Pages without
   * events come as well, because the position has moved on. Use either pages or events.
   */
  pages(): AsyncIterator<Page<E>, undefined> & AsyncIterable<Page<E>> {
    const next = () =>
      this.#inTurn<Page<E>>(async () => {
        const value = await this.#pull()
        if (value) this.#position = value.position
        return value ? { done: false, value } : done
      })
    return {
      next,
      return: () => this.return(),
      [Symbol.asyncIterator]() {
        return this
      },
    }
  }

  /** Waits for the calls before it; after one that failed, it is over. */
  #inTurn<T>(take: () => Promise<IteratorResult<T, undefined>>): Promise<IteratorResult<T, undefined>> {
    const turn = this.#turn ? this.#turn.then(take, () => done) : take()
    const passed = () => {
      if (this.#turn === turn) this.#turn = undefined
    }
    this.#turn = turn
    turn.then(passed, passed)
    return turn
  }

  async #taking(): Promise<IteratorResult<E, undefined>> {
    this.#refresh()
    while (!this.#page && !this.#isOver) {
      const page = await this.#pull()
      if (page?.events.length) this.#page = page
      else if (page) this.#position = page.position
    }
    return this.#page && !this.#isOver ? this.#taken(this.#page) : done
  }

  /** If somebody was forgotten since the page was read, the rest of it is read again; of an event that was split, no part. */
  #refresh(): void {
    const [next, before] = [this.#page?.events[this.#next], this.#page?.events[this.#next - 1]]
    if (!next || next.id === before?.id || this.#log.generation === this.#generation) return
    this.#page = undefined
    this.#next = 0
    this.#read = next.id - 1
  }

  #taken(page: Page<E>): IteratorYieldResult<E> {
    const value = page.events[this.#next++] as E
    const after = page.events[this.#next]
    if (!after) {
      this.#page = undefined
      this.#next = 0
      this.#position = page.position
    } else if (after.id !== value.id) this.#position = value.id
    return { done: false, value }
  }

  /** The next page, or undefined at the end, which may come while a page is read. */
  #pull(): Promise<Page<E> | undefined> {
    return new Promise((resolve, reject) => {
      this.#release = () => resolve(undefined)
      if (this.#isOver) return resolve(undefined)
      this.#leave ??= this.#log.watch(() => {
        this.#isDue = true
        this.#wake()
      })
      this.#reading().then(resolve, (error) => {
        const isClosed = this.#newest >= 0 && error instanceof ClosedError
        if (!isClosed && !this.#isOver) reject(error)
        this.#end()
      })
    })
  }

  async #reading(): Promise<Page<E> | undefined> {
    // There may be much to read, or whoever follows records more, and nothing to wait for.
    if (this.#newest >= 0) await othersTurn()
    while (this.#read >= this.#newest && !this.#isOver) {
      if (this.#isDue) await this.#look()
      else await new Promise<void>((wake) => (this.#wake = wake))
    }
    if (this.#isOver) return undefined
    this.#generation = this.#log.generation
    const start = this.#read + 1
    let stop = Math.min(this.#read + this.#size, this.#newest)
    for (;;) {
      try {
        const events = (await this.#log.select({ start, stop, ...this.#asked })).filter(this.#wants) as E[]
        this.#read = stop
        return { events, position: stop, newest: this.#newest }
      } catch (error) {
        if (!(error instanceof CorruptEventError || error instanceof UnknownTopicError)) throw error
        if (start === stop) throw at(start, error)
        // What comes before an event that cannot be read is found by smaller and smaller pages.
        stop = start + Math.floor((stop - start) / 2)
      }
    }
  }

  /** Asks how far the log is now. */
  async #look(): Promise<void> {
    this.#isDue = false
    if (this.#newest < 0 && this.#logId !== undefined) {
      const id = await this.#log.logId()
      if (id !== this.#logId)
        throw new LogChangedError(
          `This is log ${id}, but position ${this.#read} is one of log ${this.#logId}: open that one, or follow this from the start and make anew what came of the other`,
        )
    }
    this.#newest = await this.#log.max()
    mustReach(this.#newest, this.#read)
  }

  #end = (): void => {
    this.#isOver = true
    this.#page = undefined
    this.#leave?.()
    this.#signal?.removeEventListener('abort', this.#end)
    this.#wake()
    this.#release()
  }
}

/** The same error, with the position of the event. */
function at(position: number, error: EventSourcingError): Error {
  const Same = error.constructor as new (message: string, options: ErrorOptions) => Error
  return new Same(`Position ${position}: ${error.message}`, { cause: error })
}
