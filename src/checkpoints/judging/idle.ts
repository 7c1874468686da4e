/** Node says when nothing is left to do: no timer runs, nothing is being read. What has not come by then never comes. */
import { setTimeout as sleep } from 'node:timers/promises'
import { listenAlone } from './listen-alone'

/** In milliseconds. A busy machine may make one nap as long as all of them, and nothing is known after it. */
const NAP = 10

/** How many timers are under way. */
export const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length

/** Resolves when nothing is left to do. Timers that keep no process alive do not count. */
export function untilIdle(): { readonly promise: Promise<void>; stop(): void } {
  let resolve: () => void = () => undefined
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  // Something must be left to do again, or this was the end of the process.
  return { promise, stop: listenAlone(['beforeExit'], () => setImmediate(resolve)) }
}

/**
 * Waits until nothing is left to do, and says whether it came to that.
 *
 * @param most for how long, in milliseconds
 * @param isEnough ends the waiting, too
 */
export async function isIdleWithin(most: number, isEnough: () => boolean = () => false): Promise<boolean> {
  const idle = untilIdle()
  let isIdle = false
  const noted = idle.promise.then(() => {
    isIdle = true
  })
  for (let naps = most / NAP; naps > 0 && !isIdle && !isEnough(); naps--)
    await Promise.race([noted, sleep(NAP, undefined, { ref: false })])
  idle.stop()
  return isIdle
}
