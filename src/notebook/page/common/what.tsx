/** Says in a sentence what something is for, to whoever asks: one at a time, until Escape. */
import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'

/** @param name such as `the slider` */
export function What({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  const details = useRef<HTMLDetailsElement>(null)
  useEffect(() => {
    // Whoever asks first whether something is open finds it so.
    const pressed = ({ key }: KeyboardEvent) => {
      if (key === 'Escape' && details.current) details.current.open = false
    }
    addEventListener('keydown', pressed)
    return () => removeEventListener('keydown', pressed)
  }, [])
  return (
    <details ref={details} class="what" name="what">
      <summary>
        <span aria-hidden="true">?</span>
        <span class="hidden">What is {name}?</span>
      </summary>
      <p>{children}</p>
    </details>
  )
}
