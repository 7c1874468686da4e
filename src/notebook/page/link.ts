/** Starts the worker, and carries the page's calls to it. */
import { type BirpcReturn, createBirpc } from 'birpc'
import type { NotebookWorker } from '../protocol'
import { startWorker } from './start-worker'

type Calls = BirpcReturn<NotebookWorker, Record<never, never>>

export interface Link {
  readonly calls: Calls
  /** Ends the worker, whatever it is doing. */
  end(): void
}

/** @param broken is called when the worker cannot start, or has ended by an error */
export function start(broken: (why: string) => void): Link {
  const started = startWorker('session')
  const withWorker = (use: (worker: Worker) => void) => void started.then(use, () => undefined)
  started.then(
    (worker) => {
      worker.onerror = (event) => broken(event.message || 'its file could not be loaded')
    },
    (error: Error) => broken(error.message),
  )
  const calls: Calls = createBirpc<NotebookWorker, Record<never, never>>(
    {},
    {
      post: (message) => withWorker((worker) => worker.postMessage(message)),
      on: (hear) => withWorker((worker) => worker.addEventListener('message', ({ data }) => hear(data))),
      // A cell may take any length of time.
      timeout: -1,
    },
  )
  return {
    calls,
    end: () =>
      withWorker((worker) => {
        worker.onerror = null
        worker.terminate()
      }),
  }
}
