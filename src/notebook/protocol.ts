/**
 * The calls between the page and its worker. The worker has the session, the store and the learner's code; the page
 * only draws. Both have the texts of the lessons; a piece is called by its place in its lesson. Everything here can be cloned.
 */

/** One event of the log. */
export interface LogEntry {
  readonly position: number
  readonly version: number
  /** The name of the event, such as `TrickAdded`. */
  readonly name: string
  /** Its aggregate, as the prompt calls it, such as `fido`. */
  readonly who: string
  /** Its payload, as the prompt shows values. */
  readonly payload: string
  /** The piece whose cell recorded it; undefined for what was there before, or was typed. */
  readonly piece?: number
}

/** What a session says, as the prompt shows it without colours; `tone` says how to paint it. */
export interface Shown {
  readonly tone: 'code' | 'value' | 'news' | 'plain' | 'problem'
  readonly text: string
}

export interface Ran {
  readonly piece: number
  readonly shown: readonly Shown[]
  /** The whole log after it. */
  readonly log: readonly LogEntry[]
  /** It asks what its last step will show: `answer` says so. */
  readonly asks: boolean
}

/** Implemented by the worker. */
export interface NotebookWorker {
  /** Begins a lesson, on an empty store. */
  open(lesson: number): Promise<void>
  /** Runs the cell of a piece, after the cells before it that have not run yet; says what each showed. */
  run(piece: number): Promise<readonly Ran[]>
  /** Answers the question of a piece, or, with '', asks for the answer. */
  answer(piece: number, guess: string): Promise<Ran>
}
