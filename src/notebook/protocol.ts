/**
 * The calls between the page and its worker. The worker has the session, the store and the learner's code; the page
 * only draws. Both have the texts of the lessons; a piece is called by its place in its lesson. Everything here can be cloned.
 */
import type { CompiledCell } from './compiled-cell'
import type { Outcome, Run, Shown } from './run'
import type { Sights } from './sights'

export type { LogEntry, Outcome, Run, Shown } from './run'

/** Implemented by the worker. */
export interface NotebookWorker extends Sights {
  /** Begins a lesson, on an empty store for this timeline. What was open is closed. */
  open(lesson: number, timeline: string): Promise<void>
  /**
   * Plays a run after those that were played since `open`. Time and chance are those of the run, so that played again, its
   * events are the same, to the byte. Played with a guess, a run whose question waits goes on from there.
   *
   * @param cell the code of the run, if it has one, compiled
   */
  play(run: Run, cell?: CompiledCell): Promise<Outcome>
}

/** Implemented by the page. */
export interface NotebookPage {
  /** The worker lives as long as it holds this lock: no event tells of its end. */
  holds(lock: string): void
  /** What code said after its run had ended: what a timer printed, or threw. */
  said(piece: number, shown: Shown): void
}
