/** Where the slider is. It is at the end of a timeline until somebody moves it. */
import { useMemo, useState } from 'preact/hooks'
import { currentOf, type History } from '../../history'
import { eventsIn, logOf, type OfStore, storesOf } from '../../log-of'
import { openedIn } from '../../opened-log'
import type { LogEntry } from '../../run'
import { type Moment, notOverAt } from './moment'

export interface Slid {
  /** Of the timeline that is shown. */
  readonly log: readonly LogEntry[]
  /** The stores of all its logs. */
  readonly stores: readonly OfStore['store'][]
  /** The last event of all of them: its log is shown if none is opened. */
  readonly latest: LogEntry | undefined
  /** The log that somebody has opened, until something runs. */
  readonly opened: OfStore | undefined
  readonly open: (store: OfStore['store']) => void
  /** How many of its events have happened there. */
  readonly at: number
  /** The cells that are not over there, by their pieces. */
  readonly later: ReadonlyMap<number, Moment>
  readonly go: (at: number) => void
  readonly toEnd: () => void
}

const none: ReadonlyMap<number, Moment> = new Map()

/** @param openLog opens a log; undefined: that in which something happened last */
export function useSlid(history: History, openLog: (log: OfStore | undefined) => void): Slid {
  const timeline = currentOf(history)
  const opened = useMemo(() => openedIn(history), [timeline, history.opened])
  const log = useMemo(() => logOf(timeline, opened), [timeline, opened])
  const stores = useMemo(() => storesOf(timeline), [timeline])
  const latest = useMemo(() => logOf(timeline).at(-1), [timeline])
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
    stores,
    latest,
    opened,
    open(store) {
      openLog(store === latest?.store ? undefined : { store })
      setSlid(undefined)
    },
    at,
    later,
    go: (to) => setSlid(to === log.length ? undefined : { in: here, at: to }),
    toEnd: () => setSlid(undefined),
  }
}
