/**
 * Cells that can be read, and can never begin to run: a name is declared twice, an `await` is in a function that is not async.
 *
 * TypeScript says some of that about code which does run. So the engine is asked whether it takes the script, which it reads
 * and does not run; TypeScript has the words and the place.
 */
import type * as TS from 'typescript'
import { type Cell, type Mistake, mistakeOf } from '../repl/cells/cell'
import type { Compiler } from '../repl/cells/engine'
import { FINE } from '../repl/cells/scope'
import { scriptOf } from '../repl/cells/script'

/** To an engine a cell is a function, which may return. */
const RETURN = 1108
/** What else than the grammar, whose numbers begin with 1, is about code that cannot begin. */
const MEANING = new Set([
  2300, 2335, 2337, 2357, 2364, 2392, 2393, 2406, 2440, 2441, 2451, 2462, 2481, 2487, 2492, 2524, 2567, 2660, 2777,
  2779, 5076, 18016, 18037,
])
const isEarly = ({ code }: TS.Diagnostic) => MEANING.has(code) || (code >= 1000 && code < 2000 && !FINE.has(code))

/** What keeps this cell, which can be read, from being begun; undefined if nothing does. */
export function earlyError(ts: typeof TS, compiler: Compiler, cell: Cell, javaScript: string): Mistake | undefined {
  const why = refusal(cell, javaScript)
  if (why === undefined && !/\breturn\b/.test(cell.text)) return undefined
  const { file, diagnostics } = told(ts, cell.text)
  const diagnostic = diagnostics.find(why === undefined ? ({ code }) => code === RETURN : isEarly)
  if (diagnostic) return mistakeOf(ts, file, diagnostic)
  if (why === undefined) return undefined
  // Of the rest, the engine says no place: it is in the first statement that it does not take.
  const wrong = file.statements.find(({ end }) => {
    const upTo = compiler.read(cell.text.slice(0, end))
    return !upTo.mistake && refusal(upTo, compiler.javaScript(upTo, 'cell.ts')) !== undefined
  })
  const { line, character: column } = file.getLineAndCharacterOfPosition(wrong?.getStart() ?? 0)
  return { code: 0, message: `SyntaxError: ${why}`, line, column, length: 1 }
}

/** Why the engine does not take the script of a cell. Nothing runs. */
function refusal(cell: Cell, javaScript: string): string | undefined {
  try {
    new Function(scriptOf(cell, javaScript, []).code)
  } catch (error) {
    // Where a host forbids it to be asked, it says so when the cell runs.
    if (error instanceof SyntaxError) return error.message
  }
  return undefined
}

/** What TypeScript says of a text by itself, from the top: it knows no types, and no other cell. */
function told(ts: typeof TS, text: string) {
  const name = 'cell.ts'
  const file = ts.createSourceFile(name, `${text}\nexport {}`, ts.ScriptTarget.ES2023, true)
  const host: TS.CompilerHost = {
    getSourceFile: (asked) => (asked === name ? file : undefined),
    fileExists: (asked) => asked === name,
    readFile: () => undefined,
    writeFile: () => undefined,
    getDefaultLibFileName: () => '',
    getCurrentDirectory: () => '/',
    getCanonicalFileName: (asked) => asked,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => '\n',
  }
  const options = { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.CommonJS, noLib: true, noResolve: true }
  const program = ts.createProgram([name], { ...options, types: [] }, host)
  return { file, diagnostics: ts.sortAndDeduplicateDiagnostics(program.getSemanticDiagnostics(file)) }
}
