/** A sign of life: what one waits for; it goes when the work is done. */
import { type Look, paint } from './look'

/** Does some work, and says on what it is: before it begins, if it is known to take long, or else as soon as it does. */
export type Waiting = <T>(what: string, work: () => Promise<T>, isLong?: boolean) => Promise<T>

/** Where nobody looks: nothing is said. */
export const silent: Waiting = (_, work) => work()

/** Before a person thinks that nothing happens, in milliseconds. */
const SOON = 300

interface Output {
  write(text: string): unknown
}

export const waitingOn = (output: Output, look: () => Look): Waiting => sign(output, look, ['', ''], '\r\u001b[K')

/** For when the cursor is at the end of a line that somebody types: the sign stands after it, and leaves it where it is. */
export const waitingAfter = (output: Output, look: () => Look): Waiting =>
  sign(output, look, ['\u001b7\u001b[?7l  ', '\u001b[?7h\u001b8'], '\u001b[K')

function sign(output: Output, look: () => Look, [before, after]: [string, string], wiped: string): Waiting {
  return async (what, work, isLong = false) => {
    let isShown = false
    const show = () => {
      isShown = true
      const text = paint('dim', look().unicode ? `${what}…` : `${what}...`, look())
      output.write(`${before}${text}${after}`)
    }
    if (isLong) show()
    const timer = isLong ? undefined : setTimeout(show, SOON)
    try {
      return await work()
    } finally {
      clearTimeout(timer)
      if (isShown) output.write(wiped)
    }
  }
}
