/** Where the slider is. It is at the end of a timeline until somebody moves it. */
import { useMemo, useState } from 'preact/hooks'
import { currentOf, type History, type Timeline } from '../history'
import { eventsIn, logOf } from '../log-of'
import type { LogEntry } from '../run'
import { type Moment, notOverAt } from './moment'

export interface Slid {
  /** Of the timeline that is shown. */
  readonly log: readonly LogEntry[]
  /** The stores of its other logs: see `LogEntry.store`. */
  readonly others: readonly (string | undefined)[]
  /** How many of its events have happened there. */
  readonly at: number
  /** The cells that are not over there, by their pieces. */
  readonly later: ReadonlyMap<number, Moment>
  readonly go: (at: number) => void
  readonly toEnd: () => void
}

const none: ReadonlyMap<number, Moment> = new Map()

export function useSlid(history: History): Slid {
  const timeline = currentOf(history)
  const log = useMemo(() => logOf(timeline), [timeline])
  const others = useMemo(() => otherStoresOf(timeline, log), [timeline, log])
  const [slid, setSlid] = useState<{ readonly in: string; readonly at: number }>()
  const here = `${history.lesson} ${timeline.name}`
  const at = slid?.in === here ? Math.min(slid.at, log.length) : log.length
  const later = useMemo(() => {
    if (at === log.length) return none
    const runs = timeline.runs.map((run) => ({
      piece: run.piece,
      positions: eventsIn([run], log).map(({ position }) => position),
    }))
    return notOverAt(runs, log[at - 1]?.position ?? 0)
  }, [timeline, log, at])
  return {
    log,
    others,
    at,
    later,
    go: (to) => setSlid(to === log.length ? undefined : { in: here, at: to }),
    toEnd: () => setSlid(undefined),
  }
}

function otherStoresOf({ before, runs }: Timeline, log: readonly LogEntry[]): (string | undefined)[] {
  const all = [...(before?.events ?? []), ...runs.flatMap(({ outcome }) => outcome?.events ?? [])]
  const stores = new Set(all.map(({ store }) => store))
  stores.delete(log[0]?.store)
  return [...stores]
}
