/** What a session has asked and nobody has answered: a question that comes between leaves the one before it open. */
import type { Reply } from './reply'

/** Receives the next line, as the answer to a question. */
export type Respond = (line: string) => Promise<Reply>

export class Questions {
  /** The newest is last. */
  #open: { readonly text: string; readonly respond: Respond }[] = []

  /** The one that the next line answers. */
  get newest(): string | undefined {
    return this.#open.at(-1)?.text
  }

  /** Asks a question, which replaces the same one. */
  ask(text: string, respond: Respond): void {
    this.#open = [...this.#open.filter((each) => each.text !== text), { text, respond }]
  }

  /** Withdraws the newest, and returns what takes its answer. */
  take(): Respond | undefined {
    return this.#open.pop()?.respond
  }

  /** Withdraws the one whose answer this would take. */
  withdraw(respond: Respond): void {
    this.#open = this.#open.filter((each) => each.respond !== respond)
  }
}
