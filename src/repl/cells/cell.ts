/**
 * A cell is one input of the prompt, of one or more lines. This file parses it: whether it is complete, what it declares,
 * and what must change before it can run. Nothing here runs a cell or checks its types.
 */
import type * as TS from 'typescript'

export type TypeScript = typeof TS

/** A name that a cell adds to the session. */
export interface Declared {
  readonly name: string
  readonly kind: 'import' | 'let' | 'const' | 'declaration' | 'type'
  /** For an import: a statement that imports this name alone. */
  readonly statement?: string
}

/** An error and its place in the text. Lines and columns count from 0. */
export interface Mistake {
  /** TypeScript's number of it; 0 if it is not TypeScript that says it. */
  readonly code: number
  readonly message: string
  readonly line: number
  readonly column: number
  readonly length: number
}

export interface Cell {
  /** The input as TypeScript should parse it: an object literal at the start is put in parentheses. */
  readonly text: string
  /** Whether more lines must follow. */
  readonly incomplete: boolean
  readonly mistake?: Mistake
  readonly declared: readonly Declared[]
  /** The text with imports turned into calls and without `export`. Line numbers stay the same. */
  readonly runnable: string
  /** The text with its last expression exported as `_`. Later cells are checked against this. */
  readonly kept: string
  /** Whether it ends with an expression, whose value will be shown. */
  readonly shows: boolean
  readonly isAsync: boolean
}

/** Unterminated strings and regular expressions: more lines would not complete them. */
const NEVER_MENDED = new Set([1002, 1161])

function parse(ts: TypeScript, text: string) {
  const options = {
    languageVersion: ts.ScriptTarget.ES2023,
    // Every cell is a module, even without imports, because only modules may have `await` at the top level.
    setExternalModuleIndicator: (file: TS.SourceFile) => Object.assign(file, { externalModuleIndicator: true }),
  }
  const file = ts.createSourceFile('cell.ts', text, options, true)
  const { parseDiagnostics } = file as TS.SourceFile & { parseDiagnostics: TS.DiagnosticWithLocation[] }
  return { file, first: parseDiagnostics[0] }
}

export function readCell(ts: TypeScript, input: string): Cell {
  let text = input
  let { file, first } = parse(ts, text)
  let cutShort = endsTooSoon(first, text)
  if (/^\s*\{/.test(input) && !/;\s*$/.test(input)) {
    // `{ name: 'Fido' }` is meant as an object, although it parses as a block with a label.
    const wrapped = `(${input.trimEnd()}\n)`
    const asObject = parse(ts, wrapped)
    if (!asObject.first) [text, file, first, cutShort] = [wrapped, asObject.file, undefined, false]
    else cutShort ||= first !== undefined && endsTooSoon(parse(ts, `(${input}`).first, `(${input}`)
  }
  if (first) return broken(ts, file, first, text, cutShort)

  const declared = file.statements.flatMap((statement) => declarations(ts, statement))
  const edits = file.statements.flatMap((statement) => runnableEdits(ts, statement))
  const last = file.statements.at(-1)
  const shown = last && ts.isExpressionStatement(last) ? last : undefined
  const named = shown ? [{ from: shown.getStart(), to: shown.end, text: nameIt(shown) }] : []
  return {
    text,
    incomplete: false,
    declared,
    runnable: edited(text, edits),
    kept: edited(text, named),
    shows: shown !== undefined,
    isAsync: awaits(ts, file),
  }
}

function endsTooSoon(mistake: TS.Diagnostic | undefined, text: string): boolean {
  return mistake !== undefined && (mistake.start ?? 0) >= text.trimEnd().length && !NEVER_MENDED.has(mistake.code)
}

function broken(
  ts: TypeScript,
  file: TS.SourceFile,
  first: TS.DiagnosticWithLocation,
  text: string,
  incomplete: boolean,
): Cell {
  const mistake = mistakeOf(ts, file, first)
  return { text, incomplete, mistake, declared: [], runnable: text, kept: text, shows: false, isAsync: false }
}

/** What TypeScript says of a file, at the place where it begins. */
export function mistakeOf(
  ts: TypeScript,
  file: TS.SourceFile,
  { code, messageText, start = 0, length = 1 }: TS.Diagnostic,
): Mistake {
  const { line, character: column } = file.getLineAndCharacterOfPosition(start)
  const message = ts.flattenDiagnosticMessageText(messageText, '\n')
  return { code, message, line, column, length: Math.max(1, length) }
}

function nameIt(statement: TS.ExpressionStatement): string {
  return `export const _ = (${statement.expression.getText()});`
}

function declarations(ts: TypeScript, statement: TS.Statement): Declared[] {
  if (ts.isImportDeclaration(statement)) return imported(ts, statement)
  if (ts.isVariableStatement(statement)) {
    const kind = statement.declarationList.flags & ts.NodeFlags.Const ? 'const' : 'let'
    return statement.declarationList.declarations.flatMap(({ name }) =>
      bound(ts, name).map((each) => ({ name: each, kind })),
    )
  }
  if (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement))
    return [{ name: statement.name.text, kind: 'type' }]
  if (ts.isImportEqualsDeclaration(statement))
    return [{ name: statement.name.text, kind: 'import', statement: statement.getText() }]
  const isNamed =
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isEnumDeclaration(statement) ||
    ts.isModuleDeclaration(statement)
  return isNamed && statement.name ? [{ name: statement.name.text, kind: 'declaration' }] : []
}

