/** A view beside the log: a projection with a position of its own, which can be stopped, lags behind, and catches up. */
import { useState } from 'preact/hooks'
import type { ViewMove, ViewShown } from '../../sights'
import { useAloud } from '../cells/aloud'
import { Fold, useRoomFor } from '../common/fold'
import { What } from '../common/what'

interface Properties {
  /** Undefined until the worker has said it. */
  readonly view: ViewShown | undefined
  /** It is that of an earlier position: the worker has not answered yet. */
  readonly isLate: boolean
  readonly move: (move: ViewMove) => void
  /** Whether the timelines are there, too. */
  readonly isBesideTimelines: boolean
}

export function View({ view, isLate, move, isBesideTimelines }: Properties) {
  const hasRoom = useRoomFor(isBesideTimelines ? '56rem' : '50rem')
  const [isUsed, setUsed] = useState(false)
  /** It was built again, and nothing was done with it since. */
  const [isRebuilt, setRebuilt] = useState(false)
  // While it follows the log, its position is that of the log, of which is said where it is.
  const says =
    view &&
    (view.follows ? 'The view follows the log' : `The view is stopped at ${view.position}, ${lagOf(view.behind)}`)
  const aloud = useAloud(says, says ?? '')
  if (!view) return null
  const { rows, more, position, behind, follows, problem } = view
  const lag = lagOf(behind)
  // One that follows the log, or has read it to its end, has no step to take.
  const isDone = follows || behind === 0
  const act = (how: ViewMove) => {
    setUsed(true)
    setRebuilt(how === 'rebuild')
    move(how)
  }
  return (
    <>
      <p class="hidden" role="status">
        {aloud}
      </p>
      <Fold
        class="view"
        title="View"
        note={
          <>
            {follows ? '' : 'stopped '}at {position}, <span class={behind > 0 ? 'behind' : ''}>{lag}</span>
          </>
        }
        hasRoom={isUsed || hasRoom}
      >
        {problem !== undefined && <p class="problem">It stopped: {problem}</p>}
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would need a legend that is seen */}
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard */}
        <div class="rows" role="group" aria-label="Rows of the view" aria-busy={isLate} tabIndex={0}>
          <table>
            <caption>A reader of the log that counts each dog’s tricks</caption>
            <thead class="hidden">
              <tr>
                <th scope="col">dog</th>
                <th scope="col">tricks</th>
              </tr>
            </thead>
            <tbody>
              {rows.map(([dog, tricks], at) => (
                <tr key={at}>
                  <th scope="row">{dog}</th>
                  <td class="number">{tricks}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {rows.length === 0 && <p class="empty">No dogs.</p>}
          {more > 0 && <p class="empty">… {more.toLocaleString('en')} more</p>}
        </div>
        <div class="moves">
          <button type="button" onClick={() => act(follows ? 'stop' : 'start')}>
            {follows ? 'Stop' : 'Follow'}
            <Its />
          </button>
          <button type="button" aria-disabled={isDone} onClick={() => isDone || act('step')}>
            Step
            <Its />
          </button>
          <button type="button" aria-disabled={isDone} onClick={() => isDone || act('catchUp')}>
            Catch up
            <Its />
          </button>
          <button type="button" onClick={() => act('rebuild')}>
            Rebuild
            <Its />
          </button>
          <span class="note" role="status">
            {isRebuilt && `Read again, from 1 to ${position}.`}
          </span>
          <What name="a view">
            It reads the log as it grows, and remembers how far it has read. Stop it, run a cell that saves, and let it
            catch up.
          </What>
        </div>
      </Fold>
    </>
  )
}

const lagOf = (behind: number): string =>
  behind === 0 ? 'up to date' : `${behind.toLocaleString('en')} ${behind === 1 ? 'event' : 'events'} behind`

/** There are other buttons of such names. */
const Its = () => <span class="hidden"> the view</span>
