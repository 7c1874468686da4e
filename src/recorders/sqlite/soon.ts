/**
 * Runs work in the next turn of the event loop. In a browser a message does that: a timer that is started from a timer
 * waits for 4 milliseconds.
 */
export const soon: (work: () => void) => void =
  typeof setImmediate === 'function' ? setImmediate : typeof MessageChannel === 'function' ? byMessage : setTimeout

const waiting: (() => void)[] = []
let post: (() => void) | undefined

function byMessage(work: () => void): void {
  post ??= channel()
  waiting.push(work)
  post()
}

function channel(): () => void {
  const { port1, port2 } = new MessageChannel() as {
    port1: { onmessage?: (() => void) | null }
    port2: { postMessage(message: unknown): void }
  }
  port1.onmessage = () => waiting.shift()?.()
  return () => port2.postMessage(undefined)
}
