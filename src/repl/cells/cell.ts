/**
 * A cell is one input of the prompt: one line, or as many as it takes. This file reads it: is it whole, what does
 * it declare, what must change before it can run. It parses only; nothing here runs or checks anything.
 */
import type * as TS from 'typescript'

export type TypeScript = typeof TS

/** A name that a cell brings into the session. */
export interface Declared {
  readonly name: string
  readonly kind: 'import' | 'let' | 'const' | 'declaration' | 'type'
  /** For an import: the statement that brings this one name in. */
  readonly statement?: string
}

/** Something wrong at a place in the text; lines and columns count from 0. */
export interface Mistake {
  readonly code: number
  readonly message: string
  readonly line: number
  readonly column: number
  readonly length: number
}

export interface Cell {
  /** The text as TypeScript shall read it: an object literal at the start of a line stands in parentheses. */
  readonly text: string
  /** More input is needed before this can mean anything. */
  readonly incomplete: boolean
  readonly mistake?: Mistake
  readonly declared: readonly Declared[]
  /** The text with imports turned into calls and `export` taken away, line for line. */
  readonly runnable: string
  /** The text with its last expression named `_`: what later cells are checked against. */
  readonly kept: string
  /** Whether it ends with an expression, whose value is to be shown. */
  readonly shows: boolean
  readonly isAsync: boolean
}

/** A string or a pattern that ends with its line is wrong; no further line would mend it. */
const NEVER_MENDED = new Set([1002, 1161])

function parse(ts: TypeScript, text: string) {
  const options = {
    languageVersion: ts.ScriptTarget.ES2023,
    // Every cell is a module, with or without imports: only there may `await` stand at the top.
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
    // `{ name: 'Fido' }` is meant as an object, although the grammar sees a block with a label.
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
  const at = file.getLineAndCharacterOfPosition(first.start)
  const message = ts.flattenDiagnosticMessageText(first.messageText, '\n')
  const mistake = { code: first.code, message, line: at.line, column: at.character, length: Math.max(1, first.length) }
  return { text, incomplete, mistake, declared: [], runnable: text, kept: text, shows: false, isAsync: false }
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
  // A destructuring by `const` cannot be told from the learner's own, which is the point: both become names.
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
