/** Keys that work anywhere on the page but where one types. Whoever speaks to the browser instead of typing can switch them off. */
import { useEffect, useRef, useState } from 'preact/hooks'
import { keep, kept } from './keep'

const NAME = 'single-keys'
let areOn = kept(NAME) !== false
const hearers = new Set<(areOn: boolean) => void>()

function turn(on: boolean): void {
  areOn = on
  keep(NAME, on ? undefined : false)
  for (const hear of hearers) hear(on)
}

/** Does what belongs to a key, unless they are switched off; returns whether they are on. */
export function useKeys(keys: Readonly<Record<string, () => void>>): boolean {
  const [isOn, setOn] = useState(areOn)
  // Two presses may come before the page is drawn again: the second goes on from where the first went.
  const newest = useRef(keys)
  newest.current = keys
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const { key, ctrlKey, metaKey, altKey, target } = event
      const work = Object.hasOwn(newest.current, key) ? newest.current[key] : undefined
      // On some keyboards, AltGr makes these signs: it is Ctrl and Alt.
      if (!areOn || !work || metaKey || ctrlKey !== altKey || event.defaultPrevented || isTyping(target)) return
      event.preventDefault()
      work()
    }
    addEventListener('keydown', pressed)
    hearers.add(setOn)
    return () => {
      removeEventListener('keydown', pressed)
      hearers.delete(setOn)
    }
  }, [])
  return isOn
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    target.matches('textarea, select, input:not([type=range], [type=checkbox], [type=radio])'))

/** Switches them on and off, here and the next time. Which there are is said of those that do something. */
export function KeysSwitch({ hasTimelines }: { readonly hasTimelines: boolean }) {
  const isOn = useKeys({})
  return (
    <label class="keys">
      <input type="checkbox" checked={isOn} onChange={({ currentTarget }) => turn(currentTarget.checked)} />
      <span>
        Keys: <kbd>[</kbd> back, <kbd>]</kbd> forward
        {hasTimelines && (
          <>
            , <kbd>t</kbd> other timeline
          </>
        )}
      </span>
    </label>
  )
}
