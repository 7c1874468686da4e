/** What there is to be seen of a visit. */
import { begun, type History, played, type Timeline } from '../../history'
import { logOf } from '../../log-of'
import type { LogEntry, Shown } from '../../run'
import { heldIn } from '../../stops'
import type { Begun } from './changes'

export interface State {
  readonly history: History
  /** The pieces whose cells run, or are to run. */
  readonly busy: ReadonlySet<number>
  /** How many events the run that goes has saved so far, where that is known: it takes long. */
  readonly saved?: { readonly piece: number; readonly count: number } | undefined
  /** What is said below a cell, by its piece, besides what came of its run. */
  readonly notes: ReadonlyMap<number, readonly Note[]>
  /** Entries of the log behind this position came with the last thing that ran. */
  readonly seen: number
  /** Whether a cell has run since the page was opened: before that, the compiler may still be loading. */
  readonly hasStarted: boolean
  /** Why no worker can start. */
  readonly broken: string | undefined
  /** Nothing runs, and nothing is changed. */
  readonly isReadOnly: boolean
}

/**
 * `isLate`: code said it after its run had ended. `isStop`: the cell did not come to its end. `isSame`: it holds for the run
 * that is shown, and its code. `of`: it is about this code alone.
 */
export type Note = Shown & {
  readonly isLate?: true
  readonly isStop?: true
  readonly isSame?: true
  readonly of?: string
}

export const nowhere: Omit<State, 'hasStarted'> = {
  history: begun(0, ''),
  busy: new Set(),
  notes: new Map(),
  seen: 0,
  broken: undefined,
  isReadOnly: false,
}

/** The history as it is kept while a run goes. */
export const keptWith = (history: History, begun: Begun | undefined): History =>
  begun ? played(history, begun.on, begun.run).history : history

/** Up to which position the log was known that ended with this event: of another store, all is new. */
export const knownOf = (timeline: Timeline, before: LogEntry | undefined): number =>
  logOf(timeline).at(-1)?.store === before?.store ? (before?.position ?? 0) : 0

/** Where and when a run begins. */
export const chance = () => ({ seed: crypto.getRandomValues(new Uint32Array(1))[0] as number, time: Date.now() })

/** It is drawn as it is now. */
export class Board {
  state: State = { ...nowhere, hasStarted: false }
  /** Hears of each change. */
  hear: (state: State) => void = () => {}

  protected set(change: Partial<State>): void {
    const history = change.history ? heldIn(change.history) : this.state.history
    this.state = { ...this.state, ...change, history }
    this.hear(this.state)
  }

  protected saved(piece: number, count: number): void {
    this.set({ saved: { piece, count } })
  }

  /** What was said below a cell goes when it runs. */
  protected busy(piece: number, isBusy: boolean): void {
    const [busy, notes] = [new Set(this.state.busy), new Map(this.state.notes)]
    if (isBusy) notes.delete(piece)
    if (isBusy) busy.add(piece)
    else busy.delete(piece)
    this.set({ busy, notes, saved: undefined })
  }

  protected note(piece: number, note: Note): void {
    const { notes } = this.state
    this.set({ notes: new Map(notes).set(piece, [...(notes.get(piece) ?? []), note]) })
  }
}
