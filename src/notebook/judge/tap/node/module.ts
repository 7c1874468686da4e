/** In the place of `node:module`: tap asks it where a line of compiled code comes from. */

/** What the entry nearest to a place in the compiled code says. All count from 0. */
export interface Entry {
  readonly generatedLine: number
  readonly generatedColumn: number
  readonly originalSource: string
  readonly originalLine: number
  readonly originalColumn: number
}

export type FindSourceMap = (file: string) => { findEntry(line: number, column: number): Entry | object } | undefined

let find: FindSourceMap = () => undefined

export function useSourceMaps(findSourceMap: FindSourceMap): void {
  find = findSourceMap
}

export const findSourceMap: FindSourceMap = (file) => find(file)
/** Node 24 has them. */
export const registerHooks = undefined
export const builtinModules: readonly string[] = []
export const isBuiltin = (_name: string): boolean => false
export const createRequire = () => {
  const require = (name: string) => {
    throw Object.assign(new Error(`Cannot find module '${name}'`), { code: 'MODULE_NOT_FOUND' })
  }
  return Object.assign(require, { resolve: require })
}
