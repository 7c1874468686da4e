/** What was done in another text of a lesson: its code, what it showed and what it recorded, to be read beside the new text. */
import { currentOf, type History } from '../../history'
import type { Files } from '../../judge/files'
import { logOf } from '../../log-of'
import { Output } from '../cells/output'

interface Properties {
  readonly history: History
  /** Of the exercise, if they came with it. */
  readonly files?: Files | undefined
}

/** What it was called then, nobody knows. */
const CELL = 'the cell'

export function Earlier({ history, files }: Properties) {
  const timeline = currentOf(history)
  const log = logOf(timeline)
  const when = timeline.runs.at(-1)?.time
  return (
    <details class="earlier">
      <summary>
        {timeline.runs.length} {timeline.runs.length === 1 ? 'cell' : 'cells'}
        {when !== undefined && `, last run on ${new Date(when).toLocaleDateString('en', { dateStyle: 'long' })}`}
      </summary>
      {timeline.runs.map(({ seed, code, outcome }) => (
        <div key={seed} class="steps">
          {code !== undefined && <Output shown={{ tone: 'code', text: code }} by={CELL} entries={[]} />}
          {outcome?.shown
            .filter(({ tone }) => code === undefined || tone !== 'code')
            .map((shown, at) => (
              <Output key={at} shown={shown} by={CELL} entries={[]} />
            ))}
        </div>
      ))}
      {log.length > 0 && (
        <ol>
          {log.map(({ position, name, who, version, payload }) => (
            <li key={position} value={position}>
              {name}{' '}
              <span class="who">
                {who} v{version}
              </span>{' '}
              <code>{payload}</code>
            </li>
          ))}
        </ol>
      )}
      {[...(files ?? [])].map(([name, code]) => (
        <div key={name} class="steps">
          <p>
            <code>{name}</code>
          </p>
          <Output shown={{ tone: 'code', text: code }} by={CELL} entries={[]} />
        </div>
      ))}
    </details>
  )
}
