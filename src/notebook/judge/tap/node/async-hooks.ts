/** In the place of `node:async_hooks`: a page cannot tell on whose behalf a callback runs. */
export class AsyncResource {
  runInAsyncScope<T>(run: (...args: unknown[]) => T, self?: unknown, ...args: unknown[]): T {
    return run.apply(self, args)
  }

  emitDestroy(): this {
    return this
  }
}
