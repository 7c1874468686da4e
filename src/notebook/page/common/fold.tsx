/** A part beside the cells that is folded to its title where there is no room for it. Whoever opens or closes it has the last word. */
import type { ComponentChildren } from 'preact'
import { useEffect, useState } from 'preact/hooks'

interface Properties {
  readonly class: string
  readonly title: string
  /** What is said of it beside its title, also while it is closed. */
  readonly note: ComponentChildren
  /** Whether it is open until somebody says otherwise. */
  readonly hasRoom: boolean
  readonly children: ComponentChildren
}

export function Fold({ class: name, title, note, hasRoom, children }: Properties) {
  const [chosen, choose] = useState<boolean>()
  const isOpen = chosen ?? hasRoom
  return (
    <details
      class={`fold ${name}`}
      open={isOpen}
      // It is told of what it was drawn with, too.
      onToggle={({ currentTarget: { open } }) => open !== isOpen && choose(open)}
    >
      <summary>
        <h2>{title}</h2> <span class="lag">{note}</span>
      </summary>
      {children}
    </details>
  )
}

/** Whether the window is at least so high, and so wide that the log is beside the cells: the log itself needs room for some events. */
export function useRoomFor(height: `${number}rem`): boolean {
  const query = `(min-width: 60rem) and (min-height: ${height})`
  const [matches, setMatches] = useState(() => matchMedia(query).matches)
  useEffect(() => {
    const list = matchMedia(query)
    const changed = () => setMatches(list.matches)
    changed()
    list.addEventListener('change', changed)
    return () => list.removeEventListener('change', changed)
  }, [query])
  return matches
}
