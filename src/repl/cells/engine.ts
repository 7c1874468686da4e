/** What cells run on: Node, or a worker of a browser. */
import type { BirpcReturn } from 'birpc'
import { type Cell, readCell, type TypeScript } from './cell'
import type { TypeService, TypeUser } from './checker-protocol'
import { javaScriptOf, type Script } from './script'

export interface Engine {
  readonly guard: Guard
  /** The file that a cell with this name seems to be in. */
  fileOf(cell: string): string
  compiler(): Compiler
  /** Runs a script in the global scope, and returns what its function returns. */
  run(script: Script, file: string): unknown
  /** Resolves in the next turn of the event loop. */
  turn(): Promise<void>
  /** What `require` returns in a cell. */
  load(name: string): unknown
  /** Starts to read the types of these statements. */
  openTypes(prelude: string): Types
}

/** Reads cells, and compiles them. */
export interface Compiler {
  read(text: string): Cell
  /** The code of a cell in JavaScript, with its source map. Only cells that this has read are compiled. */
  javaScript(cell: Cell, file: string): string
}

export const compilerOf = (ts: TypeScript): Compiler => ({
  read: (text) => readCell(ts, text),
  javaScript: (cell, file) => javaScriptOf(ts, cell, file),
})

/** How a cell that does not end can be stopped. It depends on where the session runs. */
export interface Guard {
  /** Runs a function that may never return, so that Ctrl-C can reach it. */
  around<T>(run: () => T): T
  /** Whether Ctrl-C has been pressed meanwhile. A loop that blocks the event loop asks this. */
  stopAsked(): boolean
  /** Whether a signal interrupts synchronous code. */
  readonly breakable: boolean
}

export const noGuard: Guard = { around: (run) => run(), stopAsked: () => false, breakable: false }

/** What checks types, on a thread of its own. */
export interface Types {
  readonly types: BirpcReturn<TypeService, TypeUser>
  /** Settles when the types are known; rejects if they cannot be. */
  readonly ready: Promise<void>
  readonly isReady: boolean
  close(): Promise<void>
}
