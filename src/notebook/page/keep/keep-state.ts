/** What the reader is told of what is kept. */
import type { History } from '../../history'
import type { Files } from '../../judge/files'
import type { InLink } from './history-shape'

export interface KeepState {
  /** Whether this tab has the lesson; undefined: it is not known yet. */
  readonly isMine: boolean | undefined
  /** Why nothing more of what is done can be kept. */
  readonly trouble: string | undefined
  /** Why the events are in memory only. */
  readonly inMemory: string | undefined
  /** The history that is shown is that of a link, and nothing of it has run. */
  readonly isFromLink: boolean
  /** What came with it, written in the exercise of the lesson. */
  readonly filesInLink: Files | undefined
  /** What came with a link, of another text of this lesson. */
  readonly ofOtherText: InLink | undefined
  /** What is wrong with the link in the address. */
  readonly wrongLink: string | undefined
  /** What is to be said once, until it is put away. */
  readonly news: string | undefined
  /** What was done in earlier texts of this lesson. */
  readonly earlier: readonly History[]
}

export const nothingKept: KeepState = {
  isMine: undefined,
  trouble: undefined,
  inMemory: undefined,
  isFromLink: false,
  filesInLink: undefined,
  ofOtherText: undefined,
  wrongLink: undefined,
  news: undefined,
  earlier: [],
}
