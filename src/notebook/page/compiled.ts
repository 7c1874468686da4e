/** What the reader has typed, compiled: once, however often it runs, and whatever becomes of the worker that runs it. */
import type { CompiledCell } from '../compiled-cell'
import { types } from '../types/client'

const known = new Map<string, Promise<CompiledCell>>()

/** Rejects if TypeScript cannot be had; it is asked for again the next time. */
export function compiled(text: string): Promise<CompiledCell> {
  const cell = known.get(text) ?? types().compiled(text)
  known.set(text, cell)
  cell.catch(() => known.delete(text))
  return cell
}

/** Loads TypeScript before it is needed. */
export const prepareCompiler = (): void => void types()
