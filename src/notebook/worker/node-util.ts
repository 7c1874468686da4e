/** What the session and its texts take from `node:util`, where there is no Node. */
export { inspect, stripVTControlCharacters } from 'node-inspect-extracted'

export const types = {
  isPromise: (value: unknown): boolean => value instanceof Promise,
  isModuleNamespaceObject: (value: unknown): boolean => Object.prototype.toString.call(value) === '[object Module]',
}

/** A page has colours of its own. */
export const styleText = (_style: string, text: string): string => text
