/** A history that came from outside is read as what it should be, or refused: the page counts on all of this. */
import { cellsOf, type History, type Played, type Timeline } from '../../history'
import type { Files } from '../../judge/files'
import type { Lesson } from '../../lessons'
import type { OpenedLog, Stop } from '../../remembered'
import type { LogEntry, Outcome, Shown } from '../../run'
import { named } from '../turn/names'
import { broken, unpacked } from './link'
import { list, object, oneOf, orNull, type Shape, table, text, truth, whole, yes } from './shape'

const count = whole(0, 1_000_000)

const entry: Shape<LogEntry> = object<LogEntry>(
  {
    position: whole(1, Number.MAX_SAFE_INTEGER),
    version: whole(1, Number.MAX_SAFE_INTEGER),
    name: text,
    aggregateId: text,
    who: text,
    payload: text,
    piece: count,
    store: text,
  },
  'store',
)

const shown: Shape<Shown> = object<Shown>({
  tone: oneOf('code', 'value', 'printed', 'news', 'plain', 'problem'),
  text,
})

const outcome: Shape<Outcome> = object<Outcome>(
  { shown: list(shown), asks: truth, events: list(entry), repeats: yes, isCut: yes },
  'repeats',
  'isCut',
)

const run: Shape<Played> = object<Played>(
  {
    piece: count,
    code: text,
    ends: list(count),
    guess: text,
    seed: whole(0, 2 ** 32 - 1),
    time: whole(0, 8.64e15),
    outcome,
  },
  'code',
  'ends',
  'guess',
  'outcome',
)

/** What was brought in is in no link. */
const timeline: Shape<Omit<Timeline, 'before'>> = object<Omit<Timeline, 'before'>>(
  { name: text, runs: list(run), from: object({ timeline: text, runs: count }) },
  'from',
)

const history: Shape<History> = object<History>(
  {
    lesson: count,
    hash: text,
    timelines: list(timeline),
    current: text,
    drafts: table(orNull(text)),
    stops: list(object<Stop>({ store: text, position: whole(0, Number.MAX_SAFE_INTEGER) }, 'store')),
    opened: object<OpenedLog>({ timeline: text, store: text }, 'store'),
  },
  'stops',
  'opened',
)

/** A file of an exercise: its name, and what it holds. */
const file: Shape<readonly [string, string]> = (value) => {
  const [name, code, ...others] = list(text)(value)
  if (name === undefined || code === undefined || others.length > 0) throw new TypeError('it is not a file')
  must('name' in named(name, []), 'its files have wrong names')
  return [name, code]
}

/** What is in a link. */
export interface InLink {
  readonly history: History
  /** What was written in its exercise. */
  readonly files: Files | undefined
}

/** Reads what is in a link. @throws LinkError, which says what is wrong with it */
export async function readLink(link: string, lesson: Lesson): Promise<InLink> {
  const value = await unpacked(link)
  try {
    const read = history(value)
    const { files } = Object(value)
    if (read.lesson !== lesson.number) throw new TypeError(`it is of lesson ${read.lesson}`)
    mustFit(read, read.hash === lesson.hash ? cellsOf(lesson.pieces) : undefined)
    return { history: read, files: files === undefined ? undefined : new Map(list(file)(files)) }
  } catch (cause) {
    throw broken(cause)
  }
}

/** @param cells the pieces of the lesson that have a cell, if it is a history of the same text */
function mustFit({ timelines, current }: History, cells: readonly number[] | undefined): void {
  const names = timelines.map(({ name }) => name)
  must(new Set(names).size === names.length && names.includes(current), 'its timelines have wrong names')
  for (const [begun, { runs, from }] of timelines.entries()) {
    const left = from && names.slice(0, begun).includes(from.timeline) && from.runs <= runs.length
    must(!from || left, 'a timeline has left none of those before it')
    must(!cells || runs.every(({ piece }, at) => piece === cells[at]), 'its runs are not those of the lesson')
    must(
      runs.every(({ outcome }, at) => outcome && (!outcome.asks || at === runs.length - 1)),
      'a run has no outcome',
    )
    const last = new Map<string | undefined, number>()
    for (const { position, store } of runs.flatMap(({ outcome }) => outcome?.events ?? [])) {
      must(position > (last.get(store) ?? 0), 'its log is not in order')
      last.set(store, position)
    }
  }
}

function must(fits: boolean | undefined, what: string): void {
  if (!fits) throw new TypeError(what)
}
