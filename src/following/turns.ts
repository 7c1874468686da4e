/**
 * Lets others have their turn: timers, requests, whoever wants to stop this.
 *
 * A store in memory answers without waiting for anything, so a loop over a long log would keep everybody else from
 * running until its end.
 */
let last = 0

/** Resolves when others have had their turn; undefined if they had one in the last ten milliseconds. */
export function othersTurn(): Promise<void> | undefined {
  if (performance.now() - last < 10) return undefined
  return new Promise((resolve) => {
    // Browsers have no setImmediate.
    const soon: (work: () => void) => unknown = typeof setImmediate === 'function' ? setImmediate : setTimeout
    soon(() => {
      last = performance.now()
      resolve()
    })
  })
}
