/** What the prompt and the thread that checks types say to each other. */

export type Request =
  | { readonly ask: 'check'; readonly header: string; readonly text: string }
  | { readonly ask: 'keep'; readonly name: string; readonly header: string; readonly text: string }
  | { readonly ask: 'complete'; readonly header: string; readonly text: string; readonly at: number }
  | { readonly ask: 'type'; readonly header: string; readonly text: string }
  | { readonly ask: 'describe'; readonly header: string; readonly text: string }
  | { readonly ask: 'exports'; readonly module: string }

export type Response = { readonly id: number } & ({ readonly result: unknown } | { readonly error: string })

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
