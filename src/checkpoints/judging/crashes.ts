/** What is thrown in a callback, where no test can catch it, fails the run that is under way, and not the judging. */
export function watchCrashes() {
  const events = ['uncaughtException', 'unhandledRejection'] as const
  const others = events.map((event) => process.listeners(event as 'uncaughtException'))
  for (const event of events) process.removeAllListeners(event)
  let crashed: { readonly error: unknown } | undefined
  let resolve: () => void = () => undefined
  const crash = new Promise<void>((done) => {
    resolve = done
  })
  const hear = (error: unknown) => {
    crashed ??= { error }
    resolve()
  }
  for (const event of events) process.on(event, hear)
  const stop = () => {
    for (const [at, event] of events.entries()) {
      process.off(event, hear)
      for (const other of others[at] ?? []) process.on(event, other)
    }
    return crashed
  }
  return { crash, stop }
}
