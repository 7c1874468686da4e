/** What is said of a log in words: which one it is, and why there is none. `code` stands between backticks. */
import type { Notebook } from '../../course/notebook'
import type { LogEntry } from '../run'

type Store = LogEntry['store']

const named = (store: Store): string =>
  (store ?? 'school')
    .split(' and ')
    .map((name) => `\`${name}\``)
    .join(' and ')

/**
 * Which log is shown, and why; undefined where there is only that of `school`.
 *
 * @param others in which something has happened as well
 * @param cell the one that has saved last, such as `cell 2`
 */
export function whichLog(store: Store, others: readonly Store[], cell: string | undefined): string | undefined {
  if (store === undefined && others.length === 0) return undefined
  const all = store === undefined || others.includes(undefined) ? others : [...others, undefined]
  const why = cell === undefined ? '' : `, because ${cell} was the last to save, and saved there`
  const rest = all.map((each) => `of ${named(each)}`).join(', and ')
  return `This is the log of ${named(store)}${why}. There ${all.length > 1 ? 'are others' : 'is another'}, ${rest}.`
}

/** Whether its cells save something: what does not go through a school is in variables only. */
const saves = ({ pieces }: Notebook): boolean => pieces.some(({ cell }) => cell?.text.includes('school.'))

/** Why a log is empty. */
export function whyEmpty(lesson: Notebook | undefined, lessons: readonly Notebook[]): string {
  if (!lesson || saves(lesson)) return 'Nothing is saved yet. Run a cell: what it saves appears here.'
  const next = lessons.find((each) => each.number > lesson.number && saves(each))
  return `Nothing is saved in this lesson${next ? `: saving begins in lesson ${next.number}` : ''}.`
}
