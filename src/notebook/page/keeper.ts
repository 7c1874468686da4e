/** What a visit asks of whoever keeps what is done in it: see keep/. */
import type { History, Timeline } from '../history'
import type { Begun } from './keep/changes'
import type { Brought, PlaceOf } from './seat'

/** What is there of a lesson when it is opened. */
export interface Opened {
  readonly history: History
  readonly isReadOnly: boolean
}

/** Keeps what is done. */
export interface Keeper {
  readonly placeOf: PlaceOf
  /** Compares what was played again with what is kept; returns the timeline that it is: a new one, if it differs. */
  compared(history: History, timeline: Timeline, brought: Brought): Promise<Timeline>
  /** A run begins on this timeline, whose events go into that folder; resolves when this is kept. */
  begins(history: History, timeline: Timeline, brought: Brought): Promise<void>
  /**
   * That run was ended. Returns a timeline with what it had saved, if that is anything: it is to be added.
   *
   * @param folder has what there was before it; undefined if no folder has that alone
   */
  stopped(history: () => History, begun: Begun, folder: string | undefined): Promise<Timeline | undefined>
  /** Resolves when it is kept. */
  changed(history: History): Promise<void>
}
