/** What can be seen of a position of the log: plain data. */

/** What the event at a position did to its aggregate. */
export interface StateAt {
  readonly position: number
  /** All fields of the aggregate at the version that the event made; none where there is no state to show. */
  readonly fields: readonly Field[]
  /** One sentence, such as `Fido now knows 3 tricks`. */
  readonly says: string
  /** Why there is no state to show, or that the event changed nothing. */
  readonly note?: string
}

/** A field as the prompt shows it, as a difference to the version before. */
export interface Field {
  readonly name: string
  readonly change: 'none' | 'new' | 'changed' | 'gone'
  /** What is around the items of a list, a Set, a Map or an object. Any other value is one item, or two where it changed. */
  readonly open: string
  readonly items: readonly Item[]
  readonly close: string
}

export interface Item {
  readonly change: 'none' | 'added' | 'removed' | 'left out'
  readonly text: string
}

/** A projection, as a table. */
export interface ViewShown {
  readonly rows: readonly (readonly [key: string, value: string])[]
  /** How many rows there are that are not among them. */
  readonly more: number
  /** The position of the last event that is in it. */
  readonly position: number
  /** How many events came after that, and are not in it. */
  readonly behind: number
  /** Whether it follows the log. */
  readonly follows: boolean
  /** Why it stopped by itself. */
  readonly problem?: string
}

/** What can be done with a view, in the library's words. */
export type ViewMove = 'start' | 'stop' | 'step' | 'catchUp' | 'rebuild'

/** Which log is meant. */
export interface InLog {
  /** See `LogEntry.store`. */
  readonly store?: string | undefined
  /** The folder in which the log of `school` was kept; undefined: it is that of the session. */
  readonly folder?: string | undefined
}

/** An event in its log: see `LogEntry`. */
export interface Place extends InLog {
  readonly position: number
  readonly who: string
}

/** Where a view is. */
export interface ViewPlace extends InLog {
  /** The position where it is stopped; undefined: it follows the log. */
  readonly stopped?: number | undefined
}

/** Implemented by the worker. It is asked between two runs, and records nothing. */
export interface Sights {
  /** What an event did; undefined if its log has no such position. */
  stateAt(event: Place): Promise<StateAt | undefined>
  /** What the view of a log showed when this position was the newest, as far as it has come. */
  viewAt(position: number, view: ViewPlace): Promise<ViewShown>
  /** Says where it is stopped then. */
  moveView(move: ViewMove, view: ViewPlace): Promise<Pick<ViewPlace, 'stopped'>>
}
