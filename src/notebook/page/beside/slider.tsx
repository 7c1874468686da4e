/** A slider over the positions of the log: what is beside it shows that moment. At its end, it shows the present. */
import type { LogEntry } from '../../run'
import { KeysSwitch, useKeys } from '../common/single-keys'
import { What } from '../common/what'

interface Properties {
  readonly log: readonly LogEntry[]
  /** How many events have happened there. */
  readonly at: number
  readonly go: (at: number) => void
  /** Whether there is another timeline to go to. */
  readonly hasTimelines: boolean
}

export function Slider({ log, at, go, hasTimelines }: Properties) {
  const last = log.length
  const move = (by: number) => go(Math.min(last, Math.max(0, at + by)))
  const areOn = useKeys({ '[': () => move(-1), ']': () => move(1) })
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would need a legend that is seen
    <div class="slider" role="group" aria-label="A position of the log">
      <Step name="One event back" sign="◂" keys={areOn ? '[' : undefined} isOver={at === 0} step={() => move(-1)} />
      <input
        type="range"
        min={0}
        max={last}
        value={at}
        aria-label="Position"
        aria-valuetext={at === last ? `${at}, the end of the log` : `${at} of ${last}`}
        onInput={({ currentTarget }) => go(Number(currentTarget.value))}
      />
      <Step
        name="One event forward"
        sign="▸"
        keys={areOn ? ']' : undefined}
        isOver={at === last}
        step={() => move(1)}
      />
      <span class="place" aria-hidden="true">
        {at === last ? `at ${at}, the end` : `at ${at} of ${last}`}
      </span>
      <KeysSwitch hasTimelines={hasTimelines} />
      <What name="the slider">
        It goes back to any event of the log. The cells, the state and the view show that moment; nothing runs for it,
        and at the end all is as before. A click on an event goes there too.
      </What>
    </div>
  )
}

interface StepProperties {
  readonly name: string
  readonly sign: string
  /** Undefined while it is switched off. */
  readonly keys: string | undefined
  readonly isOver: boolean
  readonly step: () => void
}

/** It can be focused where there is nowhere to go, so that whoever presses it does not lose the focus. */
const Step = ({ name, sign, keys, isOver, step }: StepProperties) => (
  <button
    type="button"
    class="step"
    title={keys ? `${name} (${keys})` : name}
    aria-label={name}
    aria-keyshortcuts={keys}
    aria-disabled={isOver}
    onClick={step}
  >
    <span aria-hidden="true">{sign}</span>
  </button>
)
