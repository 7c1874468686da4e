/** What a visit asks of whoever keeps what is done in it: see keep/. */
import type { History, Timeline } from '../../history'
import type { LogEntry } from '../../run'
import type { KeptLog } from '../play/kept-sights'
import type { Brought, PlaceOf } from '../play/seat'
import type { Begun } from './changes'

/** What is there of a lesson when it is opened. */
export interface Opened {
  readonly history: History
  readonly isReadOnly: boolean
}

/** Keeps what is done. */
export interface Keeper {
  readonly placeOf: PlaceOf
  /** Where the events of this timeline are kept; undefined if nothing of it is, or another tab has it. */
  keptOf(timeline: Timeline): KeptLog | undefined
  /** Compares what was played again with what is kept; returns the timeline that it is: a new one, if it differs. */
  compared(history: History, timeline: Timeline, brought: Brought): Promise<Timeline>
  /** A run begins on this timeline, whose events go into that folder; resolves when this is kept. */
  begins(history: History, timeline: Timeline, brought: Brought): Promise<void>
  /** That run is ended. Returns the timeline that its store is of from now on, which is to be added, and then read. */
  stopped(history: History, begun: Begun): Timeline | undefined
  /** What the last run of this timeline had saved, which was ended; undefined if that cannot be read now. */
  read(timeline: Timeline): Promise<readonly LogEntry[] | undefined>
  /** Keeps what was typed into a cell, now: null for the lesson's own code. The history that has it follows. */
  typed(piece: number, code: string | null): void
  /** Resolves when it is kept. */
  changed(history: History): Promise<void>
}
