/** What the reader has typed, compiled: once, however often it runs, and whatever becomes of the worker that runs it. */
import type { Mistake } from '../../../repl/cells/cell'
import type { CompiledCell } from '../../compiled-cell'
import { partsOf } from '../../parts'
import type { Run } from '../../run'
import { types } from '../../types/client'

const known = new Map<string, Promise<CompiledCell>>()

/** Rejects if TypeScript cannot be had; it is asked for again the next time. */
export function compiled(text: string): Promise<CompiledCell> {
  const cell = known.get(text) ?? types().compiled(text)
  known.set(text, cell)
  cell.catch(() => known.delete(text))
  return cell
}

/** The parts of what a run runs, if that is no code of the lesson's. */
export const compiledParts = (run: Run): Promise<CompiledCell[]> => Promise.all(partsOf(run).map(compiled))

/**
 * The same run, as one where its code can only be read as a whole: the end of a part may be within a bracket. And what keeps
 * it from being begun, of all parts that it has then: each begins by itself.
 */
export async function readable(run: Run): Promise<{ readonly run: Run; readonly mistake: Mistake | undefined }> {
  const { ends, ...whole } = run
  const mistake = (await compiledParts(run)).find(({ mistake }) => mistake)?.mistake
  return mistake && ends ? readable(whole) : { run, mistake }
}

/** Loads TypeScript before it is needed. */
export const prepareCompiler = (): void => void types()
