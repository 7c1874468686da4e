/** Shows what the user is waiting for, until the work is done. */
import { type Look, paint } from './look'

/**
 * Does some work and shows what it is: before it starts if `isLong`, otherwise as soon as it turns out to be slow. When that
 * takes very long, it tells for how long, and how to leave: 'Ctrl-C stops it'.
 */
export type Waiting = <T>(what: string, work: () => Promise<T>, isLong?: boolean, leave?: string) => Promise<T>

/** Shows nothing. */
export const silent: Waiting = (_, work) => work()

/** In milliseconds: when work counts as slow, when as very slow, and how often it is told then for how long. */
const usual = { soon: 300, late: 5000, every: 1000 }
type Pace = typeof usual

interface Output {
  write(text: string): unknown
}

export const waitingOn = (output: Output, look: () => Look, pace: Pace = usual): Waiting =>
  indicator(output, look, ['', ''], '\r\u001b[K', pace)

/** Writes after the input, with the cursor at its end, and puts the cursor back. */
export const waitingAfter = (output: Output, look: () => Look): Waiting =>
  indicator(output, look, ['\u001b7\u001b[?7l  ', '\u001b[?7h\u001b8'], '\u001b[K', usual)

function indicator(
  output: Output,
  look: () => Look,
  [before, after]: [string, string],
  wiped: string,
  { soon, late, every }: Pace,
): Waiting {
  return async (what, work, isLong = false, leave) => {
    let isShown = false
    const began = Date.now()
    const show = (more = '') => {
      isShown = true
      output.write(`${before}${paint('dim', `${what}${look().unicode ? '…' : '...'}${more}`, look())}${after}`)
    }
    const again = () => {
      output.write(wiped)
      show(` ${Math.round((Date.now() - began) / 1000)} s${leave === undefined ? '' : ` (${leave})`}`)
    }
    if (isLong) show()
    const timers = [...(isLong ? [] : [setTimeout(show, soon)]), setTimeout(again, late)]
    const ticking = setInterval(() => Date.now() - began > late && again(), every)
    try {
      return await work()
    } finally {
      for (const timer of timers) clearTimeout(timer)
      clearInterval(ticking)
      if (isShown) output.write(wiped)
    }
  }
}
