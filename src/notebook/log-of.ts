/** The logs of a timeline: there is one for each store in which something has happened. */
import type { Played, Timeline } from './history'
import type { LogEntry } from './run'

/** A log, by its store: see `LogEntry.store`. */
export interface OfStore {
  readonly store: LogEntry['store']
}

const allIn = ({ runs, before }: Timeline): readonly LogEntry[] => [
  ...(before?.events ?? []),
  ...runs.flatMap(({ outcome }) => outcome?.events ?? []),
]

/** That of the store in which something happened last, or this one. An aggregate is called there as it was called last. */
export function logOf(timeline: Timeline, one?: OfStore): LogEntry[] {
  const all = allIn(timeline)
  const shown = one ?? all.at(-1)
  const log = all.filter(({ store }) => store === shown?.store)
  const names = new Map(log.map(({ aggregateId, who }) => [aggregateId, who]))
  return log.map((entry) => ({ ...entry, who: names.get(entry.aggregateId) ?? entry.who }))
}

/** The position of its last event. */
export const lastOf = (timeline: Timeline): number => logOf(timeline).at(-1)?.position ?? 0

/** The stores of all its logs: first, that of `school`, also if nothing has happened there. */
export const storesOf = (timeline: Timeline): OfStore['store'][] => [
  ...new Set([undefined, ...allIn(timeline).map(({ store }) => store)]),
]

/** What these runs have appended to a log, and not to another one. */
export const eventsIn = (runs: readonly Played[], log: readonly LogEntry[]): LogEntry[] =>
  runs.flatMap(({ outcome }) => outcome?.events ?? []).filter(({ store }) => store === log[0]?.store)
