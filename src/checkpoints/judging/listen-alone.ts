/** Hears events of the process that others listen to as well, and would end it or the judging. */
type Listener = (...what: unknown[]) => void

/** Sets the others aside, until the function that it returns is called. */
export function listenAlone(events: readonly string[], hear: Listener): () => void {
  const others = events.map((event) => process.rawListeners(event) as Listener[])
  for (const event of events) process.removeAllListeners(event).on(event, hear)
  return () => {
    for (const [at, event] of events.entries()) {
      process.off(event, hear)
      for (const other of others[at] ?? []) process.on(event, other)
    }
  }
}
