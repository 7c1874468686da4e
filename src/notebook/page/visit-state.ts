/** What there is to be seen of a visit. */
import { mistakeSaid } from '../../repl/render/mistake'
import type { CompiledCell } from '../compiled-cell'
import { begun, type History } from '../history'
import type { Shown } from '../run'

export interface State {
  readonly history: History
  /** The pieces whose cells run, or are to run. */
  readonly busy: ReadonlySet<number>
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

/** `isLate`: code said it after its run had ended. `isStop`: the cell did not come to its end. */
export type Note = Shown & { readonly isLate?: true; readonly isStop?: true }

export const nowhere: Omit<State, 'hasStarted'> = {
  history: begun(0, ''),
  busy: new Set(),
  notes: new Map(),
  seen: 0,
  broken: undefined,
  isReadOnly: false,
}

export const GONE = 'what runs the cells is not there; the top of the page says why'
const BEFORE = 'The log, and the variables of the cells before, are what they were before this cell ran.'
export const STOPPED = `Stopped. ${BEFORE}`
export const died = (why: string) => `What ran this cell has ended by itself (${why}). ${BEFORE}`

export const ABOVE = 'a cell above it cannot be read'

/** What is wrong with code that is none, which is not run. */
export function wrongIn(code: string, { mistake }: Pick<CompiledCell, 'mistake'>): string | undefined {
  if (!mistake) return undefined
  const { where, source, mark, sentence, advice } = mistakeSaid(code, mistake)
  return [`${where}: ${sentence}`, `  ${source}`, `  ${mark}`, ...(advice === undefined ? [] : [advice])].join('\n')
}

const SAME =
  'It does the same again, so nothing is stale: it depends only on the cells above it, and they have not run since.'
/** What is said below a cell which would do what it did: it has not run, and what came of it late stands. */
export const sameAgain = (said: readonly Note[]): readonly Note[] => [
  ...said.filter(({ isLate }) => isLate),
  { tone: 'plain', text: SAME },
]

/** What was said below a cell goes when it runs. */
export function withBusy(state: State, piece: number, isBusy: boolean): Pick<State, 'busy' | 'notes'> {
  const [busy, notes] = [new Set(state.busy), new Map(state.notes)]
  if (isBusy) notes.delete(piece)
  if (isBusy) busy.add(piece)
  else busy.delete(piece)
  return { busy, notes }
}

export function withNote({ notes }: State, piece: number, note: Note): Pick<State, 'notes'> {
  return { notes: new Map(notes).set(piece, [...(notes.get(piece) ?? []), note]) }
}

/** Where and when a run begins. */
export const chance = () => ({ seed: crypto.getRandomValues(new Uint32Array(1))[0] as number, time: Date.now() })
