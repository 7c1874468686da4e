/** Ends what the cells of a session have left running: in the next one it would act on another school. */

/** @returns clears every timer that was set since this was installed */
export function installTimers(): () => void {
  const set = new Set<ReturnType<typeof setTimeout>>()
  const { setTimeout: timeout, setInterval: interval } = globalThis
  const kept =
    (begin: (...given: never[]) => ReturnType<typeof setTimeout>) =>
    (...given: never[]) => {
      const timer = begin(...given)
      set.add(timer)
      return timer
    }
  Object.assign(globalThis, { setTimeout: kept(timeout), setInterval: kept(interval) })
  return () => {
    // One function clears both kinds.
    for (const timer of set) clearTimeout(timer)
    set.clear()
  }
}
