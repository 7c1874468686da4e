/** Which log is shown, where a timeline has more than one, and what opens the others. */
import type { OfStore } from '../../log-of'
import type { LogEntry } from '../../run'
import { Sentence } from '../common/prose'
import { nameOf, whichLog } from './log-words'

type Store = OfStore['store']

interface Properties {
  /** Of all logs. */
  readonly stores: readonly Store[]
  /** That of the one that is shown. */
  readonly shown: Store
  /** The last event of all of them. */
  readonly latest: LogEntry | undefined
  readonly cellName: (piece: number) => string
  readonly open: (store: Store) => void
}

export function Which({ stores, shown, latest, cellName, open }: Properties) {
  const says = latest && stores.length > 1 ? whichLog(shown, latest.store, cellName(latest.piece)) : ''
  return (
    <>
      <p class="which" role="status">
        <Sentence text={says} />
      </p>
      {says !== '' && (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset would need a legend that is seen
        <div class="moves logs" role="group" aria-label="Logs">
          {stores.map((store) => (
            <button key={nameOf(store)} type="button" aria-pressed={store === shown} onClick={() => open(store)}>
              <span class="hidden">The log of </span>
              {nameOf(store)}
            </button>
          ))}
        </div>
      )}
    </>
  )
}
