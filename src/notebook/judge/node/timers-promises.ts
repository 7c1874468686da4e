/** In the place of `node:timers/promises`. */
import { setImmediate as atOnce, setTimeout as later } from './timers'

export function setTimeout<T>(delay?: number, value?: T, { ref = true } = {}): Promise<T | undefined> {
  return new Promise((resolve) => {
    const timer = later(() => resolve(value), delay)
    if (!ref) timer.unref()
  })
}

export const setImmediate = <T>(value?: T): Promise<T | undefined> =>
  new Promise((resolve) => {
    atOnce(() => resolve(value))
  })
