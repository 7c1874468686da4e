/** The files of an answer as modules of Node, and tap as a module that is loaded when somebody needs it. */
import { findSourceMap } from 'node:module'
import { resolve } from 'node:path'
import type { Place } from '../../course/verdict'
import { kit } from '../../node/paths'

const { compileAhead, originalPlace } = require('../../node/register.cjs') as {
  /** Compiles a file that is loaded later. */
  compileAhead(file: string): void
  /** Columns count from 0. */
  originalPlace(compiled: Place): Place | undefined
}

export { compileAhead }

/** The exports of a file, which is run if it was not loaded yet. */
export const loadModule = (path: string): Record<string, unknown> => require(path)

/** Makes the files whose paths begin so run again when they are loaded. */
export function unloadModules(inside: string): void {
  for (const path of Object.keys(require.cache)) if (path.startsWith(inside)) delete require.cache[path]
}

/** Why a file that was to be loaded is no TypeScript: the first complaint of the compiler, and where it is. */
export function syntaxErrorIn(error: unknown): (Place & { readonly message: string }) | undefined {
  const { name, diagnosticText } = Object(error) as { readonly name?: string; readonly diagnosticText?: string }
  // ts-node: `dog.ts(3,17): error TS1005: ',' expected.`
  const [, file, line, column, message] = /^(.+?)\((\d+),(\d+)\): error TS\d+: (.*)/.exec(diagnosticText ?? '') ?? []
  if (name !== 'TSError' || !file || !message) return undefined
  // It names files as seen from the kit.
  return { file: resolve(kit, file), line: Number(line), column: Number(column), message }
}

/** The place in the source for one in the compiled code. */
export function placeInSource(place: Place): Place | undefined {
  const { file, line, column } = place
  // Node itself may have been started with source maps: then whoever has found the place has used them.
  if (findSourceMap(file)) return place
  const original = originalPlace({ file, line, column: column - 1 })
  return original && { ...original, column: original.column + 1 }
}

export const tap = (): typeof import('tap') => require('tap')

/** tap makes an object of this class for each test. */
export const assertionsOfTap = (): { readonly prototype: object } =>
  require(require.resolve('@tapjs/asserts', { paths: [require.resolve('tap')] })).Assertions
