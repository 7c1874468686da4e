/** A slider over the positions of the log: what is beside it shows that moment. At its end, it shows the present. */
import { useEffect, useRef } from 'preact/hooks'
import type { LogEntry } from '../run'

interface Properties {
  readonly log: readonly LogEntry[]
  /** How many events have happened there. */
  readonly at: number
  readonly go: (at: number) => void
}

export function Slider({ log, at, go }: Properties) {
  const last = log.length
  const move = (by: number) => go(Math.min(last, Math.max(0, at + by)))
  useKeys({ '[': () => move(-1), ']': () => move(1) })
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would need a legend that is seen
    <div class="slider" role="group" aria-label="A position of the log">
      <Step name="One event back" sign="◂" keys="[" isOver={at === 0} step={() => move(-1)} />
      <input
        type="range"
        min={0}
        max={last}
        value={at}
        aria-label="Position"
        aria-valuetext={at === last ? `${at}, the end of the log` : `${at} of ${last}`}
        onInput={({ currentTarget }) => go(Number(currentTarget.value))}
      />
      <Step name="One event forward" sign="▸" keys="]" isOver={at === last} step={() => move(1)} />
      <span class="place" aria-hidden="true">
        {at === last ? `at ${at}, the end` : `at ${at} of ${last}`}
      </span>
    </div>
  )
}

interface StepProperties {
  readonly name: string
  readonly sign: string
  readonly keys: string
  readonly isOver: boolean
  readonly step: () => void
}

/** It can be focused where there is nowhere to go, so that whoever presses it does not lose the focus. */
const Step = ({ name, sign, keys, isOver, step }: StepProperties) => (
  <button
    type="button"
    class="step"
    title={`${name} (${keys})`}
    aria-label={name}
    aria-keyshortcuts={keys}
    aria-disabled={isOver}
    onClick={step}
  >
    <span aria-hidden="true">{sign}</span>
  </button>
)

/** Keys that work anywhere on the page but where one types. */
export function useKeys(keys: Readonly<Record<string, () => void>>): void {
  // Two presses may come before the page is drawn again: the second goes on from where the first went.
  const newest = useRef(keys)
  newest.current = keys
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const { key, ctrlKey, metaKey, altKey, target } = event
      const work = Object.hasOwn(newest.current, key) ? newest.current[key] : undefined
      // On some keyboards, AltGr makes these signs: it is Ctrl and Alt.
      if (!work || metaKey || ctrlKey !== altKey || event.defaultPrevented || isTyping(target)) return
      event.preventDefault()
      work()
    }
    addEventListener('keydown', pressed)
    return () => removeEventListener('keydown', pressed)
  }, [])
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    target.matches('textarea, select, input:not([type=range], [type=checkbox], [type=radio])'))
