/**
 * For Vite: what tap asks of Node and of its own heavier parts, as there is of it on a page. Only what tap's packages ask
 * for is looked at; what others ask for is not concerned.
 */
import { join } from 'node:path'
import { minify, type Plugin } from 'vite'

const file = (name: string) => join(import.meta.dirname, `${name}.ts`)

/** Of the other modules of Node there is one for all in this build. */
const modules: Readonly<Record<string, string>> = {
  'node:assert': '@jspm/core/nodelibs/assert',
  'node:async_hooks': file('node/async-hooks'),
  'node:module': file('node/module'),
  'node:process': file('node/process'),
  'node:string_decoder': '@jspm/core/nodelibs/string_decoder',
  'node:url': file('node/url'),
  'node:worker_threads': file('node/worker-threads'),
  'async-hook-domain': file('packages/async-hook-domain'),
  jackspeak: file('packages/jackspeak'),
  mkdirp: file('packages/folders'),
  rimraf: file('packages/folders'),
  'signal-exit': file('packages/signal-exit'),
  '@tapjs/processinfo': file('packages/processinfo'),
  './react-element-to-jsx-string.js': file('packages/react-element'),
}

/** Plugins of tap's that nothing on a page can do, with the methods that say so. */
const absent: Readonly<Record<string, readonly string[]>> = {
  '@tapjs/mock': ['mockRequire', 'mockImport', 'mockAll', 'unmock', 'createMock'],
  '@tapjs/node-serialize': [],
  '@tapjs/spawn': ['spawn'],
  '@tapjs/stdin': ['stdin'],
  '@tapjs/typescript': [],
  '@tapjs/worker': ['worker'],
}

const packages = /\/node_modules\/(@tapjs|events-to-array|minipass|tap|tap-parser|tap-yaml|tcompare)\//
const assert = /\/@jspm\/core\/.*\/assert\.js$/
const builtin = /^(assert|async_hooks|events|fs|module|path|url|util)$/

export function tapWithoutNode(): Plugin {
  return {
    name: 'tap-without-node',
    enforce: 'pre',
    resolveId(request, importer = '') {
      if (assert.test(importer) && request === './util.js') return file('node/util-of-assert')
      if (!packages.test(importer)) return null
      if (Object.hasOwn(absent, request)) return `\0absent:${request}`
      const name = builtin.test(request) ? `node:${request}` : request
      // What stands for a module of Node in the whole build may have been put there before.
      const own = modules[name.replace('@jspm/core/nodelibs/', 'node:')]
      // What takes the place of a package is found from here, where it is installed.
      return own ? this.resolve(own, file('tap'), { skipSelf: true }) : this.resolve(name, importer, { skipSelf: true })
    },
    load(id) {
      const [, name] = /^\0absent:(.+)$/.exec(id) ?? []
      if (name === undefined) return null
      return `import { absent } from ${JSON.stringify(file('absent'))}
        export const plugin = absent(${JSON.stringify(absent[name])})
        export const config = {}`
    },
    /** The workers are built with all their names, which events have; of tap, those of functions and classes are enough. */
    async renderChunk(code, { name, fileName }) {
      if (name !== 'tap') return null
      const keepNames = { compress: { keepNames: { function: true, class: true } }, mangle: { keepNames: true } }
      const { code: small, errors } = await minify(fileName, code, { module: true, ...keepNames })
      if (errors.length > 0) throw new Error(`tap cannot be made smaller: ${errors[0]?.message}`)
      return { code: small, map: null }
    },
  }
}
