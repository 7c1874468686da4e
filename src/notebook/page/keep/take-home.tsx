/** At the end of the course: what the reader can take along, and where to go on. */
import { useMemo } from 'preact/hooks'
import { currentOf, type History } from '../../history'
import { Actions } from './actions'
import './take-home.css'
import type { LessonKeeper } from './lesson-keeper'
import { Told, useTelling } from './telling'

interface Properties {
  readonly keeper: LessonKeeper
  readonly history: History
}

export function TakeHome({ keeper, history }: Properties) {
  const actions = useMemo(() => new Actions(keeper), [keeper])
  const telling = useTelling()
  const { runs, before } = currentOf(history)
  const isEmpty = runs.length === 0 && !before
  const act = (work: () => Promise<string>) => () => telling.tell(work())
  return (
    <section class="take-home" aria-labelledby="take-home">
      <h2 id="take-home">Take it home</h2>
      <ul>
        <li>
          <button type="button" onClick={act(() => actions.download())}>
            Your files
          </button>
          <span>
            What you wrote in the exercises: the folder <code>my-school/</code>, in a zip.
          </span>
        </li>
        <li>
          <button type="button" disabled={isEmpty || !keeper.mayChange} onClick={act(() => actions.save())}>
            The log
          </button>
          <span>The database of this lesson, for any program that reads SQLite.</span>
        </li>
        <li>
          <button type="button" disabled={isEmpty} onClick={act(() => actions.copyLink())}>
            A link
          </button>
          <span>This lesson with all that you ran, and your files if they fit, in an address.</span>
        </li>
      </ul>
      <Told {...telling} />
      <p>
        And then? A school of your own. The two files of this lesson are a whole service: put what happens in your work
        in the place of dogs and tricks.
      </p>
    </section>
  )
}
