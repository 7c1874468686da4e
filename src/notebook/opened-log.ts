/** Which log the reader has opened: it stays open until something runs, also on another timeline and when the page is loaded again. */
import { currentOf, type History } from './history'
import { type OfStore, storesOf } from './log-of'

/** The log that is open on the current timeline; undefined: that in which something happened last. */
export function openedIn(history: History): OfStore | undefined {
  const { current, opened } = history
  const isThere = opened?.timeline === current && storesOf(currentOf(history)).includes(opened.store)
  return isThere ? { store: opened.store } : undefined
}

/** The history with this log open on the current timeline; undefined: that in which something happened last. */
export function withOpened({ opened: _, ...history }: History, log: OfStore | undefined): History {
  if (!log) return history
  const { store } = log
  return { ...history, opened: { timeline: history.current, ...(store !== undefined && { store }) } }
}
