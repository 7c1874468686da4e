/** What is said below a cell that did not run, or not to its end. */
import type { Mistake } from '../../../repl/cells/cell'
import { mistakeSaid } from '../../../repl/render/mistake'
import type { Note } from './visit-state'

export const GONE = 'what runs the cells is not there; the top of the page says why'
const BEFORE = 'Everything here is as it was before this cell ran.'
export const STOPPED = `Stopped. ${BEFORE}`
export const died = (why: string) => `What ran this cell has ended by itself (${why}). ${BEFORE}`

/** What is said after that, if it had saved something; also alone, to whoever comes back. */
export const setAside = (timeline: string, count: number): string =>
  `The ${count === 1 ? 'event' : `${count.toLocaleString('en')} events`} that it had saved before it was stopped ${count === 1 ? 'is' : 'are'} on timeline ${timeline}.`

export const ABOVE = 'a cell above it cannot run'

/** What is wrong with code that can never begin to run. */
export function wrongIn(code: string, mistake: Mistake): string {
  const { where, source, mark, sentence, advice } = mistakeSaid(code, mistake)
  return [`${where}: ${sentence}`, `  ${source}`, `  ${mark}`, ...(advice === undefined ? [] : [advice])].join('\n')
}

const SAME =
  'It does the same again, so all that is shown still holds: it depends only on the cells above it, and they have not run since.'
/** What is said below a cell which would do what it did: it has not run, and what came of it late stands. */
export const sameAgain = (said: readonly Note[]): readonly Note[] => [
  ...said.filter(({ isLate }) => isLate),
  { tone: 'plain', text: SAME, isSame: true },
]
