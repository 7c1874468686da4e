/** TypeScript as the terminal compiles it. The worker that knows TypeScript does it for the judge, which has no compiler. */
import type * as TS from 'typescript'
import type { Answer, Named, Transpiled } from './protocol'

export const transpiledAnswer = (ts: typeof TS, files: Named): Answer =>
  files.map(([name, text]) => ({ name, text, ...(name.endsWith('.ts') && { transpiled: transpiled(ts, name, text) }) }))

export function transpiled(ts: typeof TS, fileName: string, text: string): Transpiled {
  const { outputText, sourceMapText, diagnostics } = ts.transpileModule(text, {
    fileName,
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
  if (!first) return { code: outputText.replace(/^\/\/# sourceMappingURL=.*$/m, ''), map: sourceMapText ?? '' }
  const { line, character } = first.file?.getLineAndCharacterOfPosition(first.start ?? 0) ?? { line: 0, character: 0 }
  const message = ts.flattenDiagnosticMessageText(first.messageText, '\n').split('\n')[0] ?? ''
  return { problem: { line: line + 1, column: character + 1, message } }
}
