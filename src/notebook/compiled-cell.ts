/**
 * Cells as the session's worker takes them: compiled. That worker has no compiler, so that another one, in its place, is
 * quick. What the lessons have in them is compiled when the page is built; what the reader types, by the worker that knows
 * TypeScript, once.
 */
import type * as TS from 'typescript'
import type { Cell } from '../repl/cells/cell'
import { type Compiler, compilerOf } from '../repl/cells/engine'
import { earlyError } from './early-error'

/** Everything in it can be cloned. */
export interface CompiledCell extends Cell {
  /** With its source map; undefined if the cell cannot be read, or can never begin to run. */
  readonly javaScript?: string
}

export function compiledCell(ts: typeof TS, text: string): CompiledCell {
  const compiler = compilerOf(ts)
  const cell = compiler.read(text)
  if (cell.mistake) return cell
  const javaScript = compiler.javaScript(cell, 'cell.ts')
  const mistake = earlyError(ts, compiler, cell, javaScript)
  return mistake ? { ...cell, mistake } : { ...cell, javaScript }
}

/** Knows some cells, by their texts, and no others. */
export function compilerFor(cells: ReadonlyMap<string, CompiledCell>): Compiler {
  return {
    read(text) {
      const cell = cells.get(text)
      if (!cell) throw new Error(`Nobody has compiled this: ${text}`)
      return cell
    },
    javaScript: (cell) => (cell as CompiledCell).javaScript ?? '',
  }
}
