/**
 * The learner's progress on disk: opened, read or written, and closed at once, so that the prompt and a checkpoint beside
 * it do not keep each other out. If it cannot be recorded, nothing else fails.
 */
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Progress } from '../course/progress'
import { Application, DatabaseLockedError } from '../index'
import { mySchool } from '../node/paths'
import { sqlite } from '../recorders/sqlite'

/** Where it is kept: a database like any other, which lesson 7 opens. */
export const progressFile = (): string => join(mySchool(), 'progress.db')

/** How far the learner is; undefined where it cannot be read. No lock is needed. */
export async function readProgress(): Promise<Progress | undefined> {
  if (!existsSync(mySchool())) return undefined
  return quietly(() => withProgress({ readOnly: true }, async (progress) => progress))
}

/** Records what the learner did: `recordProgress((progress) => progress.open(3))`. Gives the progress, if it could be kept. */
export async function recordProgress(change: (progress: Progress) => void): Promise<Progress | undefined> {
  return quietly(async () => {
    mkdirSync(mySchool(), { recursive: true })
    return withProgress({}, async (progress, course) => {
      change(progress)
      await course.save(progress)
      return progress
    })
  })
}

/** Somebody else may be writing at this very moment: it does not take long. */
async function quietly<T>(work: () => Promise<T>): Promise<T | undefined> {
  for (let tries = 0; tries < 8; tries++) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof DatabaseLockedError)) return undefined
      await sleep(25)
    }
  }
  return undefined
}

async function withProgress<T>(
  options: { readOnly?: boolean },
  use: (progress: Progress, course: Application) => Promise<T>,
): Promise<T> {
  const course = new Application(sqlite(progressFile(), options), { name: 'course' })
  try {
    const known = await course.repository.has(Progress, Progress.id)
    return await use(known ? await course.repository.get(Progress, Progress.id) : new Progress(), course)
  } finally {
    await course.close()
  }
}
