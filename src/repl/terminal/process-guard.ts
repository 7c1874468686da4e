/** What code at the prompt does to the process: told, and survived. */

/** @returns how to take the guard away again */
export function guardProcess(tell: (error: unknown) => void): () => void {
  const { exit } = process
  process.exit = ((code?: number) => {
    throw new Error(`process.exit(${code ?? ''}) would end the session, so it was not done. To leave, type .exit`)
  }) as typeof process.exit
  const ignore = () => undefined
  process.on('unhandledRejection', tell)
  process.on('uncaughtException', tell)
  process.on('SIGINT', ignore)
  return () => {
    process.exit = exit
    process.off('unhandledRejection', tell)
    process.off('uncaughtException', tell)
    process.off('SIGINT', ignore)
  }
}
