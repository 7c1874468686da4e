/** What is said of what a line has recorded, where that is not known yet, or cannot be shown. */
import { problem, type Reply, text } from './reply'
import { isOnServer, type Store } from './store'

export const stopped = (store: Store): Reply =>
  problem(
    'Stopped.',
    `What it had recorded by then is recorded; .events shows it.${isOnServer(store) ? ' What is on its way to the server may still be recorded, even later.' : ''}`,
  )

export const notFinal = (position: number): Reply =>
  text(
    `Recorded, at position ${position}. It is shown a moment after another program has ended the transaction that it has open on the server: until then, it may still record something before it.`,
  )

export const notRecorded = problem(
  'The store is open for reading only, so nothing was recorded.',
  'To record, start without --read-only; or try it on a copy: .fork',
)
