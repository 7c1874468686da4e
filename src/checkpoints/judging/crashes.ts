/** What is thrown in a callback, where no test can catch it, fails the run that is under way, and not the judging. */
import { listenAlone } from './listen-alone'

export function watchCrashes() {
  let crashed: { readonly error: unknown } | undefined
  let resolve: () => void = () => undefined
  const crash = new Promise<void>((done) => {
    resolve = done
  })
  const stop = listenAlone(['uncaughtException', 'unhandledRejection'], (error) => {
    crashed ??= { error }
    resolve()
  })
  return {
    crash,
    stop: () => {
      stop()
      return crashed
    },
  }
}
