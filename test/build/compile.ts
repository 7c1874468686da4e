/** The library as TypeScript compiles it: once as CommonJS with types, once as ES modules. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import * as ts from 'typescript'

/** Writes `cjs/` and `esm/` below `dist`. */
export function compile(config: string, dist: string): void {
  const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: (found: ts.Diagnostic) => refuse([found]) }
  const { fileNames, options, errors } = ts.getParsedCommandLineOfConfigFile(config, {}, host) as ts.ParsedCommandLine
  refuse(errors)
  emit(ts.createProgram(fileNames, { ...options, outDir: join(dist, 'cjs') }))
  const esm: ts.CompilerOptions = {
    ...options,
    outDir: join(dist, 'esm'),
    module: ts.ModuleKind.ES2022,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    declaration: false,
    declarationMap: false,
  }
  emit(ts.createProgram(fileNames, esm), { after: [esModule] }, writeAsMjs)
}

function emit(program: ts.Program, transformers?: ts.CustomTransformers, write?: ts.WriteFileCallback): void {
  refuse(ts.getPreEmitDiagnostics(program))
  refuse(program.emit(undefined, write, undefined, false, transformers).diagnostics)
}

function refuse(found: readonly ts.Diagnostic[]): void {
  if (found.length > 0)
    throw new Error(
      ts.formatDiagnostics(found, {
        getCanonicalFileName: (name) => name,
        getCurrentDirectory: ts.sys.getCurrentDirectory,
        getNewLine: () => '\n',
      }),
    )
}

const writeAsMjs: ts.WriteFileCallback = (file, text) => {
  mkdirSync(dirname(file), { recursive: true })
  const renamed = (name: string) => name.replace(/\.js(?=$|\.map$)/, '.mjs')
  // A file names its map in its last line, and a map the file in its "file".
  writeFileSync(renamed(file), text.replace(/(?<=\/\/# sourceMappingURL=|^\{"version":3,"file":")[^"\n]*/, renamed))
}

/** Imports with the extensions that ES modules need; and `require('x')` in an async function becomes an `import()`. */
const esModule: ts.TransformerFactory<ts.SourceFile> = (context) => (file) => {
  const { factory } = context
  const whole = (name: ts.Expression | undefined) =>
    name && ts.isStringLiteral(name) && name.text.startsWith('.')
      ? factory.createStringLiteral(`${name.text}.mjs`, true)
      : name
  const visit = (node: ts.Node): ts.Node => {
    if (ts.isImportDeclaration(node))
      return factory.updateImportDeclaration(
        node,
        node.modifiers,
        node.importClause,
        whole(node.moduleSpecifier) as ts.Expression,
        node.attributes,
      )
    if (ts.isExportDeclaration(node))
      return factory.updateExportDeclaration(
        node,
        node.modifiers,
        node.isTypeOnly,
        node.exportClause,
        whole(node.moduleSpecifier),
        node.attributes,
      )
    if (ts.isCallExpression(node) && node.expression.getText(file) === 'require') {
      const imported = factory.createCallExpression(
        factory.createToken(ts.SyntaxKind.ImportKeyword) as ts.ImportExpression,
        undefined,
        node.arguments,
      )
      const awaited = factory.createParenthesizedExpression(factory.createAwaitExpression(imported))
      return factory.createPropertyAccessExpression(awaited, 'default')
    }
    return ts.visitEachChild(node, visit, context)
  }
  return ts.visitEachChild(file, visit, context)
}
