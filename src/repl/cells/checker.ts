/**
 * Asks the thread that knows the types. It is started behind the prompt and takes about a second to warm up; whoever asks
 * earlier waits. It keeps the process alive only while somebody waits for an answer.
 */
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { kit, register } from '../../node/paths'
import type { Mistake } from './cell'
import type { Completion, Description, Request, Response } from './checker-protocol'

type Waiting = { resolve: (value: never) => void; reject: (error: Error) => void }

export class Checker {
  readonly #worker: Worker
  readonly #waiting = new Map<number, Waiting>()
  #last = 0
  #asking = 0
  /** Settles when the types are known; rejects if they cannot be. */
  readonly ready: Promise<void>

  constructor(folder: string, prelude: string) {
    const files = [register, join(__dirname, 'checker-worker')]
    const source = files.map((file) => `require(${JSON.stringify(file)})`).join(';')
    this.#worker = new Worker(source, { eval: true, workerData: { folder, kit, prelude }, execArgv: [] })
    this.#worker.unref()
    this.ready = new Promise((resolve, reject) => {
      this.#waiting.set(0, { resolve: resolve as () => void, reject })
    })
    // Who asks hears of it; nobody need have asked.
    this.ready.catch(() => undefined)
    this.#worker.on('message', (response: Response) => this.#settle(response))
    this.#worker.on('error', (error) => this.#fail(error))
    this.#worker.on('exit', () => this.#fail(new Error('The type checker has ended.')))
  }

  check(header: string, text: string): Promise<Mistake[]> {
    return this.#ask({ ask: 'check', header, text })
  }

  /** Remembers a cell that ran, for those that follow. */
  keep(name: string, header: string, text: string): Promise<void> {
    return this.#ask({ ask: 'keep', name, header, text })
  }

  complete(header: string, text: string, at: number): Promise<Completion[]> {
    return this.#ask({ ask: 'complete', header, text, at })
  }

  typeOf(header: string, expression: string): Promise<string | undefined> {
    return this.#ask({ ask: 'type', header, text: expression })
  }

  describe(header: string, expression: string): Promise<Description | undefined> {
    return this.#ask({ ask: 'describe', header, text: expression })
  }

  exports(module: string): Promise<{ name: string; isType: boolean }[]> {
    return this.#ask({ ask: 'exports', module })
  }

  async close(): Promise<void> {
    // An ending process would not wait for a thread that it does not count.
    this.#asking++
    this.#worker.ref()
    await this.#worker.terminate()
  }

  async #ask<T>(request: Request): Promise<T> {
    if (this.#asking++ === 0) this.#worker.ref()
    try {
      await this.ready
      return await new Promise<T>((resolve, reject) => {
        const id = ++this.#last
        this.#waiting.set(id, { resolve: resolve as (value: never) => void, reject })
        this.#worker.postMessage({ id, ...request })
      })
    } finally {
      if (--this.#asking === 0) this.#worker.unref()
    }
  }

  #settle(response: Response): void {
    const waiting = this.#waiting.get(response.id)
    this.#waiting.delete(response.id)
    if ('error' in response) waiting?.reject(new Error(response.error))
    else waiting?.resolve(response.result as never)
  }

  #fail(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error)
    this.#waiting.clear()
  }
}
