/**
 * What was done in a lesson, as plain data that can be cloned and kept: its cells were run, some of them again.
 *
 * A lesson's state is a function of its runs: played again, they give the same events, to the byte. The runs of a timeline
 * are those of the lesson's cells from the first one on, in the order of the text, each once. Running a cell again begins
 * another timeline, which shares the runs before that cell; the one that is left stays as it is.
 */
import type { Piece } from '../course/notebook'
import { codeToRun } from './parts'
import type { OpenedLog, Stop } from './remembered'
import type { LogEntry, Outcome, Run } from './run'

export interface Played extends Run {
  readonly outcome?: Outcome
}

export interface Timeline {
  readonly name: string
  readonly runs: readonly Played[]
  /** The timeline that it left, and how many runs the two of them share. */
  readonly from?: { readonly timeline: string; readonly runs: number }
  /** What was there before its first run. */
  readonly before?: Before
}

/** A database. Its store stays as it is; the events are of no piece, -1. `of`: it was in the store of this timeline; without, it was brought in. */
export type Before = { readonly store: string; readonly events: readonly LogEntry[]; readonly of?: string }

export interface History {
  readonly lesson: number
  /** Of the lesson's text: see `hashOf`. */
  readonly hash: string
  /** In the order in which they were begun. There is always one. */
  readonly timelines: readonly Timeline[]
  /** The name of the one that the page shows. */
  readonly current: string
  /** What was typed into a cell and has not run yet, by its piece; null stands for the lesson's own code. */
  readonly drafts: Readonly<Record<number, string | null>>
  readonly stops?: readonly Stop[]
  readonly opened?: OpenedLog
}

/** What is to be played, in order, on a timeline that has no outcome of it yet. Nothing is, where it is known what would come of it. */
export interface Plan {
  readonly on: Timeline
  readonly runs: readonly Run[]
}

export const begun = (lesson: number, hash: string): History => ({
  lesson,
  hash,
  timelines: [{ name: '1', runs: [] }],
  current: '1',
  drafts: {},
})

/** The timeline of this name. */
export function timelineOf({ timelines }: History, name: string): Timeline {
  const found = timelines.find((each) => each.name === name)
  if (!found) throw new RangeError(`There is no timeline '${name}': there is ${timelines.map((each) => each.name)}`)
  return found
}

export const currentOf = (history: History): Timeline => timelineOf(history, history.current)

/** The run of this cell on the current timeline. */
export const runOf = (history: History, piece: number): Played | undefined =>
  currentOf(history).runs.find((run) => run.piece === piece)

/** Runs that the current timeline does not have, by their pieces, from the nearest timeline that it left: they are stale. */
export function staleOf(history: History): ReadonlyMap<number, Played> {
  const stale = new Map<number, Played>()
  const seen = new Set<string>()
  for (let timeline: Timeline | undefined = currentOf(history); timeline && !seen.has(timeline.name); ) {
    seen.add(timeline.name)
    for (const run of timeline.runs) if (!stale.has(run.piece)) stale.set(run.piece, run)
    timeline = timeline.from && timelineOf(history, timeline.from.timeline)
  }
  for (const { piece } of currentOf(history).runs) stale.delete(piece)
  return stale
}

/** What a cell would run now; undefined: the lesson's own code. */
export function codeOf(history: History, piece: number): string | undefined {
  const draft = history.drafts[piece]
  if (draft !== undefined) return draft ?? undefined
  return (runOf(history, piece) ?? staleOf(history).get(piece))?.code
}

/** Whether its question was answered, on whatever timeline: its answer is no secret then. */
export const isAnswered = ({ timelines }: History, piece: number): boolean =>
  timelines.some(({ runs }) => wholeOf(runs).some((run) => run.piece === piece && run.outcome?.asks === false))

/** Puts what was typed into a cell; null for the lesson's own code. Nothing of it runs. */
export function edited(history: History, piece: number, code: string | null): History {
  const { [piece]: _, ...others } = history.drafts
  const ran = runOf(history, piece) ?? staleOf(history).get(piece)
  return { ...history, drafts: (ran?.code ?? null) === code ? others : { ...others, [piece]: code } }
}

/**
 * Plans to run a cell, after those before it that the current timeline does not have. If it has this one, it is run again:
 * on a new timeline, which shares the runs before it. See `againAt`.
 *
 * @param chance gives the seed and the time of a run
 */
export function running(
  history: History,
  pieces: readonly Piece[],
  piece: number,
  chance: () => Pick<Run, 'seed' | 'time'>,
): Plan {
  const cells = cellsOf(pieces)
  const at = cells.indexOf(piece)
  if (at < 0) throw new RangeError(`There is no cell in piece ${piece} of lesson ${history.lesson}`)
  const current = currentOf(history)
  if (at < current.runs.length) {
    const on = againAt(history, pieces, at)
    if (on === current) return { on, runs: [] }
    const [run, before] = [runOfCell(history, pieces, piece, chance), current.runs[at]]
    // Its answer is still below.
    return { on, runs: [before?.outcome?.asks ? run : answered(run, pieces, before)] }
  }
  const { on, runs } = goingOn(history)
  const missing = cells.slice(on.runs.length + runs.length, at)
  return {
    on,
    runs: [
      ...runs,
      ...missing.map((each) => answered(runOfCell(history, pieces, each, chance), pieces, staleOf(history).get(each))),
      runOfCell(history, pieces, piece, chance),
    ],
  }
}

