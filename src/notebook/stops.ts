/** Where views are stopped: of each log, one. They stay so on other timelines, in other workers, and when the page is loaded again. */
import { currentOf, type History } from './history'
import { logOf } from './log-of'
import type { Stop } from './remembered'

/** Where the view of the log of this store is stopped; undefined: it follows the log. */
export const stopIn = ({ stops = [] }: History, store: Stop['store']): number | undefined =>
  stops.find((each) => each.store === store)?.position

/** The history with the view of this log stopped here; undefined: it follows the log again. */
export function stoppedAt(history: History, store: Stop['store'], position: number | undefined): History {
  const others = (history.stops ?? []).filter((each) => each.store !== store)
  const stop: Stop[] = position === undefined ? [] : [{ position, ...(store !== undefined && { store }) }]
  return { ...history, stops: [...others, ...stop] }
}

/** On a shorter log than that which it was stopped in, a view has read all of it, and goes on from there. */
export function heldIn(history: History): History {
  const last = history.stops && logOf(currentOf(history)).at(-1)
  const at = last && stopIn(history, last.store)
  return last && at !== undefined && at > last.position ? stoppedAt(history, last.store, last.position) : history
}
