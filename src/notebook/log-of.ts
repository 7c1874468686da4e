/** The logs of a timeline: there is one for each store in which something has happened. */
import type { Played, Timeline } from './history'
import type { LogEntry } from './run'

/** That of the store in which something happened last; see `LogEntry.store`. An aggregate is called there as it was called last. */
export function logOf({ runs, before }: Timeline): LogEntry[] {
  const all = [...(before?.events ?? []), ...runs.flatMap(({ outcome }) => outcome?.events ?? [])]
  const log = all.filter(({ store }) => store === all.at(-1)?.store)
  const names = new Map(log.map(({ aggregateId, who }) => [aggregateId, who]))
  return log.map((entry) => ({ ...entry, who: names.get(entry.aggregateId) ?? entry.who }))
}

/** The position of its last event. */
export const lastOf = (timeline: Timeline): number => logOf(timeline).at(-1)?.position ?? 0

/** What these runs have appended to a log, and not to another one. */
export const eventsIn = (runs: readonly Played[], log: readonly LogEntry[]): LogEntry[] =>
  runs.flatMap(({ outcome }) => outcome?.events ?? []).filter(({ store }) => store === log[0]?.store)
