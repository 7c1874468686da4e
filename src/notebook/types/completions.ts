/** What may come next in a code: all that fits, the best first. */
import type * as TS from 'typescript'
import type { Completion } from '../page/editor/types'
import type { Completions } from './types'

/** @param importable what an import may be from */
export function completions(
  ts: typeof TS,
  service: TS.LanguageService,
  path: string,
  offset: number,
  importable: readonly string[],
): Completions | undefined {
  const program = service.getProgram()
  const file = program?.getSourceFile(path)
  if (!program || !file) return undefined
  const before = file.text.slice(0, offset)
  const [, imported] = /\b(?:from|import)\s*['"]([^'"\n]*)$/.exec(before) ?? []
  if (imported !== undefined)
    return { from: offset - imported.length, options: importable.map((label) => ({ label, kind: 'module' })) }
  const word = /[\p{ID_Continue}$]*$/u.exec(before)?.[0] ?? ''
  const options = { includeCompletionsForModuleExports: false, includeSymbol: true }
  const found = service.getCompletionsAtPosition(path, offset, options)
  if (!found) return undefined
  const checker = program.getTypeChecker()
  const begins = word.toLowerCase()
  const ranked = found.entries
    .map((entry) => ({ entry, rank: rankOf(entry) }))
    .filter(({ entry: { name, kind, kindModifiers = '' }, rank }) => {
      if (kind === ts.ScriptElementKind.warning || name === '__esModule' || /deprecated/.test(kindModifiers))
        return false
      // There are a thousand names of the language and of Node.
      return found.isMemberCompletion || rank < GLOBAL || name.toLowerCase().startsWith(begins)
    })
    .sort((one, other) => one.rank - other.rank || compare(one.entry.sortText, other.entry.sortText))
  return {
    from: offset - word.length,
    options: ranked.map(({ entry: { name, kind, symbol } }, at): Completion => {
      const detail = at < DETAILED && symbol ? typeOf(ts, checker, symbol, file) : ''
      return { label: name, kind, ...(detail && { detail }) }
    }),
  }
}

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0)

const GLOBAL = 3
/** So many have their types with them. */
const DETAILED = 40
const LONG = 60

/** The learner's own names are first, then the library's and tap's assertions, then those of other packages and the words of the language. */
function rankOf({ symbol }: TS.CompletionEntry): number {
  const path = symbol?.declarations?.[0]?.getSourceFile().fileName
  if (path === undefined) return 2
  if (/^\/(answer|beside|cells)\//.test(path)) return 0
  if (/^\/src\/|\/@tapjs\/asserts\//.test(path)) return 1
  return /\/node_modules\/(typescript|@types|undici-types)\//.test(path) ? GLOBAL : 2
}

function typeOf(ts: typeof TS, checker: TS.TypeChecker, symbol: TS.Symbol, file: TS.SourceFile): string {
  const its = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
  if (!(its.flags & ts.SymbolFlags.Value) || its.flags & ts.SymbolFlags.Class) return ''
  const text = checker.typeToString(checker.getTypeOfSymbolAtLocation(its, file), file)
  return text.length > LONG || text === 'any' ? '' : text
}
