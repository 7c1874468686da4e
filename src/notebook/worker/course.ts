/** The course as a page has it: its texts come with the page, and what the learner did is known until the page is closed. */
import type { Course } from '../../course/course'
import { Progress } from '../../course/progress'
import { Refusal } from '../../repl/session/refusal'
import { lessons } from '../lessons'

/** @param apart does work that is no part of the run which goes */
export function courseOnPage(apart: <T>(work: () => Promise<T>) => Promise<T>): Course {
  const progress = new Progress()
  return {
    lessons,
    notebook(lesson) {
      const found = lessons.find(({ number }) => number === lesson)
      if (!found) throw new Refusal(`There is no lesson ${lesson}.`)
      return found
    },
    open: noFiles,
    check: noFiles,
    hint: noFiles,
    difference: noFiles,
    reset: noFiles,
    progressFile: 'this page',
    progress: async () => progress,
    record: (change) => apart(async () => change(progress)),
  }
}

/** Whatever would touch the learner's folder. */
export function noFiles(): never {
  throw new Refusal('There are no files on this page.', 'In a terminal: npm start')
}
