/** What the session, its texts and the judge take from `node:util`, where there is no Node. */

// It is there when the next one is loaded.
import './see-through'

import { format, inspect, stripVTControlCharacters } from 'node-inspect-extracted'
import { restore } from './see-through'

restore()

export { isDeepStrictEqual } from './deep-equal'
export { format, inspect, stripVTControlCharacters }

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
