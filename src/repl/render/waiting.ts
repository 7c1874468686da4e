/** Shows what the user is waiting for, until the work is done. */
import { type Look, paint } from './look'

/** Does some work and shows what it is: before it starts if `isLong`, otherwise as soon as it turns out to be slow. */
export type Waiting = <T>(what: string, work: () => Promise<T>, isLong?: boolean) => Promise<T>

/** Shows nothing. */
export const silent: Waiting = (_, work) => work()

/** When work counts as slow, in milliseconds. */
const SOON = 300

interface Output {
  write(text: string): unknown
}

export const waitingOn = (output: Output, look: () => Look): Waiting => indicator(output, look, ['', ''], '\r\u001b[K')

/** Writes after the input, with the cursor at its end, and puts the cursor back. */
export const waitingAfter = (output: Output, look: () => Look): Waiting =>
  indicator(output, look, ['\u001b7\u001b[?7l  ', '\u001b[?7h\u001b8'], '\u001b[K')

function indicator(output: Output, look: () => Look, [before, after]: [string, string], wiped: string): Waiting {
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
