/**
 * Those who wait for events: every recorder of one process wakes them in the same way.
 */
export class Watchers {
  readonly #wakes = new Set<{ wake(): void }>()
  #isDue = false
  #isClosed = false

  /** See `Recorder.watch`. A function that is added twice is called twice. */
  add(wake: () => void): () => void {
    const added = { wake }
    if (!this.#isClosed) this.#wakes.add(added)
    return () => void this.#wakes.delete(added)
  }

  /** Wakes all, soon: what a watcher throws must not reject the append that woke it. */
  wake(): void {
    if (this.#isDue || this.#wakes.size === 0) return
    this.#isDue = true
    void Promise.resolve().then(() => {
      this.#isDue = false
      const waiting = [...this.#wakes]
      if (this.#isClosed) this.#wakes.clear()
      for (const { wake } of waiting) void Promise.resolve().then(wake)
    })
  }

  /** Wakes all a last time. */
  close(): void {
    this.wake()
    this.#isClosed = true
  }
}
