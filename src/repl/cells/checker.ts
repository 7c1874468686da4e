/**
 * Talks to the thread that checks types. It is started after the prompt is shown and needs about half a second to get
 * ready; earlier requests wait. The thread keeps the process alive only while a request is pending.
 */
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { BirpcReturn } from 'birpc'
import { kit, register, typescript } from '../../node/paths'
import type { TypeService, TypeUser } from './checker-protocol'

/** Checkers of sessions that have ended (if `Checker.areKept`), by what they were made with. */
const idle = new Map<string, Checker>()

export class Checker {
  /** Whether a session reuses the checker of an earlier one in the same process, which is ready already. */
  static areKept = false

  /** Returns a checker for a new session. */
  static open(folder: string, prelude: string): Checker {
    const key = `${folder}\n${prelude}`
    const found = idle.get(key)
    idle.delete(key)
    return found ?? new Checker(key, folder, prelude)
  }

  readonly #key: string
  readonly types: BirpcReturn<TypeService, TypeUser>
  /** Settles when the types are known; rejects if they cannot be. */
  readonly ready: Promise<void>
  isReady = false
  readonly #worker: Worker
  #open = 0

  private constructor(key: string, folder: string, prelude: string) {
    this.#key = key
    const files = [register, typescript, join(__dirname, 'checker-worker')]
    const source = files.map((file) => `require(${JSON.stringify(file)})`).join(';')
    const worker = new Worker(source, { eval: true, workerData: { folder, kit, prelude }, execArgv: [] })
    worker.unref()
    this.#worker = worker
    let hearReady: TypeUser['ready'] = () => undefined
    this.ready = new Promise((resolve, reject) => {
      hearReady = () => {
        this.isReady = true
        resolve()
      }
      worker.on('error', reject).on('exit', () => reject(new Error('The type checker has ended.')))
    })
    // Loaded here and not at the top, because the prompt is shown before it is needed.
    const { createBirpc } = require('birpc') as typeof import('birpc')
    this.types = createBirpc<TypeService, TypeUser>(
      { ready: () => hearReady() },
      {
        post: (message) => worker.postMessage(message),
        on: (hear) => worker.on('message', hear),
        onRequest: (_, ask) => this.#keepAlive(() => this.ready.then(() => ask())),
        // On a busy machine, the first request may take any length of time.
        timeout: -1,
      },
    )
    // A request reports the error; without one, it must not be an unhandled rejection.
    this.ready.catch(() => undefined)
    worker.on('error', (error) => this.types.$close(error))
    worker.on('exit', () => this.types.$close(new Error('The type checker has ended.')))
  }

  async close(): Promise<void> {
    if (Checker.areKept && !idle.has(this.#key)) {
      idle.set(this.#key, this)
      return
    }
    // While the thread is not counted, a process that is about to end would not wait for this.
    await this.#keepAlive(() => this.#worker.terminate())
  }

  async #keepAlive<T>(work: () => Promise<T>): Promise<T> {
    if (this.#open++ === 0) this.#worker.ref()
    try {
      return await work()
    } finally {
      if (--this.#open === 0) this.#worker.unref()
    }
  }
}
