/** What a command of the prompt is. */
import type { Reply } from '../session/reply'
import type { Session } from '../session/session'

/** What somebody types at a school where Fido can roll over and play dead, and Buster is new; and what they see. */
export interface Example {
  readonly type: string
  /** A line `…` stands for those that are left out. A test runs them all. */
  readonly shows: string
}

export interface Command {
  /** Without its dot. */
  readonly name: string
  readonly aliases?: readonly string[]
  /** `.events [id]`: what is in brackets may be left out. */
  readonly usage: string
  /** What it does, in half a line. */
  readonly summary: string
  readonly example: Example
  /** What its first word may be: one of those in the store, the number of a lesson, a file, a command, code, or one of these words. */
  readonly takes?: 'somebody' | 'lesson' | 'file' | 'command' | 'code' | readonly string[]
  /** Whether its second word is a field of that somebody. */
  readonly takesField?: true

  /** `words` is what follows the name, split at blanks; `rest` is the same as it was typed. */
  run(session: Session, words: readonly string[], rest: string): Promise<Reply>
}

/** Commands that belong together: `.help store` lists those of the store. */
export interface Group {
  readonly name: string
  readonly about: string
  readonly commands: readonly Command[]
}
