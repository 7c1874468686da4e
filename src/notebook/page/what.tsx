/** Says in a sentence what something is for, to whoever asks. */
import type { ComponentChildren } from 'preact'

/** @param name such as `the slider` */
export const What = ({ name, children }: { readonly name: string; readonly children: ComponentChildren }) => (
  <details class="what">
    <summary>
      <span aria-hidden="true">?</span>
      <span class="hidden">What is {name}?</span>
    </summary>
    <p>{children}</p>
  </details>
)
