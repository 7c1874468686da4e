/**
 * Node's types would be two thirds of what the checker reads, and few lines need them. So it starts with the most common
 * globals, declared here as in @types/node, and reads all of @types/node when something needs more.
 */
import { isBuiltin } from 'node:module'
import { runInNewContext } from 'node:vm'
import jsTokens from 'js-tokens'

/** Used instead of @types/node. Anything else is an unknown name, and a line with an error is checked again with all types. */
export const FEW_GLOBALS = `
interface Console {
  assert(value: any, message?: string, ...optionalParams: any[]): void
  debug(message?: any, ...optionalParams: any[]): void
  error(message?: any, ...optionalParams: any[]): void
  group(...label: any[]): void
  groupEnd(): void
  info(message?: any, ...optionalParams: any[]): void
  log(message?: any, ...optionalParams: any[]): void
  table(tabularData: any, properties?: readonly string[]): void
  time(label?: string): void
  timeEnd(label?: string): void
  trace(message?: any, ...optionalParams: any[]): void
  warn(message?: any, ...optionalParams: any[]): void
}
declare var console: Console
declare namespace NodeJS {
  interface Timeout {
    close(): this
    hasRef(): boolean
    ref(): this
    refresh(): this
    unref(): this
    [Symbol.toPrimitive](): number
  }
}
declare function setInterval<TArgs extends any[]>(callback: (...args: TArgs) => void, delay?: number, ...args: TArgs): NodeJS.Timeout
declare function setInterval(callback: (_: void) => void, delay?: number): NodeJS.Timeout
declare function setTimeout<TArgs extends any[]>(callback: (...args: TArgs) => void, delay?: number, ...args: TArgs): NodeJS.Timeout
declare function setTimeout(callback: (_: void) => void, delay?: number): NodeJS.Timeout
declare function clearInterval(timeout: NodeJS.Timeout | string | number | undefined): void
declare function clearTimeout(timeout: NodeJS.Timeout | string | number | undefined): void
declare function queueMicrotask(callback: () => void): void
/** The library accepts one; a line that makes one mentions URL and so gets all types. */
interface URL { readonly href: string; readonly searchParams: never }
`

/** Replaces the few. */
export const ALL_OF_NODE = '/// <reference types="node" />'

const few = new Set([...FEW_GLOBALS.matchAll(/^declare (?:var|function) (\w+)/gm)].map(([, name]) => name))
const language = new Set(runInNewContext('Object.getOwnPropertyNames(globalThis)') as string[])
const ofNode = new Set([
  ...Object.getOwnPropertyNames(globalThis).filter((name) => !language.has(name) && !few.has(name)),
  ...['globalThis', 'require', 'module', 'exports', '__filename', '__dirname', 'NodeJS'],
])

/** Whether a text mentions a module or a global of Node that is not among the few. */
export function mentionsNode(text: string): boolean {
  let before = ''
  for (const { type, value } of jsTokens(text)) {
    if (/^WhiteSpace|^LineTerminator|Comment$/.test(type)) continue
    if (type === 'IdentifierName' && ofNode.has(value) && before !== '.' && before !== '?.') return true
    const isModule = before === 'from' || before === 'import' || before === '('
    if (isModule && /^StringLiteral|^NoSubstitution/.test(type) && isBuiltin(value.slice(1, -1))) return true
    before = value
  }
  return false
}
