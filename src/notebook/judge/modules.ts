/** The modules of an answer: files in memory, run as Node runs them; what else they may ask for is given. */

import { readFileSync, statSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import type { Asked } from '../../checkpoints/judging/stand-between'
import { realFolder } from '../../checkpoints/sources'
import { compiled, SyntaxProblem } from './compile'

interface Module {
  exports: Record<string, unknown>
}
type Load = (request: string, from: string | undefined) => unknown

const cache = new Map<string, Module>()
let others: Readonly<Record<string, () => unknown>> = {}

/** What is there besides the files: modules by their names. */
export function provide(modules: typeof others): void {
  others = modules
}

const isFile = (path: string) => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
const endings = ['', '.js', '.json', '.ts', '/index.js', '/index.ts']

/** A file with its whole path, or the name of something that is provided. */
function resolved(request: string, from: string | undefined): string {
  if (/^(\.{1,2}(\/|$)|\/)/.test(request)) {
    const path = join(request.startsWith('/') ? '/' : dirname(from ?? '/'), request)
    const found = [path, path.replace(/\.js$/, '')]
      .flatMap((each) => endings.map((ending) => each + ending))
      .find(isFile)
    if (found) return found
  } else {
    const name = Object.hasOwn(others, `node:${request}`) ? `node:${request}` : request
    if (Object.hasOwn(others, name)) return name
    if (name.startsWith('node:'))
      throw Object.assign(new Error(`No such built-in module: ${name}`), { code: 'ERR_UNKNOWN_BUILTIN_MODULE' })
  }
  const stack = from ? `\nRequire stack:\n- ${from}` : ''
  throw Object.assign(new Error(`Cannot find module '${request}'${stack}`), { code: 'MODULE_NOT_FOUND' })
}

let load: Load = (request, from) => {
  const name = resolved(request, from)
  return others[name] ? others[name]() : loadModule(name)
}

/** A direct call would run the code in the scope of this module. */
// biome-ignore lint/security/noGlobalEval: it is what this worker is for
const evaluate: (code: string) => unknown = globalThis.eval

/** What stands before the code in its first line. */
const BEGIN = '(function (exports, require, module, __filename, __dirname) { '

export function loadModule(path: string): Record<string, unknown> {
  const file = resolved(path, undefined)
  const known = cache.get(file)
  if (known) return known.exports
  const module: Module = { exports: {} }
  cache.set(file, module)
  try {
    run(file, module)
  } catch (error) {
    cache.delete(file)
    throw error
  }
  return module.exports
}

function run(file: string, module: Module): void {
  const source = readFileSync(file, 'utf8') as string
  if (file.endsWith('.json')) {
    module.exports = JSON.parse(source)
    return
  }
  const code = file.endsWith('.ts') ? compiled(file, source) : source
  const begin = evaluate(`${BEGIN}${code}\n})\n//# sourceURL=${file}`) as (...args: unknown[]) => void
  const require = Object.assign((request: string) => load(request, file), {
    resolve: (request: string) => resolved(request, file),
    cache: {},
  })
  begin.call(module.exports, module.exports, require, module, file, dirname(file))
}

export function unloadModules(inside: string): void {
  for (const path of cache.keys()) if (path.startsWith(inside)) cache.delete(path)
}

export function compileAhead(file: string): void {
  compiled(file, readFileSync(file, 'utf8') as string)
}

export const syntaxErrorIn = (error: unknown) => (error instanceof SyntaxProblem ? error.complaint : undefined)

/** Answers what files of this folder ask for, until the function that it returns is called. */
export function standBetween(folder: string, answer: (asked: Asked) => unknown): () => void {
  const inside = realFolder(folder) + sep
  const before = load
  load = (request, from) => {
    if (!from?.startsWith(inside)) return before(request, from)
    return answer({
      request,
      from,
      resolved() {
        try {
          return resolved(request, from)
        } catch {
          return undefined
        }
      },
      load: () => before(request, from),
    })
  }
  return () => {
    load = before
  }
}
