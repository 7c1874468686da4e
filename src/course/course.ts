/**
 * The course as a sitting sees it: what the lessons say, and what the learner has done. `checkpoints/course-on-disk.ts`
 * reads and writes it.
 */
import type { Notebook } from './notebook'
import type { Progress } from './progress'
import type { From, Line } from './report'

export interface CourseLesson {
  readonly number: number
  readonly title: string
}

/** The learner's folder for a lesson. */
export interface Desk {
  /** As the learner would type it. */
  readonly folder: string
  readonly files: readonly string[]
  /** It was made just now. */
  readonly isNew: boolean
}

export interface Course {
  readonly lessons: readonly CourseLesson[]
  notebook(lesson: number): Notebook
  /** The learner's folder, made from the start of the lesson if it is not there. */
  open(lesson: number): Desk
  /** Judges the learner's folder, and remembers what came of it. */
  check(lesson: number): Promise<{ readonly passed: boolean; readonly lines: readonly Line[] }>
  /** A level of a hint; empty where there is none. */
  hint(lesson: number, id: string, level: number, from?: From): readonly Line[]
  /** From the learner's code to the solution, as a unified difference; empty if there is none. */
  difference(lesson: number): string
  /** Begins the lesson's folder anew, and gives the name under which the former one is kept. */
  reset(lesson: number): string
  /** Where that is kept, as the learner would type it. */
  readonly progressFile: string
  /** How far the learner is; undefined before the first step, and where it cannot be read. */
  progress(): Promise<Progress | undefined>
  /** Records what the learner did, if it can be kept. */
  record(change: (progress: Progress) => void): Promise<void>
}
