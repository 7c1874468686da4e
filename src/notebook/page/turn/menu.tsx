/** What else can be done with the files. It closes by Escape, by a choice, and when the focus goes elsewhere. */
import type { ComponentChildren } from 'preact'
import { useRef } from 'preact/hooks'

export function Menu({ children }: { readonly children: ComponentChildren }) {
  const details = useRef<HTMLDetailsElement>(null)
  const close = () => {
    if (details.current) details.current.open = false
  }
  const keys = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !details.current?.open) return
    event.stopPropagation()
    close()
    details.current.querySelector('summary')?.focus()
  }
  const left = ({ relatedTarget }: FocusEvent) => {
    if (relatedTarget && !details.current?.contains(relatedTarget as Node)) close()
  }
  return (
    <details ref={details} class="menu" onKeyDown={keys} onFocusOut={left}>
      <summary>
        More<span class="hidden"> for these files</span>
      </summary>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: a button is clicked by keyboard too */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: it hears the clicks of what is in it */}
      <div class="choices" onClick={close}>
        {children}
      </div>
    </details>
  )
}
