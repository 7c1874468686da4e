/** Handles what code at the prompt, and signals from outside, do to the process. */

/** The signals of a terminal that is closed, and of `kill`. */
const farewells = ['SIGHUP', 'SIGTERM'] as const

/**
 * Reports and survives the uncaught errors of code at the prompt.
 *
 * @param interrupted called for Ctrl-C while it is a signal; if left out, Ctrl-C ends the process
 * @returns a function that removes the guard
 */
export function guardProcess(tell: (error: unknown) => void, interrupted?: () => void): () => void {
  const { exit } = process
  process.exit = ((code?: number) => {
    throw new Error(`process.exit(${code ?? ''}) would end the session, so it was not done. To leave, type .exit`)
  }) as typeof process.exit
  process.on('unhandledRejection', tell)
  process.on('uncaughtException', tell)
  if (interrupted) process.on('SIGINT', interrupted)
  return () => {
    process.exit = exit
    process.off('unhandledRejection', tell)
    process.off('uncaughtException', tell)
    if (interrupted) process.off('SIGINT', interrupted)
  }
}

/** @param end called with the exit status for such a signal */
export function onFarewell(end: (status: number) => void): void {
  process.on('SIGHUP', () => end(129))
  process.on('SIGTERM', () => end(143))
}

/**
 * Runs code that may block the event loop for ever. Meanwhile the signals have no listeners, so that they end the process at
 * once. The store survives that.
 */
export function withoutFarewell<T>(run: () => T): T {
  const listeners = farewells.map((signal) => [signal, process.listeners(signal)] as const)
  for (const signal of farewells) process.removeAllListeners(signal)
  try {
    return run()
  } finally {
    for (const [signal, each] of listeners) for (const listener of each) process.on(signal, listener)
  }
}
