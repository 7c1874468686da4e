/** Stored views for the contract: short to change, and all of what is there. */
import type { Recorder } from '../../port/recorder'
import type { ViewChange } from '../../port/view-store'

export const state = { form: '1', logId: 'log', build: 'first' }

/** The step of a view from one position to another. */
export const step = (
  after: number,
  position: number,
  rows: ViewChange['rows'] = [],
  more: Partial<ViewChange> = {},
): ViewChange => ({ view: 'tricks', ...state, after, position, rows, ...more })

/** Everything that can be read of a view. */
export const whole = async (recorder: Recorder, view = 'tricks') => [
  await recorder.viewState(view),
  await recorder.viewRows(view),
]
