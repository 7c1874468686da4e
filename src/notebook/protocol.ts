/**
 * The calls between the page and its worker. The worker has the session, the store and the learner's code; the page
 * only draws. Everything here can be cloned.
 */

export interface LessonTitle {
  readonly number: number
  readonly title: string
}

/** What is read in one go, and the cell after it. */
export interface PieceText {
  /** Markdown. */
  readonly prose: string
  readonly cell?: { readonly code: string; readonly isPrediction: boolean }
}

export interface LessonText extends LessonTitle {
  readonly pieces: readonly PieceText[]
}

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
  lessons(): readonly LessonTitle[]
  /** Begins a lesson, on an empty store. */
  open(lesson: number): Promise<LessonText>
  /** Runs the cell of a piece, after the cells before it that have not run yet; says what each showed. */
  run(piece: number): Promise<readonly Ran[]>
  /** Answers the question of a piece, or, with '', asks for the answer. */
  answer(piece: number, guess: string): Promise<Ran>
}
