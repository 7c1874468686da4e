/** The course on the disk: the kit's lessons, the learner's folders, the learner's progress. */
import { readdirSync, renameSync } from 'node:fs'
import { join, relative } from 'node:path'
import { createTwoFilesPatch } from 'diff'
import type { Course } from '../course/course'
import { readNotebook } from '../course/notebook'
import { hintLines } from '../course/report'
import { check } from './check'
import { filesIn, hintsOf, type Lesson, lessons, openWorkspace, textOf, workspaceOf } from './folders'
import { progressFile, readProgress, recordProgress } from './progress-file'

/** @param from where the learner's paths are told from */
export function courseOnDisk(from: string): Course {
  const all = lessons()
  const find = (number: number): Lesson => all.find((each) => each.number === number) ?? (all[0] as Lesson)
  const short = (folder: string): string => relative(from, folder) || folder
  return {
    lessons: all.map((lesson) => readTitle(lesson)),
    notebook: (number) => readNotebook(textOf(find(number), 'lesson.md')),
    open(number) {
      const { folder, isNew } = openWorkspace(find(number))
      return { folder: short(folder), isNew, files: readdirSync(folder).sort() }
    },
    async check(number) {
      const { lines, verdict } = await check(find(number), { from: 'prompt' })
      return { lines, passed: verdict.outcome === 'passed' }
    },
    hint(number, id, level, from = 'prompt') {
      return hintLines({ hints: hintsOf(find(number)), level, lesson: number, from }, id).slice(1)
    },
    difference(number) {
      const lesson = find(number)
      const solution = filesIn(join(lesson.folder, 'solution'))
      const own = filesIn(openWorkspace(lesson).folder)
      const names = [...new Set([...solution.keys(), ...own.keys()])].filter((name) => name.endsWith('.ts')).sort()
      return names
        .filter((name) => solution.get(name) !== own.get(name))
        .map((name) => patch(name, own.get(name) ?? '', solution.get(name) ?? ''))
        .join('\n')
    },
    reset(number) {
      const folder = workspaceOf(find(number))
      const kept = `${folder}.until-${new Date().toISOString().slice(0, 19).replaceAll(':', '.')}`
      renameSync(folder, kept)
      openWorkspace(find(number))
      return short(kept)
    },
    progressFile: short(progressFile()),
    progress: readProgress,
    async record(change) {
      await recordProgress(change)
    },
  }
}

function readTitle(lesson: Lesson) {
  const [, title = lesson.name] = /^# \d+ · (.*)/.exec(textOf(lesson, 'lesson.md')) ?? []
  return { number: lesson.number, title }
}

/** A unified difference, without the two lines that tools put above it. */
function patch(name: string, before: string, after: string): string {
  const lines = createTwoFilesPatch(name, name, before, after, 'yours', 'solution', { context: 3 }).split('\n')
  return lines
    .filter((line) => !/^={3}|^Index: |^\\/.test(line))
    .join('\n')
    .trimEnd()
}
