/** A long poll: the newest position, as soon as it is not the one that the client knows. */
import type { Recorder } from '../port/recorder'
import { Refusal } from './parameters'

/** How many may wait at a time. */
export class Places {
  #free: number
  constructor(places: number) {
    this.#free = places
  }

  /** @throws Refusal if all are taken */
  async taken<T>(wait: () => Promise<T>): Promise<T> {
    if (this.#free < 1)
      throw new Refusal(503, 'TOO_MANY_FOLLOWERS', 'Too many wait for news of this log: ask again later')
    this.#free--
    try {
      return await wait()
    } finally {
      this.#free++
    }
  }
}

/**
 * The newest position. While it is `after`, this waits up to `wait` milliseconds for another one, which is an earlier
 * one if the log was cut.
 */
export async function newest(
  recorder: Pick<Recorder, 'maxNotificationId' | 'watch'>,
  after: number | undefined,
  wait: number,
  signal: AbortSignal,
  places: Places,
): Promise<number> {
  const position = await recorder.maxNotificationId()
  if (position !== after || wait < 1) return position
  return places.taken(async () => {
    let isOver = signal.aborted
    let wake = (): void => undefined
    const end = () => {
      isOver = true
      wake()
    }
    const timer = setTimeout(end, wait)
    signal.addEventListener('abort', end)
    const leave = recorder.watch(() => wake())
    try {
      for (;;) {
        // Made before the position is read, so that nothing happens unseen in between.
        const woken = new Promise<void>((resolve) => (wake = resolve))
        const position = await recorder.maxNotificationId()
        if (position !== after || isOver) return position
        await woken
      }
    } finally {
      leave()
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
    }
  })
}
