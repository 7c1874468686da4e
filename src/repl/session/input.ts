/** What was typed in a session, and the store that it returns to. */
import type { Reply } from './reply'
import type { Store } from './store'

/** One input, its reply, and what it recorded. */
export interface Input {
  readonly text: string
  readonly reply: Reply
  /** The value in the reply as text: it may change later. */
  readonly shown?: string | undefined
  /** The positions of the events, in order. */
  readonly recorded: readonly number[]
  /** The newest position in the store when it had run. */
  readonly last: number
}

/** The store that a session returns to. */
export interface TrueStore {
  readonly recorder: Store
  readonly lines: readonly Input[]
  readonly isAwayFor: 'copy' | 'lesson'
}
