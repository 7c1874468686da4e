/** What else can be done with the files. It closes by Escape, by a choice, and when the focus goes elsewhere. */
import type { ComponentChildren } from 'preact'
import { useRef } from 'preact/hooks'

export function Menu({ children }: { readonly children: ComponentChildren }) {
  const details = useRef<HTMLDetailsElement>(null)
  const close = () => {
    if (details.current) details.current.open = false
  }
  /** Before what was chosen is done: it may ask something, and gives the focus back afterwards to what had it then. */
  const chosen = () => {
    close()
    details.current?.querySelector('summary')?.focus()
  }
  const keys = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !details.current?.open) return
    event.stopPropagation()
    chosen()
  }
  const left = ({ relatedTarget }: FocusEvent) => {
    if (relatedTarget && !details.current?.contains(relatedTarget as Node)) close()
  }
  return (
    <details ref={details} class="menu" onKeyDown={keys} onFocusOut={left}>
      <summary>
        More<span class="hidden"> for these files</span>
      </summary>
      <div class="choices" onClickCapture={chosen}>
        {children}
      </div>
    </details>
  )
}
