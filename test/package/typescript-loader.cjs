/** For webpack: TypeScript, a module at a time. */
'use strict'
const ts = require('typescript')

module.exports = (source) =>
  ts.transpileModule(source, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  }).outputText
