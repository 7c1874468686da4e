/** The log beside the cells: every event, grouped by the cell that recorded it. */
import type { ComponentChildren } from 'preact'
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { LogEntry } from '../../run'
import { idOfEntry, placeOf } from '../common/address'
import { useRoom } from '../common/room'
import { Entries, partsOf } from './entries'

interface Properties {
  readonly log: readonly LogEntry[]
  /** How many of its events have happened. */
  readonly at: number
  /** Entries behind this position are new. */
  readonly seen: number
  /** What came last, or where the slider is, in words. */
  readonly says: string
  /** Whether that is new to whoever hears the page, and not what one has come back to. */
  readonly isNews: boolean
  /** Says which log it is, if there are others. */
  readonly which: ComponentChildren
  /** Why it is empty, if it is. */
  readonly whyEmpty: string
  readonly cellName: (piece: number) => string
  /** Moves the slider to where so many events have happened. */
  readonly go: (at: number) => void
  /** What is above and below the entries. */
  readonly above: ComponentChildren
  readonly below: ComponentChildren
  /** What is in its head besides. */
  readonly menu: ComponentChildren
}

export function Log({ log, at, seen, says, isNews, which, whyEmpty, cellName, go, above, below, menu }: Properties) {
  const [isOpen, setOpen] = useState(false)
  /** Somebody was sent to an entry of the log as it is. */
  const [wanted, setWanted] = useState<{ readonly in: Properties['log']; readonly position: number }>()
  const groups = useMemo(() => groupsOf(log), [log])
  const entries = useRef<HTMLElement>(null)
  const drawer = useRef<HTMLElement>(null)
  useRoom(drawer, '--drawer')
  // Whoever is sent to an entry finds the log open, and the entry drawn.
  useEffect(() => {
    const sent = (event: MouseEvent) => {
      const place = placeOf(event)
      if (!place?.startsWith(idOfEntry(''))) return
      setOpen(true)
      setWanted({ in: log, position: Number(place.slice(idOfEntry('').length)) })
    }
    addEventListener('click', sent)
    return () => removeEventListener('click', sent)
  }, [log])
  const here = at < log.length ? (log[at - 1]?.position ?? 0) : undefined
  // What has come last is in sight, and stays there when what is around the list takes more room, or less.
  const inSight = here ?? (wanted?.in === log ? wanted.position : (log.at(-1)?.position ?? 0))
  useLayoutEffect(() => {
    const list = entries.current
    if (!list) return
    show(list, inSight)
    const observer = new ResizeObserver(() => show(list, inSight))
    observer.observe(list)
    return () => observer.disconnect()
  }, [inSight, log])
  /** Goes to the moment of the event that was clicked, unless the click did something else. */
  const clicked = ({ target }: MouseEvent) => {
    const element = target as Element
    const entry = element.closest('summary, a') || getSelection()?.type === 'Range' ? null : element.closest('.entry')
    const index = log.findIndex(({ position }) => idOfEntry(position) === entry?.id)
    if (index >= 0) go(index + 1)
  }
  const digits = { '--digits': String(log.at(-1)?.position ?? 0).length }
  const list = log.length < few ? 'entries few' : 'entries'
  return (
    <aside ref={drawer} class={isOpen ? 'open' : ''} aria-labelledby="log-title">
      <div class="log-head">
        <h2 id="log-title">Log</h2>
        {menu}
        <p class="came" aria-live={isNews ? 'polite' : 'off'}>
          {says}
        </p>
        {which}
        <button
          type="button"
          class="toggle"
          aria-expanded={isOpen}
          aria-controls="log"
          onClick={() => setOpen(!isOpen)}
        >
          {isOpen ? 'Hide' : 'Show'}
        </button>
      </div>
      {above}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the slider below it goes there by keyboard */}
      <section id="log" ref={entries} class={list} style={digits} tabIndex={0} aria-label="Events" onClick={clicked}>
        {log.length === 0 && <p class="empty">{whyEmpty}</p>}
        {groups.map((group) => {
          const [{ piece, position }] = group[0] as [LogEntry]
          return (
            <div key={position} class="group">
              <h3>{piece === undefined ? 'before' : cellName(piece)}</h3>
              {group.map((part) => (
                <Entries key={part[0]?.position} entries={part} seen={seen} here={here} inSight={inSight} />
              ))}
            </div>
          )
        })}
      </section>
      {below}
    </aside>
  )
}

/** So many have room in the drawer in any case. */
const few = 4

/** The parts of the list, by the cells that recorded them. */
function groupsOf(log: readonly LogEntry[]): (readonly LogEntry[])[][] {
  const groups: LogEntry[][] = []
  for (const entry of log) {
    const last = groups.at(-1)
    if (last && last[0]?.piece === entry.piece) last.push(entry)
    else groups.push([entry])
  }
  return groups.map(partsOf)
}

/** Scrolls the list, and nothing around it, to an entry; before the first one, to the top. */
function show(list: HTMLElement, position: number): void {
  const entry = document.getElementById(idOfEntry(position))
  if (!entry) {
    list.scrollTop = 0
    return
  }
  const [inside, around] = [entry.getBoundingClientRect(), list.getBoundingClientRect()]
  if (inside.top < around.top) list.scrollTop -= around.top - inside.top
  else if (inside.bottom > around.bottom) list.scrollTop += inside.bottom - around.bottom
}
