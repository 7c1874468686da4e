/** What is said of a log in words: which one it is, and why there is none. `code` stands between backticks. */
import type { Notebook } from '../../../course/notebook'
import type { Before } from '../../history'
import type { OfStore } from '../../log-of'

type Store = OfStore['store']

/** How the log of a store is called: as the schools that are on it. */
export const nameOf = (store: Store): string => store ?? 'school'

const inCode = (store: Store): string =>
  nameOf(store)
    .split(' and ')
    .map((name) => `\`${name}\``)
    .join(' and ')

/**
 * Which log is shown, and why.
 *
 * @param latest in which something has happened last
 * @param cell the one that has saved then, such as `cell 2`
 */
export const whichLog = (store: Store, latest: Store, cell: string): string =>
  store === latest
    ? `This is the log of ${inCode(store)}, because ${cell} was the last to save, and saved there. The others can be opened:`
    : `You have opened the log of ${inCode(store)}. The last to save was ${cell}, in that of ${inCode(latest)}.`

/** What is said of the events that no cell of the timeline has recorded. */
export const sourceOf = (before: Before | undefined): string =>
  before?.of === undefined ? 'brought in' : `saved on timeline ${before.of}`

/** The cell that recorded an event was cut off: whether the store with its events is in this browser. */
export type Cut = 'here' | 'elsewhere'

/** Why what is kept does not say the state: a cell has made the store, in memory, or a class. */
export type NeedsCells = 'store' | 'class'

/** Why the state at an event is not known yet, and what makes it known; undefined: nothing does here. */
export function whyNoState(
  cut: Cut | undefined,
  needs?: NeedsCells,
): { readonly why: string; readonly offer?: string } {
  if (cut === 'here')
    return {
      why: 'The cell that recorded this was cut off, and its events are in the database. To go on after them:',
      offer: 'Read them from there',
    }
  if (cut === 'elsewhere')
    return {
      why: 'The cell that recorded this was cut off, so it is not played again, and the database with its events is not in this browser: a link does not carry it.',
    }
  const offer = 'Run them'
  if (needs === 'store')
    return { why: 'A cell made this store in memory, so the state is known when the cells have run again.', offer }
  if (needs === 'class')
    return { why: 'A cell has a class in it, so the state is known when the cells have run again.', offer }
  return { why: 'The state is known when the cells have run again.', offer }
}

/** Whether its cells save something: what does not go through a school is in variables only. */
const saves = ({ pieces }: Notebook): boolean => pieces.some(({ cell }) => cell?.text.includes('school.'))

/** Why a log is empty. */
export function whyEmpty(lesson: Notebook | undefined, lessons: readonly Notebook[]): string {
  if (!lesson || saves(lesson)) return 'Nothing is saved yet. Run a cell: what it saves appears here.'
  const next = lessons.find((each) => each.number > lesson.number && saves(each))
  return `Nothing is saved in this lesson${next ? `: saving begins in lesson ${next.number}` : ''}.`
}
