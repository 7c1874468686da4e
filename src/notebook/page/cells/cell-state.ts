/** What a cell shows: read off the history. */
import type { Piece } from '../../../course/notebook'
import { cellsOf, codeOf, currentOf, type History, isAnswered, runOf, staleOf } from '../../history'
import { logOf } from '../../log-of'
import type { LogEntry, Outcome, Shown } from '../../run'
import type { State } from '../visit/visit-state'

export interface CellState {
  readonly isBusy: boolean
  /** How many events it has saved so far, while it runs, where that is known. */
  readonly saved: number | undefined
  /** Nothing can be done with it. */
  readonly isReadOnly: boolean
  /** Whether it has run on this timeline. */
  readonly hasRun: boolean
  /** It was cut off: see `Outcome`. */
  readonly isCut: boolean
  /** It waits for a prediction. */
  readonly asks: boolean
  readonly shown: readonly Shown[]
  /** The events that it recorded, as they were called then. */
  readonly events: readonly LogEntry[]
  /** What it shows belongs to another timeline. */
  readonly isStale: boolean
  /** The name of that one; undefined where no timeline has an event, and there is nothing to tell them by. */
  readonly staleOn: string | undefined
  /** This timeline begins with this cell: the one that it left, and how many runs the two share. */
  readonly left: { readonly timeline: string; readonly runs: number } | undefined
  /** What it would run, if that is not the lesson's own code. */
  readonly code: string | undefined
  /** Whether what it shows came of other code. */
  readonly isDraft: boolean
  /** It was asked to run, and did not come to its end: what it shows came of a run before that. */
  readonly wasStopped: boolean
  readonly notes: readonly Shown[]
}

/** What is printed after a run comes line by line, and is one text below the cell. */
export function gathered(notes: readonly Shown[]): readonly Shown[] {
  const all: Shown[] = []
  for (const note of notes) {
    const last = all.at(-1)
    if (note.tone !== 'printed' || last?.tone !== 'printed') all.push(note)
    else all[all.length - 1] = { tone: 'printed', text: `${last.text}\n${note.text}` }
  }
  return all
}

/** What runs before a cell: the codes of those above it, as they are now. */
export const codesBefore = ({ history }: State, pieces: readonly Piece[], piece: number): readonly string[] =>
  pieces.slice(0, piece).flatMap(({ cell }, at) => (cell ? [codeOf(history, at) ?? cell.text] : []))

export function cellState({ history, busy, saved, notes, isReadOnly }: State, piece: number): CellState {
  const run = runOf(history, piece)
  const stale = run ? undefined : staleOf(history).get(piece)
  const ran = run ?? stale
  const outcome: Outcome | undefined = ran?.outcome
  const { from, runs } = currentOf(history)
  const code = codeOf(history, piece)
  const isDraft = ran !== undefined && code !== ran.code
  const said = (notes.get(piece) ?? []).filter(
    ({ isSame, of }) => (!isSame || (run !== undefined && !isDraft)) && (of === undefined || of === code),
  )
  const shown = outcome?.shown ?? nothing
  const wasStopped = said.some(({ isStop }) => isStop)
  return {
    isBusy: busy.has(piece),
    saved: busy.has(piece) && saved?.piece === piece ? saved.count : undefined,
    isReadOnly,
    hasRun: run !== undefined,
    isCut: outcome?.isCut === true,
    asks: run?.outcome?.asks === true,
    // What was wrong when it ran before is not why it was stopped.
    shown: wasStopped ? shown.filter(({ tone }) => tone !== 'problem') : shown,
    events: run?.outcome?.events ?? [],
    isStale: stale !== undefined,
    staleOn: stale && hasEvents(history) ? timelineWith(history, stale.seed) : undefined,
    left: from && hasEvents(history) && runs[from.runs]?.piece === piece ? from : undefined,
    code,
    isDraft,
    wasStopped,
    notes: said,
  }
}

/** The same wherever there is nothing. */
const nothing: readonly Shown[] = []

const hasEvents = ({ timelines }: History): boolean => timelines.some((timeline) => logOf(timeline).length > 0)

const timelineWith = ({ timelines }: History, seed: number): string | undefined =>
  timelines.find(({ runs }) => runs.some((run) => run.seed === seed))?.name

/** The pieces that can be read: what follows a question tells its answer. */
export function readable({ history, broken }: State, pieces: readonly Piece[]): readonly Piece[] {
  // Without what runs it, the page can only be read.
  if (broken !== undefined) return pieces
  const asking = cellsOf(pieces).find((piece) => pieces[piece]?.cell?.isPrediction && !isAnswered(history, piece))
  return asking === undefined ? pieces : pieces.slice(0, asking + 1)
}
