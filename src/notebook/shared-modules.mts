/**
 * What is large, and does not change with the sources of the page, is a file of its own, and one for all workers. Each worker is
 * built by itself, and would bring its own; and that events keep their names would keep the build from making it smaller.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build, minify, type Plugin, type Rolldown } from 'vite'
import { declarations } from './types/declarations'

const pathOf = (name: string): string => fileURLToPath(import.meta.resolve(name))

/** What makes each of them, by what it is imported as. */
const shared: Readonly<Record<string, () => Promise<string>>> = {
  typescript: compiler,
  zod,
  // A text that JSON reads is read in a tenth of the time of code.
  'virtual:declarations': async () => `export default JSON.parse(${JSON.stringify(JSON.stringify(declarations()))})`,
}

export function sharedModules(): Plugin {
  const used = new Map<string, string>()
  return {
    name: 'shared-modules',
    enforce: 'pre',
    async resolveId(id) {
      if (!Object.hasOwn(shared, id)) return undefined
      const { name, source } = await fileOf(id)
      used.set(name, source)
      return { id: `./${name}`, external: 'absolute' }
    },
    generateBundle() {
      for (const [name, source] of used) this.emitFile({ type: 'asset', fileName: `assets/${name}`, source })
    },
  }
}

interface File {
  readonly name: string
  readonly source: string
}
const files = new Map<string, Promise<File>>()

/** It is made once for all builds. */
function fileOf(id: string): Promise<File> {
  const make = async () => {
    const source = (await shared[id]?.()) ?? ''
    const hash = createHash('sha1').update(source).digest('hex').slice(0, 8)
    return { name: `${id.replace(/^virtual:|\W.*/g, '')}-${hash}.js`, source }
  }
  const file = files.get(id) ?? make()
  files.set(id, file)
  return file
}

/** Of its names, none is shown. */
async function compiler(): Promise<string> {
  const text = `${readFileSync(pathOf('typescript'), 'utf8')}\nexport default ts\n`
  const { code, errors } = await minify('typescript.js', text, { module: true, compress: { target: 'es2022' } })
  if (errors.length > 0) throw new Error(`TypeScript cannot be made smaller: ${errors[0]?.message}`)
  return code
}

/** Its values are shown by the names of their classes. Its messages in fifty languages would be half of it. */
async function zod(): Promise<string> {
  const locales: Plugin = {
    name: 'one-language',
    enforce: 'pre',
    resolveId: { filter: { id: /\/locales\/index\.js$/ }, handler: () => '\0locales' },
    load: {
      filter: { id: /^\0locales$/ },
      handler: () => `export { default as en } from ${JSON.stringify(pathOf('zod/v4/locales/en.js'))}`,
    },
  }
  const built = await build({
    configFile: false,
    logLevel: 'error',
    plugins: [locales],
    build: {
      write: false,
      target: 'es2022',
      minify: false,
      modulePreload: false,
      rolldownOptions: {
        input: pathOf('zod'),
        preserveEntrySignatures: 'strict',
        output: { keepNames: true, minify: true },
      },
    },
  })
  return (built as Rolldown.RolldownOutput).output[0].code
}
