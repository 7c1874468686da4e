/** What code at the prompt, and who ends the prompt from outside, do to the process. */

/** How a terminal that goes away, and somebody who wants an end, say so. */
const farewells = ['SIGHUP', 'SIGTERM'] as const

/**
 * Tells and survives what code at the prompt does to the process.
 *
 * @param interrupted what Ctrl-C does while it is a signal; left out: it ends the process, as always
 * @returns how to take the guard away again
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

/** @param end is called with the exit status that such a signal stands for */
export function onFarewell(end: (status: number) => void): void {
  process.on('SIGHUP', () => end(129))
  process.on('SIGTERM', () => end(143))
}

/**
 * Runs what may never let anybody listen: a signal that would wait for a listener then ends the process as if there were
 * none. The store is one that may be killed at any moment.
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
