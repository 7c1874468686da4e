/** What can be seen of a timeline that was kept, before any of its cells has run again. */
import type { Piece } from '../../../course/notebook'
import type { Timeline } from '../../history'
import type { Sights } from '../../sights'

/** Where its events are. */
export interface KeptLog {
  /** That of its store. */
  readonly folder: string
  /** See `hasClasses`. */
  readonly hasClasses: boolean
}

/** The store that was kept answers; what a state is, it cannot say where a cell has made a class for it. */
export const keptSights = (calls: Sights, { folder, hasClasses }: KeptLog): Sights => ({
  stateAt: async (event) => (hasClasses ? undefined : calls.stateAt({ ...event, folder })),
  viewAt: (position, view) => calls.viewAt(position, { ...view, folder }),
  moveView: (move, view) => calls.moveView(move, { ...view, folder }),
})

/** Whether a cell that ran on a timeline makes a class, or changes one: its events may mean something else to the classes that are there without it. */
export const hasClasses = ({ runs }: Timeline, pieces: readonly Piece[]): boolean =>
  runs.some(({ piece, code }) => /\b(class|prototype)\b/.test(code ?? pieces[piece]?.cell?.text ?? ''))
