/** A command cannot do what was asked: the reason, and what to do next. */
export class Refusal extends Error {
  readonly next: string | undefined
  constructor(says: string, next?: string) {
    super(says)
    this.next = next
  }
}
