/**
 * Decides what `school` is: the school of the course until one of the learner's has passed its checkpoint, then the learner's
 * school from the last lesson that was passed, loaded again after each edit.
 */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Aggregate, AggregateClass, Application, Recorder } from 'dog-school'
import { type Lesson, lessons, workspaceOf } from '../../checkpoints/folders'
import { unload } from '../../checkpoints/judging/load-answer'
import { progressFile, readProgress } from '../../checkpoints/progress-file'
import { editedAt } from '../../node/edited-at'

export interface School {
  readonly Dog: AggregateClass<Aggregate>
  readonly DogSchool: new (recorder?: Recorder) => Application
  /** The modules that they come from, without extension. */
  readonly file: { readonly dog: string; readonly school: string }
}

/** Whether there is a school in this folder. */
const hasSchool = (folder: string): boolean => existsSync(join(folder, 'dog-school.ts'))
const solutionOf = ({ folder }: Lesson): string => join(folder, 'solution')

/** The school that the lessons end with. */
export function kitSchool(): School {
  const last = lessons().map(solutionOf).findLast(hasSchool)
  if (last === undefined) throw new Error('No lesson has a dog-school.ts in its solution/: the prompt has no school.')
  return load(last)
}

/** The first school of the lessons: that one is in a single file. */
export function firstSchool(): School {
  const first = lessons().map(solutionOf).find(hasSchool)
  if (first === undefined) throw new Error('No lesson has a dog-school.ts in its solution/.')
  return load(first)
}

/** The learner's school. Reports a new one, or a new version of it. */
export class OwnSchool {
  #progressAt = -1
  #folder: string | undefined
  #editedAt = -1

  /** @returns the school, or why the learner's cannot be loaded; undefined if nothing is new */
  async news(): Promise<{ readonly folder: string; readonly school?: School; readonly problem?: string } | undefined> {
    const progressAt = editedAt(progressFile())
    if (progressAt !== this.#progressAt) {
      this.#progressAt = progressAt
      const folder = await passedFolder()
      if (folder !== this.#folder) this.#editedAt = -1
      this.#folder = folder
    }
    const folder = this.#folder
    if (folder === undefined) return undefined
    const newest = Math.max(...readdirSync(folder).map((name) => editedAt(join(folder, name))))
    if (newest === this.#editedAt) return undefined
    this.#editedAt = newest
    try {
      unload(folder)
      return { folder, school: load(folder) }
    } catch (error) {
      return { folder, problem: (error as Error).message.split('\n')[0] as string }
    }
  }
}

/** The learner's folder with the latest school that passed. */
async function passedFolder(): Promise<string | undefined> {
  const progress = await readProgress()
  const passed = lessons().findLast(
    (lesson) =>
      progress?.lesson(lesson.number).passed && hasSchool(solutionOf(lesson)) && hasSchool(workspaceOf(lesson)),
  )
  return passed && workspaceOf(passed)
}

/** Both classes may be in one file. */
function load(folder: string): School {
  const school = join(folder, 'dog-school')
  const apart = join(folder, 'dog')
  const dog = existsSync(`${apart}.ts`) ? apart : school
  const { Dog } = require(dog)
  const { DogSchool } = require(school)
  if (typeof DogSchool !== 'function' || typeof Dog !== 'function') throw new Error('Dog or DogSchool is not exported.')
  return { Dog, DogSchool, file: { dog, school } }
}
