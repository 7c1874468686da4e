/** One run of a cell, and what came of it: plain data, which the page and its worker pass to each other, and which is kept. */

/** One cell that was run. */
export interface Run {
  /** The cell's place among the pieces of the lesson. */
  readonly piece: number
  /** What was run in place of the lesson's code, if the reader changed it. */
  readonly code?: string
  /** After which of its lines a part of that code ends: see `partsOf`. Without it, it is run as one. */
  readonly ends?: readonly number[]
  /** What was said to its question; '' asked to be shown. Undefined: it waits, or it asks nothing. */
  readonly guess?: string
  /** Where its ids and its random numbers come from: 32 bits. */
  readonly seed: number
  /** When it was run, in milliseconds since 1970. */
  readonly time: number
}

/** One event of the log. */
export interface LogEntry {
  readonly position: number
  readonly version: number
  /** The name of the event, such as `TrickAdded`. */
  readonly name: string
  readonly aggregateId: string
  /** Its aggregate, as the prompt calls it, such as `fido`. */
  readonly who: string
  /** Its payload, as the prompt shows values. */
  readonly payload: string
  /** The piece whose cell recorded it. */
  readonly piece: number
  /** The schools on the store that it is in, if a cell made that store; undefined for that of `school`. */
  readonly store?: string
}

/** What a session says, as the prompt shows it without colours; `tone` says how to paint it. */
export interface Shown {
  readonly tone: 'code' | 'value' | 'printed' | 'news' | 'plain' | 'problem'
  readonly text: string
}

/** What came of a run. */
export interface Outcome {
  readonly shown: readonly Shown[]
  /** It asks what its last step will show, which runs when the same run is played with a guess. */
  readonly asks: boolean
  /** Those that this run appended, in order. */
  readonly events: readonly LogEntry[]
  /** It asked neither the clock nor chance: after the same runs, it does the same again. */
  readonly repeats?: true
  /** The page was left while it ran: these events are those that it had recorded by then. */
  readonly isCut?: true
}
