/**
 * The calls between the page and its worker. The worker has the session, the store and the learner's code; the page
 * only draws. Everything here can be cloned.
 */

export interface LessonTitle {
  readonly number: number
  readonly title: string
}

/** A lesson as the page shows it before anything runs: what is read in one go, and the cell after it. */
export interface LessonText extends LessonTitle {
  readonly pieces: readonly {
    /** Markdown. */
    readonly prose: string
    readonly cell?: { readonly code: string; readonly isPrediction: boolean }
  }[]
}

/** One event of the log. */
export interface LogEntry {
  readonly position: number
  readonly version: number
  /** The name of the event, such as `TrickAdded`. */
  readonly name: string
  /** The short name of its aggregate, such as `fido`, as the prompt calls it. */
  readonly who: string
  readonly aggregateId: string
  /** Its payload, as the prompt shows values. */
  readonly payload: string
  /** The piece whose cell recorded it; undefined for what was there before. */
  readonly piece?: number
}

/** What a session replies, for the page to draw: a value is text already, as the prompt shows it. */
export type Shown =
  | { readonly kind: 'value' | 'text' | 'code'; readonly text: string }
  | { readonly kind: 'prose'; readonly markdown: string }
  | { readonly kind: 'problem'; readonly says: string; readonly next?: string }
  | { readonly kind: 'mistakes'; readonly mistakes: readonly { readonly message: string; readonly line: number }[] }
  | { readonly kind: 'table'; readonly rows: readonly Readonly<Record<string, string>>[] }
  | { readonly kind: 'news'; readonly text: string }

export interface Ran {
  readonly piece: number
  /** What each step of the cell showed, in order. For a prediction: what the guess and the answer are. */
  readonly shown: readonly Shown[]
  /** The whole log after it. */
  readonly log: readonly LogEntry[]
}

/** Implemented by the worker. */
export interface NotebookWorker {
  lessons(): Promise<readonly LessonTitle[]>
  /** Opens a lesson: its store is the one that the terminal would use for it. */
  open(lesson: number): Promise<{ readonly text: LessonText; readonly log: readonly LogEntry[] }>
  /** Runs the cell of a piece, after those before it that have not run yet. */
  run(piece: number, guess?: string): Promise<readonly Ran[]>
  /** Takes a line as the prompt does: a command or code. */
  take(line: string): Promise<{ readonly shown: readonly Shown[]; readonly log: readonly LogEntry[] }>
}

/** Implemented by the page. */
export interface NotebookPage {
  /** A session is there, and cells can run. */
  ready(): void
}
