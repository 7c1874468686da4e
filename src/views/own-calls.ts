/**
 * Knows whether code runs on behalf of a handler of a view: such code must not wait for the view, which waits for it.
 *
 * Node, Bun and Deno know it across awaits; a browser knows only until the first await of a handler.
 */
import { isThenable } from '../events/schema'

interface Call {
  isRunning: boolean
}
interface Callers {
  run<T>(call: Call, handler: () => T): T
  getStore(): Call | undefined
  disable(): void
}
type Host = {
  readonly process?: { getBuiltinModule?(name: string): { readonly AsyncLocalStorage: new () => Callers } | undefined }
}

class UntilAwaited implements Callers {
  #call: Call | undefined
  run<T>(call: Call, handler: () => T): T {
    this.#call = call
    try {
      return handler()
    } finally {
      this.disable()
    }
  }
  getStore() {
    return this.#call
  }
  disable() {
    this.#call = undefined
  }
}

export class OwnCalls {
  readonly #callers: Callers
  /** How many pieces of work are going on. */
  #busy = 0

  constructor() {
    const { AsyncLocalStorage } = (globalThis as Host).process?.getBuiltinModule?.('node:async_hooks') ?? {}
    this.#callers = new (AsyncLocalStorage ?? UntilAwaited)()
  }

  /** Does this code run on behalf of a handler that has not ended? */
  get isInside(): boolean {
    return this.#callers.getStore()?.isRunning === true
  }

  /** Work in which handlers run. When there is none, nothing else is slowed down. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.#busy++
    try {
      return await work()
    } finally {
      if (--this.#busy === 0) this.#callers.disable()
    }
  }

  /** Runs a handler. Returns a promise only if it does. */
  run(handler: () => Promise<void> | undefined): Promise<void> | undefined {
    const call = { isRunning: true }
    const end = (): void => {
      call.isRunning = false
    }
    try {
      const result = this.#callers.run(call, handler)
      if (isThenable(result)) return result?.finally(end)
      end()
      return undefined
    } catch (error) {
      end()
      throw error
    }
  }
}
