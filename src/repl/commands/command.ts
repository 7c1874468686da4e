/** What a command of the prompt is. */
import type { Reply } from '../session/reply'
import type { Session } from '../session/session'

export interface Command {
  /** Without its dot. */
  readonly name: string
  readonly aliases?: readonly string[]
  /** `.events [id]`: what is in brackets may be left out. */
  readonly usage: string
  /** What it does, in half a line. */
  readonly summary: string
  /** What its first word may be: one of those in the store, the number of a lesson, or one of these words. */
  readonly takes?: 'somebody' | 'lesson' | 'file' | readonly string[]

  /** `words` is what follows the name, by blanks; `rest` the same as it was typed. */
  run(session: Session, words: readonly string[], rest: string): Promise<Reply>
}

/** Commands by the heading that they stand under in `.help`. */
export type Groups = Readonly<Record<string, readonly Command[]>>
