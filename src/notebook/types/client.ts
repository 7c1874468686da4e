/** Asks the worker that knows TypeScript. It is started when it is asked for the first time, and begins anew if it broke. */
import { createBirpc } from 'birpc'
import { NOT_LOADED, type Types } from './types'

export type { Types } from './types'

let started: Types | undefined

/** Whether it answers without having to load TypeScript first. */
let isLoaded = false

/** Undefined if TypeScript is there; otherwise it resolves when it is, or cannot be had. */
export const untilLoaded = (): Promise<void> | undefined => (isLoaded ? undefined : load().catch(() => undefined))

async function load(): Promise<void> {
  const now = types()
  await now.loaded()
  isLoaded = now === started
}

/** What is asked rejects if the worker cannot be had, as without a network. */
export function types(): Types {
  started ??= start()
  return started
}

function start(): Types {
  const worker = new Worker(new URL('./types-worker.ts', import.meta.url), { type: 'module' })
  const calls = createBirpc<Types, Record<never, never>>(
    {},
    {
      post: (message) => worker.postMessage(message),
      on: (hear) => worker.addEventListener('message', ({ data }) => hear(data)),
      // What it reads first takes a second, or ten on a slow machine.
      timeout: -1,
    },
  )
  worker.onerror = ({ message }) => {
    started = undefined
    isLoaded = false
    worker.terminate()
    calls.$close(new Error(message || NOT_LOADED))
  }
  return calls
}
