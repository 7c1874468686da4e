/** What the compiler has made of the files of answers, and the way back from the compiled code to the place in the source. */
import { TraceMap, traceSegment } from '@jridgewell/trace-mapping'
import type { Place } from '../../course/verdict'
import type { Transpiled } from './protocol'

export class SyntaxProblem extends Error {
  constructor(readonly complaint: Place & { readonly message: string }) {
    super(complaint.message)
  }
}

interface Compiled {
  readonly source: string
  readonly code: string
  readonly map: TraceMap
}

/** By their paths. */
const known = new Map<string, Compiled>()
const broken = new Map<string, { readonly source: string; readonly problem: SyntaxProblem }>()

/** Must have been called before this file is asked for. */
export function know(file: string, source: string, transpiled: Transpiled): void {
  if ('problem' in transpiled) broken.set(file, { source, problem: new SyntaxProblem({ file, ...transpiled.problem }) })
  else known.set(file, { source, code: transpiled.code, map: new TraceMap(transpiled.map) })
}

/** @throws SyntaxProblem if it is not TypeScript */
export function compiled(file: string, source: string): string {
  const before = known.get(file)
  if (before?.source === source) return before.code
  const wrong = broken.get(file)
  if (wrong?.source === source) throw wrong.problem
  throw new Error(`${file} is not a file of this answer: nobody has compiled it`)
}

export const isCompiled = (file: string): boolean => known.has(file)

/** Lines and columns count from 1. There is none for code that the compiler has added. */
export function placeInSource({ file, line, column }: Place): Place | undefined {
  const map = known.get(file)?.map
  if (!map) return undefined
  const [, , originalLine, originalColumn] = traceSegment(map, line - 1, column - 1) ?? []
  return originalLine === undefined ? undefined : { file, line: originalLine + 1, column: (originalColumn ?? 0) + 1 }
}

/** For tap, which looks for places itself: the entry that a place belongs to, as `SourceMap` of Node gives it. All count from 0. */
export const sourceMapOf = (file: string) => {
  const map = known.get(file)?.map
  return (
    map && {
      findEntry(line: number, column: number) {
        const [generatedColumn, , originalLine, originalColumn] = traceSegment(map, line, column) ?? []
        if (originalLine === undefined) return {}
        return { generatedLine: line, generatedColumn, originalSource: file, originalLine, originalColumn }
      },
    }
  )
}

/** Shows stack traces in the sources, and leaves out the frames of code that the compiler has added. */
export function showSources(): void {
  Error.prepareStackTrace = (error, frames) => {
    const rows = frames.flatMap((frame) => {
      const file = frame.getFileName() ?? frame.getScriptNameOrSourceURL?.()
      const [line, column] = [frame.getLineNumber() ?? 0, frame.getColumnNumber() ?? 0]
      if (!file || !isCompiled(file)) return [`${frame}`]
      const place = placeInSource({ file, line, column })
      return place ? [`${frame}`.replace(`${file}:${line}:${column}`, `${file}:${place.line}:${place.column}`)] : []
    })
    return [headOf(error), ...rows.map((row) => `    at ${row}`)].join('\n')
  }
}

/** What stands above its frames. */
export function headOf(error: unknown): string {
  try {
    return `${error}`
  } catch {
    return 'Error'
  }
}
