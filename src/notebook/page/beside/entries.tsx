/**
 * A part of the log as a list. A long log has many parts. One is drawn while it is near to what can be seen, and drawn again
 * only where the slider is or was: so a step costs the same, however long the log is.
 */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { LogEntry } from '../../run'
import { idOfEntry } from '../common/address'
import { TypeScript } from '../common/code'

/** The most entries of a part. A log of one part is always drawn. */
const most = 25

export const partsOf = (entries: readonly LogEntry[]): (readonly LogEntry[])[] =>
  Array.from({ length: Math.ceil(entries.length / most) }, (_, at) => entries.slice(at * most, (at + 1) * most))

interface Properties {
  readonly entries: readonly LogEntry[]
  /** Entries behind this position are new. */
  readonly seen: number
  /** The newest event where the slider is; undefined at the end. */
  readonly here: number | undefined
  /** This one can be seen, or is about to. */
  readonly inSight: number
}

export function Entries({ entries, seen, here, inSight }: Properties) {
  const [first, last] = [entries[0]?.position ?? 0, entries.at(-1)?.position ?? 0]
  const isWithin = (position: number) => position >= first && position <= last
  // Where the slider is before this part, or behind it, is all one.
  const place = here === undefined || here > last ? last + 1 : Math.max(here, first - 1)
  const list = useRef<HTMLOListElement>(null)
  const { isNear, height } = useNear(list)
  const isDrawn = isNear || last <= most || isWithin(inSight)
  return useMemo(
    () => (
      <ol ref={list} start={first}>
        {isDrawn ? (
          entries.map((entry) => (
            <Entry
              key={entry.position}
              entry={entry}
              isNew={entry.position > seen}
              isHere={entry.position === place && here !== undefined}
              isLater={entry.position > place}
            />
          ))
        ) : (
          <li class="undrawn" value={first} style={{ height: height ?? `${entries.length * 3.2}rem` }}>
            events {first} to {last}
          </li>
        )}
      </ol>
    ),
    [entries, isDrawn, seen, place],
  )
}

/** Whether a list is near to what can be seen; if it was and is no longer, how high it was. */
function useNear(list: { readonly current: HTMLElement | null }) {
  const [near, setNear] = useState<{ readonly isNear: boolean; readonly height?: number }>({ isNear: false })
  useEffect(() => {
    const element = list.current
    if (!element) return
    const observer = new IntersectionObserver(
      (changes) => {
        const isNear = changes.at(-1)?.isIntersecting ?? false
        // Whoever reads an entry by keyboard does not lose it.
        if (isNear || !element.contains(document.activeElement))
          setNear((before) => (before.isNear === isNear ? before : { isNear, height: element.offsetHeight }))
      },
      { root: element.closest('.entries'), rootMargin: '800px 0px' },
    )
    observer.observe(element)
    return () => observer.disconnect()
  }, [list])
  return near
}

/** A payload that is longer than a line of the log can be opened. */
const LONG = 40

interface EntryProperties {
  readonly entry: LogEntry
  readonly isNew: boolean
  readonly isHere: boolean
  readonly isLater: boolean
}

function Entry({ entry, isNew, isHere, isLater }: EntryProperties) {
  const { position, name, who, version, payload } = entry
  const classes = ['entry', isNew && 'new', isHere && 'here', isLater && 'not-yet'].filter(Boolean).join(' ')
  return (
    <li
      id={idOfEntry(position)}
      class={classes}
      value={position}
      tabIndex={-1}
      {...(isHere && { 'aria-current': 'true' })}
    >
      <span class="position">
        <span class="hidden">{isLater ? 'not yet: event ' : 'event '}</span>
        {position}
      </span>
      <span class="name">{name}</span>
      <span class="who">
        {who} <span class="version">v{version}</span>
      </span>
      {payload.length > LONG ? (
        <details class="payload" title={payload}>
          <summary>
            <code>
              <TypeScript code={payload} />
            </code>
          </summary>
        </details>
      ) : (
        <code class="payload">
          <TypeScript code={payload} />
        </code>
      )}
    </li>
  )
}