/** What comes before the next cell. */
function goingOn(history: History): Plan {
  const current = currentOf(history)
  // A question that waits is answered by going on.
  if (waitingOf(current)) return answering(history, '')
  const whole = wholeOf(current.runs).length
  return { on: whole < current.runs.length ? forkedAt(history, whole) : current, runs: [] }
}

/** Its runs, but for one that was cut off: that is not played again, as it may have been endless. */
export const wholeOf = (runs: readonly Played[]): readonly Played[] => runs.filter(({ outcome }) => !outcome?.isCut)

/** Whether its last run was ended, and what that had saved is in its store, and not known yet. */
export const isUnread = ({ runs }: Timeline): boolean => runs.length > 0 && !runs.at(-1)?.outcome

/** Plans to answer the question that waits; '' asks to be shown. */
export function answering(history: History, guess: string): Plan {
  const current = currentOf(history)
  const waiting = waitingOf(current)
  if (!waiting) throw new RangeError('Nothing was asked')
  const { outcome: _, ...run } = waiting
  return { on: { ...current, runs: current.runs.slice(0, -1) }, runs: [{ ...run, guess }] }
}

/** The timeline of a plan after its next run; the history goes on with it. Its draft has become what it ran; no log is opened. */
export function played(
  history: History,
  on: Timeline,
  run: Played,
): { readonly history: History; readonly on: Timeline } {
  const after: Timeline = { ...on, runs: [...on.runs, run] }
  const { [run.piece]: draft, ...drafts } = history.drafts
  const isDraft = draft !== undefined && (draft ?? undefined) === run.code
  const { opened: _, ...others } = withTimeline(history, after)
  return {
    history: {
      ...others,
      current: on.name,
      drafts: isDraft ? drafts : history.drafts,
    },
    on: after,
  }
}

/** With this timeline, in place of the one of its name or after all of them. */
export const withTimeline = (history: History, timeline: Timeline): History => ({
  ...history,
  timelines: history.timelines.some(({ name }) => name === timeline.name)
    ? history.timelines.map((each) => (each.name === timeline.name ? timeline : each))
    : [...history.timelines, timeline],
})

/** Shows another timeline. Nothing runs. */
export const backTo = (history: History, name: string): History => ({
  ...history,
  current: timelineOf(history, name).name,
})

/** The pieces that have a cell. */
export const cellsOf = (pieces: readonly Piece[]): number[] => pieces.flatMap(({ cell }, at) => (cell ? [at] : []))

const waitingOf = ({ runs }: Timeline): Played | undefined => (runs.at(-1)?.outcome?.asks ? runs.at(-1) : undefined)

/** Timelines are called 1, 2, 3 and so on, if nothing else suggests a name. */
export const nextName = ({ timelines }: History): string =>
  String(1 + Math.max(0, ...timelines.map(({ name }) => Number(name) || 0)))

/**
 * The last run of a timeline that recorded nothing is run again in its place: another timeline would have the same log, and
 * nobody could tell them apart. One that answered a question stays, and so does one that another timeline shares.
 *
 * Elsewhere, a run that would do what it did before, stays as it is with all that came after it: the code is the same, the
 * runs before it are, and it has asked neither the clock nor chance. What it did to variables, it would do to them as well.
 */
function againAt(history: History, pieces: readonly Piece[], at: number): Timeline {
  const current = currentOf(history)
  const { name, runs, from } = current
  const { piece, code, outcome } = runs[at] as Played
  const isLast = at === runs.length - 1 && at >= (from?.runs ?? 0)
  const isShared = history.timelines.some(({ from }) => from?.timeline === name && from.runs > at)
  const isQuestion = code === undefined && pieces[piece]?.cell?.isPrediction === true
  const isKept = isShared || isQuestion || outcome?.isCut === true || outcome?.events.length !== 0
  if (isLast && !isKept) return { ...current, runs: runs.slice(0, at) }
  const isSame = outcome?.repeats === true && outcome.events.length === 0 && history.drafts[piece] === undefined
  return isSame && !outcome.asks ? current : forkedAt(history, at)
}

function forkedAt(history: History, runs: number): Timeline {
  const current = currentOf(history)
  const { before } = current
  return {
    name: nextName(history),
    runs: current.runs.slice(0, runs),
    from: { timeline: current.name, runs },
    ...(before && { before }),
  }
}

function runOfCell(
  history: History,
  pieces: readonly Piece[],
  piece: number,
  chance: () => Pick<Run, 'seed' | 'time'>,
): Run {
  return { piece, ...chance(), ...codeToRun(codeOf(history, piece), pieces[piece]?.cell) }
}

/** Whoever skips a question does not see it; what was guessed before stands. */
const answered = (run: Run, pieces: readonly Piece[], before: Played | undefined): Run =>
  run.code === undefined && pieces[run.piece]?.cell?.isPrediction ? { ...run, guess: before?.guess ?? '' } : run
