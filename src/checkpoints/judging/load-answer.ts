/**
 * The learner's folder as code: loads its files, and finds the learner's own lines in the errors that they throw.
 */
import { existsSync } from 'node:fs'
import { basename, join, relative, resolve, sep } from 'node:path'
import type { Place, Trouble } from '../../course/verdict'
import { callAt, lineAt } from '../lines'
import { realFolder, sourceAt, sourcesIn } from '../sources'
import { compileAhead, loadModule, loadTap, syntaxErrorIn, unloadModules } from './host'

/** The learner's code cannot be loaded; the rest of the checkpoint is pointless. */
export class Unloadable extends Error {
  constructor(readonly trouble: Trouble) {
    super(trouble.message)
  }
}

/** What was thrown when a file was loaded, by the hint for it: words of the message, or a test. */
export type LoadHints = Readonly<Record<string, RegExp | ((trouble: Trouble) => boolean)>>

/** The exports of a file in the learner's folder, which is run if it was not loaded yet. */
export function load(folder: string, file: string, hints: LoadHints = {}): Record<string, unknown> {
  const path = join(realFolder(folder), file)
  try {
    return loadModule(path)
  } catch (error) {
    if (!existsSync(path)) throw new Unloadable({ obstacle: 'file', message: `There is no ${file}.` })
    const trouble = troubleOf(error, folder)
    const hint = Object.keys(hints).find((id) => fits(hints[id], trouble))
    throw new Unloadable(hint === undefined ? trouble : { ...trouble, hint })
  }
}

const fits = (test: LoadHints[string] | undefined, trouble: Trouble): boolean =>
  test instanceof RegExp ? test.test(trouble.message) : (test?.(trouble) ?? false)

/** Compiles the files of the learner's folder: that the first waits for TypeScript, and a test for tap, is no fault of the learner's. */
export function prepare(folder: string): void {
  const files = sourcesIn(folder)
  if (files.some((file) => file.endsWith('.test.ts'))) loadTap()
  for (const file of files)
    try {
      compileAhead(join(realFolder(folder), file))
    } catch {
      // It is said when the file is loaded, if it is.
    }
}

/** Makes the next `load` run the folder's files again. */
export function unload(folder: string): void {
  unloadModules(realFolder(folder) + sep)
}

/** Why something that was thrown while loading keeps the learner's code from being judged. */
export function troubleOf(error: unknown, folder: string): Trouble {
  const syntax = syntaxErrorIn(error)
  if (syntax) {
    const { file, line, column, message } = syntax
    const place = { file: relative(realFolder(folder), file), line, column, code: lineAt(sourceAt(file), line) }
    return { obstacle: 'syntax', message, place }
  }
  const { name, message, stack = '', code, hint } = describe(error)
  const place = placeIn(stack, folder)
  const [, missing] = /^Cannot find module '(.*?)'/.exec(message) ?? []
  if (code === 'MODULE_NOT_FOUND' && missing) {
    return { obstacle: 'module', message: `It imports '${missing}', which is not there.`, ...(place && { place }) }
  }
  // What is thrown for the learner to hear of may know its hint.
  const said = asWritten(`${name}: ${message.split('\n')[0]}`, folder, place)
  const threw = { message: said, ...(place && { place }), ...(hint && { hint }) }
  return { obstacle: 'threw', ...threw }
}

/** `    at look (/home/…/dog.ts:3:5)`, or as tap writes it, without `at` and as seen from the working directory. */
const FRAME = /^\s*(?:at )?(?:async )?(?:.*? \()?(?:file:\/\/)?(.+?):(\d+):(\d+)\)?$/

/**
 * The topmost frame of a stack that is in the learner's folder.
 *
 * @param sourceOf the place in the source for one in the compiled code, if that is what the stack has
 */
export function placeIn(
  stack: string,
  folder: string,
  sourceOf: (place: Place) => Place | undefined = (place) => place,
): Place | undefined {
  const inside = realFolder(folder) + sep
  for (const row of stack.split('\n')) {
    const [, path = '', line, column] = FRAME.exec(row) ?? []
    const file = resolve(path)
    const place = file.startsWith(inside) && sourceOf({ file, line: Number(line), column: Number(column) })
    if (place) return { ...place, file: relative(inside, file), code: callAt(sourceAt(file), place.line) }
  }
  return undefined
}

/** `(0 , dog_school_1.Event)`, `dog_1.default`: an imported name, as the compiled code calls it. */
const IMPORTED = /\(0 ?, ?(\w+)_\d+\.(\w+)\)|\b(\w+)_\d+\.(\w+)/g
const DEFAULT_IMPORT = /import (\w+)[^'"]*from ['"](.+?)['"]/g

/** A message with the names that stand in the learner's file, where the compiled code has made up others. */
export function asWritten(message: string, folder: string, place: Place | undefined): string {
  if (!place) return message
  const source = sourceAt(join(folder, place.file))
  return message.replace(IMPORTED, (found, ...groups) => {
    // A variable of the learner's own may be called so.
    if (source.includes(found)) return found
    const [from, name] = groups[0] ? groups : groups.slice(2)
    if (name !== 'default') return name
    const imports = [...source.matchAll(DEFAULT_IMPORT)]
    return imports.find(([, , path = '']) => basename(path).replace(/\W/g, '_') === from)?.[1] ?? name
  })
}

interface Described {
  name: string
  message: string
  stack?: string
  code?: unknown
  hint?: string
}

/** Anything that was thrown, in the shape of an Error. */
function describe(error: unknown): Described {
  return error instanceof Error ? error : { name: 'Thrown', message: String(error) }
}
