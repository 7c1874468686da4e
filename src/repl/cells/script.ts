/**
 * Turns a cell into a script that can run: in Node, or in a worker of a browser.
 *
 * The script is one function, and its variables stay as they were written: a `const` is constant, and closures see later
 * assignments. The cell *exports* each variable to the global object as a getter and a setter, so that the next cell can read
 * and change it.
 */
import type * as TS from 'typescript'
import type { Cell, TypeScript } from './cell'

/** The first parameters of a script. The names that it imports from earlier cells follow them. */
const PARAMETERS = ['$export', '$show', '$import', '$alive', '$left', 'require', 'exports'] as const

export interface Script {
  readonly code: string
  /** The compiled code with its source map, which turns the lines of a stack trace into those that were typed. */
  readonly mapped: string
}

/** The code of a cell in JavaScript, with its source map. It does not depend on what other cells have declared. */
export function javaScriptOf(ts: TypeScript, cell: Cell, file: string): string {
  const { outputText } = ts.transpileModule(`${cell.runnable}\nexport {}`, {
    fileName: file,
    compilerOptions: {
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.CommonJS,
      esModuleInterop: true,
      inlineSourceMap: true,
      inlineSources: true,
      // Without types, an import may look unused although it is the point of the cell.
      verbatimModuleSyntax: false,
    },
    transformers: { before: [(context) => (source) => instrument(ts, context, source, cell.shows)] },
  })
  return outputText
}

/** @param imported names of earlier cells, which are not found on the global object */
export function scriptOf(cell: Cell, mapped: string, imported: readonly string[]): Script {
  const names = cell.declared.filter(({ kind }) => kind !== 'type').map(({ name }) => name)
  const exported = names.map((name) => `${name}: [() => ${name}, ($) => { ${name} = $ }]`).join(', ')
  const head = `(${cell.isAsync ? 'async ' : ''}function (${[...PARAMETERS, ...imported].join(', ')}) { 'use strict'; $export({ ${exported} }); `
  return { code: `${head}${mapped}\n}).apply(undefined, $cell())`, mapped }
}

/**
 * Passes the last expression to `$show`, and what other calls return that stand for themselves to `$left`, with their lines;
 * calls `$alive` in each iteration of a loop.
 */
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
  /** What is in a function runs when somebody calls it: its lines are not those of the cell that runs. */
  const visiting = (isInFunction: boolean) => (node: TS.Node) => visit(node, isInFunction)
  const childrenOf = <T extends TS.Node>(node: T, isInFunction: boolean): T =>
    ts.visitEachChild(node, visiting(isInFunction || ts.isFunctionLike(node)), context)
  const visit = (node: TS.Node, isInFunction: boolean): TS.Node => {
    const seen = childrenOf(node, isInFunction)
    if (!isInFunction && ts.isExpressionStatement(seen) && mayBeLeft(ts, seen.expression)) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart(source))
      const { expression } = call('$left', seen.expression, factory.createNumericLiteral(line + 1))
      return factory.updateExpressionStatement(seen, expression)
    }
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
  // The last statement is the `export {}` that makes the cell a module.
  const lastIndex = source.statements.length - 2
  const statements = source.statements.map((statement, index) => {
    if (shows && index === lastIndex && ts.isExpressionStatement(statement))
      return call('$show', childrenOf(statement, false).expression)
    return visit(statement, false) as TS.Statement
  })
  return factory.updateSourceFile(source, statements)
}

/** Whether it is a call, and does not say what is to be done with a promise. */
function mayBeLeft(ts: TypeScript, expression: TS.Expression): boolean {
  if (!ts.isCallExpression(expression)) return false
  const called = expression.expression
  return !(ts.isPropertyAccessExpression(called) && /^(then|catch|finally)$/.test(called.name.text))
}
