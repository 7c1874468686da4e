/** The log beside the cells: every event, grouped by the cell that recorded it. */
import { useEffect, useState } from 'preact/hooks'
import type { LogEntry } from '../protocol'
import { placeOf } from './address'
import { TypeScript } from './code'

/** The name of an entry on the page. */
export const idOf = (position: number | ''): string => `event-${position}`

interface Properties {
  readonly log: readonly LogEntry[]
  /** Entries behind this position are new. */
  readonly seen: number
  readonly cellName: (piece: number) => string
}

export function Log({ log, seen, cellName }: Properties) {
  const [isOpen, setOpen] = useState(false)
  const store = log[0]?.store
  const groups: LogEntry[][] = []
  for (const entry of log) {
    const last = groups.at(-1)
    if (last && last[0]?.piece === entry.piece) last.push(entry)
    else groups.push([entry])
  }
  // Whoever is sent to an entry finds the log open.
  useEffect(() => {
    const sent = (event: MouseEvent) => placeOf(event)?.startsWith(idOf('')) && setOpen(true)
    addEventListener('click', sent)
    return () => removeEventListener('click', sent)
  }, [])
  return (
    <aside class={isOpen ? 'open' : ''} aria-labelledby="log-title">
      <div class="log-head">
        <h2 id="log-title">Log</h2>
        <p class="came" aria-live="polite">
          {whatCame(log, seen)}
        </p>
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
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard */}
      <section id="log" class="entries" tabIndex={0} aria-label="Events">
        {store !== undefined && (
          <p class="empty">
            This is the store that <code>{store}</code> stands on. The one of <code>school</code> is another.
          </p>
        )}
        {log.length === 0 && (
          <p class="empty">Nothing has happened yet. An event appears here when a cell saves one.</p>
        )}
        {groups.map((group) => {
          const [{ piece, position }] = group as [LogEntry]
          return (
            <div key={position} class="group">
              <h3>{piece === undefined ? 'before' : cellName(piece)}</h3>
              <ol start={position}>
                {group.map((entry) => (
                  <Entry key={entry.position} entry={entry} isNew={entry.position > seen} />
                ))}
              </ol>
            </div>
          )
        })}
      </section>
    </aside>
  )
}

/** A payload that is longer than a line of the log can be opened. */
const LONG = 40

function Entry({ entry, isNew }: { readonly entry: LogEntry; readonly isNew: boolean }) {
  const { position, name, who, version, payload } = entry
  return (
    <li id={idOf(position)} class={isNew ? 'entry new' : 'entry'} value={position} tabIndex={-1}>
      <span class="position">
        <span class="hidden">event </span>
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

/** `event 5, TrickAdded: fido v3` */
function whatCame(log: readonly LogEntry[], seen: number): string {
  const fresh = log.filter(({ position }) => position > seen)
  const [first, last] = [fresh[0], fresh.at(-1)]
  if (!first || !last) return log.length === 0 ? 'no events' : `${log.length} events, nothing new`
  const those = first === last ? '' : `events ${first.position} to ${last.position}; the last: `
  return `${those}event ${last.position}, ${last.name}: ${last.who} v${last.version}`
}
