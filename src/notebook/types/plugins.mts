/** What the build adds for TypeScript on the page: the compiler itself, and what it knows. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { minify, type Plugin } from 'vite'
import { declarations } from './declarations'

/** One file, for all workers: each is built by itself, and would have a compiler of its own. Of its names, none is shown. */
export function compilerOnce(): Plugin {
  return {
    name: 'compiler-once',
    enforce: 'pre',
    resolveId: {
      filter: { id: /^typescript$/ },
      handler: async () => ({ id: `./${(await compiler()).name}`, external: 'absolute' }),
    },
    async generateBundle() {
      const { name, source } = await compiler()
      this.emitFile({ type: 'asset', fileName: `assets/${name}`, source })
    },
  }
}

let made: Promise<{ readonly name: string; readonly source: string }> | undefined
function compiler() {
  made ??= (async () => {
    const file = fileURLToPath(import.meta.resolve('typescript'))
    const text = `${readFileSync(file, 'utf8')}\nexport default ts\n`
    const { code: source, errors } = await minify('typescript.js', text, {
      module: true,
      compress: { target: 'es2022' },
    })
    if (errors.length > 0) throw new Error(`TypeScript cannot be made smaller: ${errors[0]?.message}`)
    return { name: `typescript-${createHash('sha1').update(source).digest('hex').slice(0, 8)}.js`, source }
  })()
  return made
}

const MODULE = 'virtual:declarations'

/** A text that JSON reads is read in a tenth of the time of code. */
export function declarationsModule(): Plugin {
  return {
    name: 'declarations',
    resolveId: { filter: { id: new RegExp(`^${MODULE}$`) }, handler: () => `\0${MODULE}` },
    load: {
      filter: { id: new RegExp(`^\0${MODULE}$`) },
      handler: () => `export default JSON.parse(${JSON.stringify(JSON.stringify(declarations()))})`,
    },
  }
}
