/** Starts a worker, and carries calls between the page and it. */
import { type BirpcReturn, createBirpc } from 'birpc'
import type { NotebookPage, NotebookWorker } from '../../protocol'
import { startWorker } from './start-worker'

type Calls = BirpcReturn<NotebookWorker, NotebookPage>

export interface Link {
  /** They are answered one after the other; none of them is, once the worker has ended. */
  readonly calls: Calls
  /** Rejects when the worker cannot start, or has ended by an error. */
  readonly broken: Promise<never>
  /** Ends the worker, whatever it is doing. */
  end(): void
}

export function start(page: Omit<NotebookPage, 'holds'>): Link {
  const started = startWorker('session')
  let end = () => {}
  const withWorker = (use: (worker: Worker) => void) => void started.then(use, () => undefined)
  let gone = () => {}
  const broken = new Promise<never>((_, reject) => {
    gone = () => reject(new Error('nothing said why'))
    started.then((worker) => {
      worker.onerror = (event) => reject(new Error(event.message || 'its file could not be loaded'))
    }, reject)
  })
  const here: NotebookPage = { ...page, holds: (lock) => void navigator.locks.request(lock, () => gone()) }
  const calls: Calls = createBirpc<NotebookWorker, NotebookPage>(here, {
    post: (message) => withWorker((worker) => worker.postMessage(message)),
    on: (hear) => withWorker((worker) => worker.addEventListener('message', ({ data }) => hear(data))),
    // A cell may take any length of time.
    timeout: -1,
  })
  const ended = new Promise<void>((resolve) => {
    end = resolve
  })
  void ended.then(() =>
    withWorker((worker) => {
      worker.onerror = null
      worker.terminate()
    }),
  )
  return { calls, broken, end }
}
