/** What views can be told. */

export interface ViewOptions {
  /** Called with the error that ended what `start` began; by default, it is a warning on the console. */
  readonly onProblem?: ((problem: Error) => void) | undefined
}

export interface SeenOptions {
  /** Rejects with the signal's reason when it is aborted. */
  readonly signal?: AbortSignal | undefined
  /** In milliseconds. */
  readonly timeout?: number | undefined
}

export interface RebuildOptions {
  /** Called after each page: the position that the new view has, and the one that it goes to. */
  readonly onProgress?: ((progress: { readonly position: number; readonly newest: number }) => void) | undefined
  /** Interrupts it. What is built so far is gone on with the next time. */
  readonly signal?: AbortSignal | undefined
}
