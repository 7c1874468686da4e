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
const PARAMETERS = ['$export', '$show', '$import', '$alive', '$left', '$each', 'require', 'exports'] as const

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
 * Passes the last expression to `$show`, what other calls return that stand for themselves to `$left`, and what waits within
 * `forEach` to `$each`, with their lines; calls `$alive` in each iteration of a loop.
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
  const lineOf = (node: TS.Node) =>
    factory.createNumericLiteral(source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1)
  const asking = (body: TS.Statement) =>
    factory.createBlock([call('$alive'), ...(ts.isBlock(body) ? body.statements : [body])], true)
  const visiting = (isInFunction: boolean) => (node: TS.Node) => visit(node, isInFunction)
  const childrenOf = <T extends TS.Node>(node: T, isInFunction: boolean): T =>
    ts.visitEachChild(node, visiting(isInFunction || ts.isFunctionLike(node)), context)
  const visit = (node: TS.Node, isInFunction: boolean): TS.Node => {
    const seen = childrenOf(node, isInFunction)
    if (ts.isExpressionStatement(seen) && mayBeLeft(ts, seen.expression, isInFunction))
      return factory.updateExpressionStatement(seen, call('$left', seen.expression, lineOf(node)).expression)
    const forEach = forEachIn(ts, seen)
    if (forEach && ts.isCallExpression(seen)) {
      const [work, ...others] = seen.arguments
      const counted = call('$each', work as TS.Expression, lineOf(forEach)).expression
      return factory.updateCallExpression(seen, seen.expression, seen.typeArguments, [counted, ...others])
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

/**
 * Whether it is a call, and does not say what is to be done with a promise. In a function, only those of `school` count: each
 * promise of theirs is a new one, that nobody else can have. One that is waited for elsewhere must not be touched.
 */
function mayBeLeft(ts: TypeScript, expression: TS.Expression, isInFunction: boolean): boolean {
  if (!ts.isCallExpression(expression)) return false
  const called = expression.expression
  if (!ts.isPropertyAccessExpression(called)) return !isInFunction
  const isOfSchool = ts.isIdentifier(called.expression) && called.expression.text === 'school'
  return (isOfSchool || !isInFunction) && !/^(then|catch|finally)$/.test(called.name.text)
}

/** The name in a call of `forEach` with a function whose promises are lost: it is async, or begins a command of `school`. */
function forEachIn(ts: TypeScript, node: TS.Node): TS.Node | undefined {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return undefined
  const {
    expression,
    arguments: [work],
  } = node
  if (expression.name.text !== 'forEach' || !work || !ts.isArrowFunction(work)) return undefined
  const isAsync = work.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword)
  return isAsync || (ts.isExpression(work.body) && mayBeLeft(ts, work.body, true)) ? expression.name : undefined
}
