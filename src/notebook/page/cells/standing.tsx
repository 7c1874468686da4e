/** How what a cell shows stands to the timeline and to its code, in words. */
import type { CellState } from './cell-state'

export const Standing = ({ isStale, staleOn, left, isDraft, hasRun, wasStopped, shown }: CellState) => (
  <>
    {isStale && (
      <p class="standing">
        <strong>Out of date:</strong> this is from {staleOn === undefined ? '' : `timeline ${staleOn}, `}
        before a cell above it ran again. It runs again when you run it, or a cell below it.
      </p>
    )}
    {left && (
      <p class="standing">
        Run again, so a new timeline begins here: a log of its own, which shares {shared(left.runs)} with timeline{' '}
        {left.timeline}. That one stays as it is.
      </p>
    )}
    {isDraft && <Edited hasRun={hasRun} wasStopped={wasStopped} isShown={shown.some(({ tone }) => tone !== 'code')} />}
  </>
)

interface EditedProperties {
  readonly hasRun: boolean
  readonly wasStopped: boolean
  /** Whether anything of the code before is shown. */
  readonly isShown: boolean
}

function Edited({ hasRun, wasStopped, isShown }: EditedProperties) {
  if (wasStopped) return isShown && <p class="standing">What is shown came of an earlier run, with other code.</p>
  return (
    <p class="standing">
      The code was edited {hasRun ? 'after it ran' : 'and has not run'}
      {isShown ? ': what is shown came of the code before.' : '.'}
    </p>
  )
}

const shared = (runs: number): string =>
  runs === 0 ? 'nothing' : runs === 1 ? 'the cell before' : `the ${runs} cells before`
