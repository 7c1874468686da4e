/** How the page is built: a folder of static files, in which every address is relative. */
import { join } from 'node:path'
import * as ts from 'typescript'
import { defineConfig, type Plugin } from 'vite'
import { forJudge, levels, modulesOfNode } from './judge/stand-ins.mjs'
import { tapWithoutNode } from './judge/tap/stand-ins.mjs'
import { lessonCells } from './lesson-cells.mjs'
import { sharedModules } from './shared-modules.mjs'

const sources = join(import.meta.dirname, '..')

/** No browser knows decorators yet. TypeScript writes them out, as it does for Node; names of parameters stay as they are. */
function decorators(): Plugin {
  return {
    name: 'decorators',
    enforce: 'pre',
    transform: {
      filter: { id: /\.ts$/, code: /^\s*@\w+\(/m },
      handler: (code, fileName) => {
        const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, sourceMap: true }
        const { outputText, sourceMapText } = ts.transpileModule(code, { fileName, compilerOptions })
        return { code: outputText, map: sourceMapText ?? null }
      },
    },
  }
}

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  resolve: {
    alias: [
      { find: /^dog-school$/, replacement: join(sources, 'index.ts') },
      { find: /^dog-school\/sqlite$/, replacement: join(sources, 'recorders/sqlite.ts') },
      { find: /^sql\.js$/, replacement: join(import.meta.dirname, 'worker/sql-js.cjs') },
      { find: 'node:util', replacement: join(import.meta.dirname, 'worker/node-util.ts') },
      ...modulesOfNode,
    ],
  },
  plugins: [forJudge(), levels()],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: { outDir: '../../node_modules/.cache/notebook', emptyOutDir: true, target: 'es2022' },
  worker: {
    format: 'es',
    plugins: () => [forJudge(), tapWithoutNode(), lessonCells(), decorators(), sharedModules()],
    // Events have the names of classes and parameters.
    // One file each: where a worker is confined, Firefox takes what it imports for a worker that is started.
    rolldownOptions: {
      output: { keepNames: true, minify: { compress: false, mangle: false, codegen: true }, codeSplitting: false },
    },
  },
})
