/**
 * Moves a view on: reads the log by pages, runs the handlers of each position, and has kept what they did.
 */
import type { LoggedEvent } from '../events/event'
import { follow } from '../following/follow'
import type { FollowableLog } from '../following/followable'
import type { Handling } from './handlers'
import type { OwnCalls } from './own-calls'

/** A view with its position, as it is moved on. */
export interface Kept<V> {
  /** The last position whose events are in the view. */
  readonly position: number
  /** The handlers of the next position begin: what they get. */
  begin(): V
  /** All events up to this position are in the view. */
  passed(position: number): void
  /** Takes back what handlers did that failed. It may take back more, and its position says how much. */
  undo(): void
  /** Keeps what has been done, now and then, or at once at the end. */
  keep(isEnd: boolean): Promise<void> | void
}

/** A view that is built beside the present one. */
export interface Draft<V> {
  readonly kept: Kept<V>
  /** Puts it in place of the present one. */
  swap(): Promise<void> | void
}

export interface Moving<V> {
  readonly log: FollowableLog
  readonly handling: Handling<V>
  /** Notes whose handlers run. */
  readonly calls?: OwnCalls | undefined
  /** The last position to go to; without it, the newest one when this begins. */
  readonly to?: number | undefined
  /** Only one position that has handlers. */
  readonly one?: boolean
  /** Is asked between events. */
  readonly isEnough?: (() => boolean) | undefined
  /** Is told where the view is, and where it goes, after each page. */
  readonly onPage?: ((position: number, newest: number) => void) | undefined
  /** Is told whose handlers are awaited, and when they are done. */
  readonly onWait?: ((event?: LoggedEvent) => void) | undefined
}

export interface Moved {
  /** The position before. */
  readonly from: number
  /** With `one`, the events of the position whose handlers ran. */
  readonly step: readonly LoggedEvent[]
}

/**
 * Moves the view on.
 *
 * @throws HandlerFailedError: everything before that event is kept, and nothing of it
 */
export async function advance<V>(kept: Kept<V>, moving: Moving<V>): Promise<Moved> {
  const { log, handling, to = Number.POSITIVE_INFINITY, one, isEnough, onPage } = moving
  const newest = Math.min(to, await log.max())
  const from = kept.position
  let step: readonly LoggedEvent[] = []
  if (from < newest) {
    let isOver = false
    for await (const page of follow(log, { after: kept.position, topics: handling.topics }).pages()) {
      const { events } = page
      for (let at = 0, next = 0; at < events.length && !isOver; at = next) {
        const { id } = events[at] as LoggedEvent
        if (id > newest) break
        while (events[next]?.id === id) next++
        const done = run(kept, moving, events, at, next)
        if (done) await done
        if (one) step = events.slice(at, next)
        isOver = (one || isEnough?.()) ?? false
      }
      if (!isOver) kept.passed(Math.min(page.position, newest))
      await kept.keep(kept.position >= newest || isOver)
      onPage?.(kept.position, newest)
      isOver ||= kept.position >= newest || (isEnough?.() ?? false)
      if (isOver) break
    }
    // The pages end before the newest position only when the log was closed: then this throws.
    if (!isOver) await log.max()
  }
  await kept.keep(true)
  return { from, step }
}

/** Runs the handlers of one position, which has several events if one was split. Awaits only what has to be. */
function run<V>(
  kept: Kept<V>,
  moving: Moving<V>,
  events: readonly LoggedEvent[],
  at: number,
  next: number,
): Promise<void> | undefined {
  const { handling, calls, onWait } = moving
  const event = events[at] as LoggedEvent
  const apply = () => handling.apply(kept.begin(), events, at, next)
  try {
    const done = calls ? calls.run(apply) : apply()
    if (!done) {
      kept.passed(event.id)
      return undefined
    }
    onWait?.(event)
    return done.then(
      () => {
        onWait?.()
        kept.passed(event.id)
      },
      (error) => {
        onWait?.()
        return takeBack(kept, moving, event, error)
      },
    )
  } catch (error) {
    return takeBack(kept, moving, event, error)
  }
}

/** Leaves the view as it was before the event whose handler failed. */
async function takeBack<V>(kept: Kept<V>, moving: Moving<V>, { id }: LoggedEvent, error: unknown): Promise<never> {
  const before = kept.position
  const { log, handling, calls } = moving
  kept.undo()
  if (kept.position === before) kept.passed(id - 1)
  // The handlers of some events before run again. If one fails now, the next try begins there.
  else await advance(kept, { log, handling, calls, to: id - 1 }).catch(() => undefined)
  await kept.keep(true)
  throw error
}
