/** What the reader has typed, compiled: once, however often it runs, and whatever becomes of the worker that runs it. */
import type { Mistake } from '../../repl/cells/cell'
import type { CompiledCell } from '../compiled-cell'
import { partsOf } from '../parts'
import type { Run } from '../run'
import { types } from '../types/client'

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

/** The same run, as one where its code can only be read as a whole: the end of a part may be within a bracket. */
export async function readable(run: Run): Promise<Run> {
  if ((await compiledParts(run)).every(({ mistake }) => !mistake)) return run
  const { ends: _, ...whole } = run
  return whole
}

/** What keeps a run from being begun: of the parts that it has, as each begins by itself. */
export const mistakeIn = async (run: Run): Promise<Mistake | undefined> =>
  (await compiledParts(run)).find(({ mistake }) => mistake)?.mistake

/** Loads TypeScript before it is needed. */
export const prepareCompiler = (): void => void types()
