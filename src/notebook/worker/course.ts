/** The course as a page has it: its texts come with the page, and what the learner did is known until the page is closed. */
import type { Course } from '../../course/course'
import { type Notebook, readNotebook } from '../../course/notebook'
import { Progress } from '../../course/progress'
import { Refusal } from '../../repl/session/refusal'

const texts: Record<string, string> = import.meta.glob('../../../lessons/*/lesson.md', {
  query: '?raw',
  import: 'default',
  eager: true,
})

const notebooks: readonly Notebook[] = Object.values(texts)
  .map(readNotebook)
  .sort((one, other) => one.number - other.number)

export function courseOnPage(): Course {
  const progress = new Progress()
  return {
    lessons: notebooks.map(({ number, title }) => ({ number, title })),
    notebook(lesson) {
      const found = notebooks.find(({ number }) => number === lesson)
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
    record: async (change) => change(progress),
  }
}

/** Whatever would touch the learner's folder. */
export function noFiles(): never {
  throw new Refusal('There are no files on this page.', 'In a terminal: npm start')
}
