/** What Escape does: it closes what is open, or else stops what runs. */
import { useEffect } from 'preact/hooks'

/** A menu, a question, or what says what something is: it closes by itself. */
export const isSomethingOpen = (): boolean =>
  document.querySelector(':is(:popover-open, dialog[open], details:is(.menu, .what)[open])') !== null

/** Wherever the focus is, also in an editor, which keeps its keys: whoever wants to stop something may not find the button in time. */
export function useEscape(stop: () => void): void {
  useEffect(() => {
    const pressed = ({ key }: KeyboardEvent) => key === 'Escape' && !isSomethingOpen() && stop()
    addEventListener('keydown', pressed, true)
    return () => removeEventListener('keydown', pressed, true)
  })
}
