/** A sign of life: what one waits for, on a line of its own, as soon as it takes a while; it goes when the work is done. */
import { type Look, paint } from './look'

/** Does some work, and says on what it is if that takes long. */
export type Waiting = <T>(what: string, work: Promise<T>) => Promise<T>

/** Where nobody looks: nothing is said. */
export const silent: Waiting = (_, work) => work

/** Before a person thinks that nothing happens, in milliseconds. */
const SOON = 300

export function waitingOn(output: { write(text: string): unknown }, look: () => Look): Waiting {
  return async (what, work) => {
    let isShown = false
    const timer = setTimeout(() => {
      isShown = true
      output.write(paint('dim', look().unicode ? `${what}…` : `${what}...`, look()))
    }, SOON)
    try {
      return await work
    } finally {
      clearTimeout(timer)
      if (isShown) output.write('\r\u001b[K')
    }
  }
}
