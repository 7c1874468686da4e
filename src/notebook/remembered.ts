/** What is remembered of logs, beside the runs: plain data. */

/** The view of a log is stopped. */
export interface Stop {
  /** See `LogEntry.store`. */
  readonly store?: string
  readonly position: number
}

/** The reader has opened a log. */
export interface OpenedLog {
  /** The name of its timeline. */
  readonly timeline: string
  /** See `LogEntry.store`. */
  readonly store?: string
}
