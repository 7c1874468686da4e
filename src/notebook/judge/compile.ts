/** TypeScript as the terminal compiles it, and the way back from the compiled code to the place in the source. */
import { TraceMap, traceSegment } from '@jridgewell/trace-mapping'
import type * as TS from 'typescript'
import type { Place } from '../../course/verdict'

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

let ts: typeof TS | undefined
const known = new Map<string, Compiled>()

/** Must have been called before anything is compiled. */
export async function loadCompiler(): Promise<void> {
  ts ??= (await import('typescript')).default
}

/** @throws SyntaxProblem if it is not TypeScript */
export function compiled(file: string, source: string): string {
  const before = known.get(file)
  if (before?.source === source) return before.code
  if (!ts) throw new Error('loadCompiler() comes first')
  const { outputText, sourceMapText, diagnostics } = ts.transpileModule(source, {
    fileName: file,
    reportDiagnostics: true,
    compilerOptions: {
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.CommonJS,
      esModuleInterop: true,
      isolatedModules: true,
      strict: true,
      sourceMap: true,
    },
  })
  const [first] = diagnostics ?? []
  if (first) {
    const { line, character } = first.file?.getLineAndCharacterOfPosition(first.start ?? 0) ?? { line: 0, character: 0 }
    const message = ts.flattenDiagnosticMessageText(first.messageText, '\n').split('\n')[0] ?? ''
    throw new SyntaxProblem({ file, line: line + 1, column: character + 1, message })
  }
  const code = outputText.replace(/^\/\/# sourceMappingURL=.*$/m, '')
  known.set(file, { source, code, map: new TraceMap(sourceMapText ?? '') })
  return code
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

function headOf(error: unknown): string {
  try {
    return `${error}`
  } catch {
    return 'Error'
  }
}