function bound(ts: TypeScript, name: TS.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text]
  return name.elements.flatMap((element) => (ts.isBindingElement(element) ? bound(ts, element.name) : []))
}

function imported(ts: TypeScript, statement: TS.ImportDeclaration): Declared[] {
  const clause = statement.importClause
  if (!clause) return []
  const from = statement.moduleSpecifier.getText()
  const kindOf = (isType: boolean) => (isType ? ('type' as const) : ('import' as const))
  const word = clause.isTypeOnly ? 'import type' : 'import'
  const names: Declared[] = []
  const add = (name: string, isType: boolean, what: string) =>
    names.push({ name, kind: kindOf(isType), statement: `${word} ${what} from ${from}` })
  if (clause.name) add(clause.name.text, clause.isTypeOnly, clause.name.text)
  const bindings = clause.namedBindings
  if (bindings && ts.isNamespaceImport(bindings)) add(bindings.name.text, clause.isTypeOnly, bindings.getText())
  if (bindings && ts.isNamedImports(bindings))
    for (const each of bindings.elements)
      add(each.name.text, clause.isTypeOnly || each.isTypeOnly, `{ ${each.getText()} }`)
  return names
}

interface Edit {
  readonly from: number
  readonly to: number
  readonly text: string
}

function edited(text: string, edits: readonly Edit[]): string {
  return [...edits]
    .sort((a, b) => b.from - a.from)
    .reduce((result, edit) => result.slice(0, edit.from) + edit.text + result.slice(edit.to), text)
}

function runnableEdits(ts: TypeScript, statement: TS.Statement): Edit[] {
  const whole = { from: statement.getStart(), to: statement.end }
  const blank = '\n'.repeat(statement.getText().split('\n').length - 1)
  if (ts.isImportDeclaration(statement)) return [{ ...whole, text: importCall(ts, statement) + blank }]
  if (ts.isExportDeclaration(statement)) return [{ ...whole, text: blank }]
  if (ts.isImportEqualsDeclaration(statement) && ts.isExternalModuleReference(statement.moduleReference))
    return [{ ...whole, text: statement.getText().replace(/^(export\s+)?import\b/, 'const') }]
  if (!ts.canHaveModifiers(statement)) return []
  return (ts.getModifiers(statement) ?? [])
    .filter(({ kind }) => kind === ts.SyntaxKind.ExportKeyword || kind === ts.SyntaxKind.DefaultKeyword)
    .map((modifier) => ({ from: modifier.getStart(), to: modifier.end, text: '' }))
}

/** `import a, { b as c } from 'x'` as `const { default: a, b: c } = $import('x')`. */
function importCall(ts: TypeScript, statement: TS.ImportDeclaration): string {
  const clause = statement.importClause
  const call = `$import(${statement.moduleSpecifier.getText()})`
  if (!clause) return `void ${call};`
  if (clause.isTypeOnly) return ''
  const parts: string[] = []
  if (clause.name) parts.push(`default: ${clause.name.text}`)
  const bindings = clause.namedBindings
  if (bindings && ts.isNamespaceImport(bindings)) parts.push(`'*': ${bindings.name.text}`)
  if (bindings && ts.isNamedImports(bindings))
    for (const { name, propertyName, isTypeOnly } of bindings.elements)
      if (!isTypeOnly) parts.push(`${(propertyName ?? name).getText()}: ${name.text}`)
  // It looks just like destructuring that the learner typed, so its names are exported in the same way.
  return parts.length > 0 ? `const { ${parts.join(', ')} } = ${call};` : ''
}

function awaits(ts: TypeScript, node: TS.Node): boolean {
  if (ts.isFunctionLike(node)) return false
  if (ts.isAwaitExpression(node)) return true
  if (ts.isForOfStatement(node) && node.awaitModifier) return true
  if (ts.isVariableDeclarationList(node) && (node.flags & ts.NodeFlags.AwaitUsing) === ts.NodeFlags.AwaitUsing)
    return true
  return ts.forEachChild(node, (child) => awaits(ts, child) || undefined) ?? false
}
