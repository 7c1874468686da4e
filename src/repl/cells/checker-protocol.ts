/** The calls between the prompt and the thread that checks types. */
import type { Mistake } from './cell'

/** Implemented by the thread. A header is the line of imports and declarations above a text. */
export interface TypeService {
  check(header: string, text: string): Mistake[]
  /** Remembers a cell that ran, so that later ones can use its names. */
  keep(name: string, header: string, text: string): void
  complete(header: string, text: string, at: number): Completion[]
  typeOf(header: string, expression: string): string | undefined
  describe(header: string, expression: string): Description | undefined
}

/** Implemented by the prompt. */
export interface TypeUser {
  /** The types of the prelude have been read. */
  ready(): void
}

export interface Completion {
  readonly name: string
  /** TypeScript's word for what it is: `method`, `property`, `class`… */
  readonly kind: string
  readonly sort: string
}

/** What TypeScript has to say about a name. */
export interface Description {
  readonly signature: string
  readonly documentation: string
  readonly tags: readonly { readonly name: string; readonly text: string }[]
}
