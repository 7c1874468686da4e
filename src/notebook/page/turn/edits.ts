/** The files of a lesson as the learner has them. Each keystroke is kept. */
import { type Files, solutionOf, startOf } from '../../judge/files'
import { keep, kept } from '../common/keep'

/** What a learner had before beginning again. */
export interface Former {
  /** When it was put aside, in milliseconds. */
  readonly at: number
  readonly files: Files
  /** It came with a link. */
  readonly isFromLink?: boolean
}

export interface Edits {
  readonly files: Files
  /** What they started from. An author may have changed it since. */
  readonly from: Files
  /** The newest first. */
  readonly former: readonly Former[]
}

const FORMER = 20

/** What is kept of a lesson; what it starts from, where that is nothing. */
export function editsOf(lesson: number): Edits {
  const { files, from, former } = Object(kept(nameOf(lesson)))
  const all = Array.isArray(former) ? former : []
  const start = startOf(lesson)
  const edited = readFiles(files) ?? start
  const base = readFiles(from) ?? start
  // What nobody has touched, an author may change.
  const isTouched = !same(edited, base)
  return {
    files: isTouched ? edited : start,
    from: isTouched ? base : start,
    former: all.flatMap((each) => {
      const { at, files, isFromLink } = Object(each)
      const read = readFiles(files)
      return read && typeof at === 'number' ? [{ at, files: read, isFromLink: isFromLink === true }] : []
    }),
  }
}

/** Whether they are kept now. */
export function keepEdits(lesson: number, { files, from, former }: Edits): boolean {
  if (former.length === 0 && same(files, startOf(lesson))) return keep(nameOf(lesson), undefined)
  return keep(nameOf(lesson), {
    files: [...files],
    from: [...from],
    former: former.map((each) => ({ ...each, files: [...each.files] })),
  })
}

/** Other files in the place of these, which become former ones unless they can be had again anyway. */
export function replaced({ files, former }: Edits, by: Files, lesson: number, at: number): Edits {
  const others = former.filter((each) => !same(each.files, by) && !same(each.files, files))
  const start = startOf(lesson)
  const isNew = !same(files, by) && !same(files, start)
  return { files: by, from: start, former: isNew ? [{ at, files }, ...others].slice(0, FORMER) : others }
}

/** With files that came with a link among the former ones, unless they are here already. */
export function asideWith(edits: Edits, files: Files, at: number): Edits {
  const { former } = edits
  if ([edits, ...former].some((each) => same(each.files, files))) return edits
  return { ...edits, former: [{ at, files, isFromLink: true }, ...former].slice(0, FORMER) }
}

/** The file that there is something to do in. */
export function firstOf(lesson: number, files: Files): string {
  const [start, solution] = [startOf(lesson), solutionOf(lesson)]
  const changes = [...start.keys()].find((name) => start.get(name) !== solution.get(name))
  return changes !== undefined && files.has(changes) ? changes : ([...files.keys()][0] ?? '')
}

export const same = (one: Files, other: Files): boolean =>
  one.size === other.size && [...one].every(([name, text]) => other.get(name) === text)

export const nameOf = (lesson: number): string => `turn/${lesson}`

/** Undefined, if that is not what was kept by this page. */
function readFiles(files: unknown): Files | undefined {
  const isFile = (each: unknown) =>
    Array.isArray(each) && each.length === 2 && each.every((part) => typeof part === 'string')
  return Array.isArray(files) && files.length > 0 && files.every(isFile) ? new Map(files) : undefined
}
