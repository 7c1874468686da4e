/** What is beside the cells: the log, its slider, and what can be seen at a position. */
import type { ComponentChildren } from 'preact'
import { useMemo, useRef, useState } from 'preact/hooks'
import { lessons } from '../../lessons'
import type { Stop } from '../../remembered'
import type { LogEntry } from '../../run'
import type { Place, Sights, ViewMove } from '../../sights'
import { saidThere, type There } from '../cells/said'
import type { Slid } from '../cells/slid'
import { useAsked } from '../common/asked'
import type { Lane } from './lanes'
import { Log } from './log'
import { whyEmpty } from './log-words'
import { Slider } from './slider'
import { State } from './state'
import { Timelines } from './timelines'
import { View } from './view'
import { Which } from './which'

interface Properties {
  readonly slid: Slid
  /** Entries behind this position are new. */
  readonly seen: number
  readonly cellName: (piece: number) => string
  /** See `Visit.look`. */
  readonly look: <T>(call: (calls: Sights) => Promise<T>) => Promise<T | undefined>
  /** Where the view of the log is stopped; undefined: it follows. */
  readonly stopped: number | undefined
  readonly stopView: (store: Stop['store'], position: number | undefined) => void
  readonly lanes: readonly Lane[]
  /** The name of the timeline that is shown. */
  readonly current: string
  readonly goTo: (timeline: string) => void
  /** The piece whose cell was cut off, if one was. */
  readonly cut: number | undefined
  /** Whether the cells have classes of their own: see `hasClasses`. */
  readonly hasClasses: boolean
  /** Whether the store with the events of this timeline is in this browser. */
  readonly isStored: boolean
  /** Makes a timeline of the events that are in the store. */
  readonly readBack: () => void
  readonly isReadOnly: boolean
  /** Its number. */
  readonly lesson: number
  /** What is in the head of the log besides. */
  readonly menu: ComponentChildren
}

export function Beside({
  slid: { log, stores, latest, open, at, go },
  seen,
  cellName,
  look,
  stopped,
  stopView,
  lanes,
  current,
  goTo,
  cut,
  hasClasses,
  isStored,
  readBack,
  isReadOnly,
  lesson,
  menu,
}: Properties) {
  const entry = log[at - 1]
  // Played again, the runs of this timeline can be asked again.
  const [plays, setPlays] = useState(0)
  const since = useMemo(() => ({ log, plays }), [log, plays])
  const state = useAsked((event) => look((calls) => calls.stateAt(placeOf(event))), entry, since)
  const isLate = state?.key !== entry
  const hasTimelines = lanes.length > 1 && lanes.some(({ log }) => log.length > 0)
  const view = useView(log, stopped, stopView, entry, look, since)
  const there = { lesson, timeline: lanes.length > 1 ? current : undefined, log, at, seen }
  const { says, isNews } = useSaid(there, isLate ? undefined : { sentence: state?.value?.says })
  const play = () => {
    goTo(current)
    setPlays(plays + 1)
  }
  return (
    <Log
      log={log}
      at={at}
      seen={seen}
      says={says}
      isNews={isNews}
      which={<Which stores={stores} shown={log[0]?.store} latest={latest} cellName={cellName} open={open} />}
      whyEmpty={whyEmpty(
        lessons.find(({ number }) => number === lesson),
        lessons,
      )}
      cellName={cellName}
      go={go}
      menu={menu}
      above={hasTimelines && <Timelines lanes={lanes} current={current} at={at} go={goTo} cellName={cellName} />}
      below={
        log.length > 0 && (
          <>
            <Slider log={log} at={at} go={go} hasTimelines={hasTimelines} />
            <View {...view} isBesideTimelines={hasTimelines} />
            <State
              entry={entry}
              state={state?.value}
              isLate={isLate}
              cut={cut === undefined || entry?.piece !== cut ? undefined : isStored ? 'here' : 'elsewhere'}
              needs={entry?.store !== undefined ? 'store' : hasClasses ? 'class' : undefined}
              readBack={isReadOnly ? undefined : readBack}
              play={isReadOnly ? undefined : play}
            />
          </>
        )
      }
    />
  )
}

const placeOf = ({ position, who, store }: LogEntry): Place => ({ position, who, store })

function useView(
  log: readonly LogEntry[],
  stopped: number | undefined,
  stop: Properties['stopView'],
  entry: LogEntry | undefined,
  look: Properties['look'],
  before: object,
) {
  const store = log[0]?.store
  const since = useMemo(() => ({ before, stopped }), [before, stopped])
  const position = log.length > 0 ? (entry?.position ?? 0) : undefined
  const answered = useAsked((at: number) => look((calls) => calls.viewAt(at, { store, stopped })), position, since)
  const move = (how: ViewMove) => {
    const moved = look((calls) => calls.moveView(how, { store, stopped }))
    // If it cannot be moved, it says so when it is looked at.
    moved.catch(() => undefined).then((now) => stop(store, now ? now.stopped : stopped))
  }
  return { view: answered?.value, isLate: answered?.key !== position, move }
}

/** @param known undefined while the worker has not said what happened: until then, nothing is said, rather than everything twice */
function useSaid(there: There, known: { readonly sentence: string | undefined } | undefined) {
  const before = useRef({
    now: { ...there, sentence: undefined as string | undefined },
    says: 'no events',
    isNews: false,
  })
  if (!known) return before.current
  const { now: last } = before.current
  const now = { ...there, ...known }
  if ((Object.keys(now) as (keyof typeof now)[]).every((each) => now[each] === last[each])) return before.current
  before.current = { now, ...saidThere(there, last, known.sentence) }
  return before.current
}
