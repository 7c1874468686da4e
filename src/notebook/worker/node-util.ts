/**
 * What the session, its texts and the judge take from `node:util`, where there is no Node. Of what Node alone can do, one thing is
 * missed: to see through a proxy. A class with a decorator is one, and is shown as a function.
 */
export { format, inspect, stripVTControlCharacters } from 'node-inspect-extracted'
export { isDeepStrictEqual } from './deep-equal'

export const types = {
  isPromise: (value: unknown): boolean => value instanceof Promise,
  isModuleNamespaceObject: (value: unknown): boolean => Object.prototype.toString.call(value) === '[object Module]',
}

/** A page has colours of its own. */
export const styleText = (_style: string, text: string): string => text

type Callback = (error: unknown, ...values: unknown[]) => void

/** For functions whose callback gets one value, as those of `node:fs` do. */
export const promisify =
  (run: (...args: unknown[]) => unknown) =>
  (...args: unknown[]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const done: Callback = (error, value) => (error ? reject(error) : resolve(value))
      run(...args, done)
    })
