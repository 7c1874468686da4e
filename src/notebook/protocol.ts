/**
 * The calls between the page and its worker. The worker has the session, the store and the learner's code; the page
 * only draws. Both have the texts of the lessons; a piece is called by its place in its lesson. Everything here can be cloned.
 */
import type { CompiledCell } from './compiled-cell'
import type { LogEntry, Outcome, Run, Shown } from './run'
import type { Sights } from './sights'

export type { LogEntry, Outcome, Run, Shown } from './run'

/** Where the events of a timeline go: folders of the browser's private file system. */
export interface StorePlace {
  /** Of the new store. */
  readonly folder: string
  /** That of the database which it begins as a copy of; without one, it begins empty. */
  readonly base?: string
}

/** Implemented by the worker: what is kept in stores. A folder has the store of one timeline. */
export interface KeepingWorker {
  /** Whether this store begins with the events of the open timeline, to the byte. */
  isLike(folder: string): Promise<boolean>
  /** The events of a store behind this position; they are said to be of this piece. */
  recordedIn(folder: string, after: number, piece: number): Promise<LogEntry[]>
  /** The database of a store, as the bytes of a file. */
  database(folder: string): Promise<Uint8Array>
  /** The same of the store that a cell of the open timeline has made: see `LogEntry.store`. */
  databaseOfCell(store: string): Promise<Uint8Array>
  /** Makes a store of a database, and says which events it has. Rejects with what is wrong with it; then there is no store. */
  bringIn(folder: string, bytes: Uint8Array): Promise<LogEntry[]>
}

/** Implemented by the worker. */
export interface NotebookWorker extends Sights, KeepingWorker {
  /**
   * Begins a lesson, on a new store for this timeline; without a place, or if the browser gives no files, in memory: then
   * it says why. What was open is closed.
   */
  open(lesson: number, timeline: string, place?: StorePlace): Promise<string | undefined>
  /**
   * Plays a run after those that were played since `open`. Time and chance are those of the run, so that played again, its
   * events are the same, to the byte. Played with a guess, a run whose question waits goes on from there.
   *
   * @param cells the parts of its code, if it has one, compiled
   */
  play(run: Run, cells?: readonly CompiledCell[]): Promise<Outcome>
}

/** Implemented by the page. */
export interface NotebookPage {
  /** The worker lives as long as it holds this lock: no event tells of its end. */
  holds(lock: string): void
  /** What code said after its run had ended: what a timer printed, or threw. */
  said(piece: number, shown: Shown): void
  /** How many events a run has saved so far, now and then while it goes. */
  saved(piece: number, count: number): void
}
