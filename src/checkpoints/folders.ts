/**
 * Where things are: the lessons of the kit, and the learner's copies of them below `my-school/`.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join, parse, relative, sep } from 'node:path'
import { type Hints, hintsFrom, readHint } from '../course/texts'
import { kit, lessonsFolder, mySchool } from '../node/paths'

/** Rules of this house, which nobody has told the learner, are not for the learner's code. */
export const learnersRules = {
  noImplicitOverride: false,
  noUncheckedIndexedAccess: false,
  exactOptionalPropertyTypes: false,
  noFallthroughCasesInSwitch: false,
} as const

export interface Lesson {
  readonly number: number
  /** `2-making-the-test-pass` */
  readonly name: string
  readonly folder: string
}

/** All of them, in their order. */
export function lessons(): readonly Lesson[] {
  const folder = lessonsFolder()
  return readdirSync(folder)
    .filter((name) => /^\d+-/.test(name))
    .map((name) => ({ number: Number.parseInt(name, 10), name, folder: join(folder, name) }))
    .sort((a, b) => a.number - b.number)
}

/** The learner's folder for a lesson; it may not be there yet. */
export const workspaceOf = ({ name }: Lesson): string => join(mySchool(), name)

/** Makes the learner's folder out of `start/`, if it is not there. What is there is never touched. */
export function openWorkspace(lesson: Lesson): { readonly folder: string; readonly isNew: boolean } {
  const folder = workspaceOf(lesson)
  if (existsSync(folder)) return { folder, isNew: false }
  // Made beside it and renamed, so that an interrupted copy is not taken for the learner's work.
  const unfinished = `${folder}.${process.pid}`
  mkdirSync(mySchool(), { recursive: true })
  tellEditors()
  cpSync(join(lesson.folder, 'start'), unfinished, { recursive: true })
  renameSync(unfinished, folder)
  return { folder, isNew: true }
}

/** Lets an editor see the learner's code as the checkpoint does. */
function tellEditors(): void {
  const file = join(mySchool(), 'tsconfig.json')
  if (existsSync(file)) return
  const own = relative(mySchool(), join(kit, 'tsconfig.json')).split(sep).join('/')
  const compilerOptions = { rootDir: parse(kit).root, ...learnersRules }
  writeFileSync(file, `${JSON.stringify({ extends: own, compilerOptions, include: ['.'] }, undefined, 2)}\n`)
}

/** A markdown file of the lesson; empty where there is none. */
export function textOf({ folder }: Lesson, name: string): string {
  const file = join(folder, name)
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}

/** The files of a folder by their names; none where there is no such folder. */
export const filesIn = (folder: string): Map<string, string> =>
  new Map(
    existsSync(folder)
      ? readdirSync(folder, { withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map(({ name }) => [name, readFileSync(join(folder, name), 'utf8')])
      : [],
  )

/** The lesson's hints. A file is read when its hint is asked for. */
export function hintsOf({ number, folder }: Lesson): Hints {
  const before = lessons().filter((each) => each.number < number)
  const levelsIn = (each: string, id: string) => {
    const file = join(each, 'hints', `${id}.md`)
    return existsSync(file) ? readHint(readFileSync(file, 'utf8')).levels : []
  }
  return hintsFrom(
    [folder, dirname(folder)],
    before.reverse().map((each) => each.folder),
    levelsIn,
  )
}
