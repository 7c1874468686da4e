/**
 * Turns a cell into a script that Node can run.
 *
 * The script is one function, and its variables stay as they were written: a `const` is constant, closures see later
 * assignments. The cell *exports* each of them to the global object by a getter and a setter, so that the next cell can
 * read and change them.
 */
import type * as TS from 'typescript'
import type { Cell, TypeScript } from './cell'

/** The parameters of a script, in this order; after them come the names that it imports from earlier cells. */
const PARAMETERS = ['$export', '$show', '$import', '$alive', 'require', 'exports'] as const

export interface Script {
  readonly code: string
  /** The compiled code with its source map, by which the lines of a stack become those that were typed. */
  readonly mapped: string
}

export function compileCell(ts: TypeScript, cell: Cell, file: string, imported: readonly string[]): Script {
  const { outputText } = ts.transpileModule(`${cell.runnable}\nexport {}`, {
    fileName: file,
    compilerOptions: {
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.CommonJS,
      esModuleInterop: true,
      inlineSourceMap: true,
      inlineSources: true,
      // Types are checked elsewhere, or not at all: an import that looks unused may be what the cell is for.
      verbatimModuleSyntax: false,
    },
    transformers: { before: [(context) => (source) => instrument(ts, context, source, cell.shows)] },
  })
  const names = cell.declared.filter(({ kind }) => kind !== 'type').map(({ name }) => name)
  const exported = names.map((name) => `${name}: [() => ${name}, ($) => { ${name} = $ }]`).join(', ')
  const head = `(${cell.isAsync ? 'async ' : ''}function (${[...PARAMETERS, ...imported].join(', ')}) { 'use strict'; $export({ ${exported} }); `
  return { code: `${head}${outputText}\n}).apply(undefined, $cell())`, mapped: outputText }
}

/** Passes the last expression to `$show`, and asks in each round of a loop whether the cell is still wanted. */
function instrument(
  ts: TypeScript,
  context: TS.TransformationContext,
  source: TS.SourceFile,
  shows: boolean,
): TS.SourceFile {
  const { factory } = context
  const call = (name: string, ...values: TS.Expression[]) =>
    factory.createExpressionStatement(factory.createCallExpression(factory.createIdentifier(name), undefined, values))
  const asking = (body: TS.Statement) =>
    factory.createBlock([call('$alive'), ...(ts.isBlock(body) ? body.statements : [body])], true)
  const visit = (node: TS.Node): TS.Node => {
    const seen = ts.visitEachChild(node, visit, context)
    if (ts.isWhileStatement(seen)) return factory.updateWhileStatement(seen, seen.expression, asking(seen.statement))
    if (ts.isDoStatement(seen)) return factory.updateDoStatement(seen, asking(seen.statement), seen.expression)
    if (ts.isForStatement(seen))
      return factory.updateForStatement(
        seen,
        seen.initializer,
        seen.condition,
        seen.incrementor,
        asking(seen.statement),
      )
    if (ts.isForOfStatement(seen))
      return factory.updateForOfStatement(
        seen,
        seen.awaitModifier,
        seen.initializer,
        seen.expression,
        asking(seen.statement),
      )
    return seen
  }
  // The last statement is the `export {}` that was put there to make a module of the cell.
  const lastIndex = source.statements.length - 2
  const statements = source.statements.map((statement, index) => {
    const seen = ts.visitNode(statement, visit) as TS.Statement
    return shows && index === lastIndex && ts.isExpressionStatement(seen) ? call('$show', seen.expression) : seen
  })
  return factory.updateSourceFile(source, statements)
}
