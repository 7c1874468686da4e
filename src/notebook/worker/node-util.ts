/**
 * What the session and its texts take from `node:util`, where there is no Node. Of what Node alone can do, one thing is
 * missed: to see through a proxy. A class with a decorator is one, and is shown as a function.
 */
export { inspect, stripVTControlCharacters } from 'node-inspect-extracted'

export const types = {
  isPromise: (value: unknown): boolean => value instanceof Promise,
  isModuleNamespaceObject: (value: unknown): boolean => Object.prototype.toString.call(value) === '[object Module]',
}

/** A page has colours of its own. */
export const styleText = (_style: string, text: string): string => text
