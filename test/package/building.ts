/** What the builds in `builds.ts` and `more-builds.ts` have in common. */

import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import * as ts from 'typescript'
import { tools } from './tools'

/** What a build does: it works, it refuses what it could not read again, or its tool cannot parse decorators at all. */
export type Outcome = 'works' | 'refuses' | 'no decorators'

/** How the domain is written, see `domain/`. */
export type Form = 'short' | 'literal' | 'plain'

export interface Project {
  /** Where the modules are. */
  readonly from: string
  /** An empty folder for what is made. */
  readonly out: string
}

export interface Build {
  readonly name: string
  /** What is expected of each form of the domain. */
  readonly short: Outcome
  readonly literal: Outcome
  /** What is expected of the README's program, where that is something else than of the short form. */
  readonly readme?: Outcome
  /** Makes the program, and gives the command that runs it. */
  readonly make: (project: Project) => Promise<string[]>
}

// biome-ignore lint/suspicious/noExplicitAny: other people's tools
type Tool = any

/** A tool of other people, by its name. */
export async function tool(name: string, set: 'quick' | 'long' | 'browser' | 'jupyter' = 'quick'): Promise<Tool> {
  const asked = createRequire(join(tools(set), 'package.json'))
  const loaded = await import(pathToFileURL(asked.resolve(name)).href)
  return loaded.default && Object.keys(loaded).length < 3 ? loaded.default : loaded
}

/** A file of a tool's package. */
export const part = async (...path: string[]): Promise<string> => join(tools('long'), 'node_modules', ...path)

/** A tool that is not to be had on this machine: a visible skip for a user, and a failure in CI. */
export class NotHere extends Error {}

/** What a tool's package brings for this machine: its install scripts, which would put it in its place, do not run. */
export async function binary(scope: string, name: RegExp, file: string): Promise<string> {
  const folder = await part(scope)
  const found = existsSync(folder) ? readdirSync(folder).find((each) => name.test(each)) : undefined
  const program = join(folder, found ?? '', file)
  if (found && existsSync(program)) return program
  throw new NotHere(`there is no ${scope} for this machine`)
}

/** The options of a test that needs a tool. */
export const unless = (error: unknown): { skip?: string } =>
  error instanceof NotHere && process.env.CI !== 'true' ? { skip: error.message } : {}

export const target = ts.ScriptTarget.ES2022
export const external = ['dog-school', 'dog-school/sqlite', 'sql.js']

/** TypeScript's output of one module. */
export const byTypeScript = (source: string, module: ts.ModuleKind, options: ts.CompilerOptions = {}): string =>
  ts.transpileModule(source, { compilerOptions: { target, module, ...options } }).outputText

/** Each module by itself: what stands in the folder is translated, nothing is bundled. */
export async function each(
  { from, out }: Project,
  type: 'commonjs' | 'module',
  translate: (source: string, file: string) => string | Promise<string>,
): Promise<string[]> {
  writeFileSync(join(out, 'package.json'), JSON.stringify({ type }))
  for (const name of readdirSync(from)) {
    const file = join(from, name)
    writeFileSync(join(out, name.replace(/\.ts$/, '.js')), await translate(readFileSync(file, 'utf8'), file))
  }
  return ['node', join(out, 'program.js')]
}

export const esbuild = async ({ from, out }: Project, options: object, name = 'program.mjs'): Promise<string[]> => {
  const { build } = await tool('esbuild')
  const outfile = join(out, name)
  const format = name.endsWith('.mjs') ? 'esm' : 'cjs'
  const common = { bundle: true, platform: 'node', target: 'node20', format, outfile, logLevel: 'silent' }
  await build({ entryPoints: [join(from, 'program.ts')], ...common, ...options })
  return ['node', outfile]
}

/** TypeScript's output of the whole project, bundled by rollup. */
export async function rollup(
  { from, out }: Project,
  plugins: object[] = [],
  outside: readonly string[] = external,
): Promise<string[]> {
  const { rollup } = await tool('rollup')
  const typescript = {
    name: 'typescript',
    resolveId: (id: string, importer?: string) => {
      const file = importer && id.startsWith('.') ? join(dirname(importer), id.replace(/\.js$/, '.ts')) : undefined
      return file && existsSync(file) ? file : null
    },
    transform: (code: string, id: string) =>
      id.endsWith('.ts') ? { code: byTypeScript(code, ts.ModuleKind.ESNext), map: null } : null,
  }
  const input = join(from, 'program.ts')
  const bundle = await rollup({
    input,
    external: [...outside],
    plugins: [typescript, ...plugins],
    onwarn: () => undefined,
  })
  const file = join(out, 'program.mjs')
  await bundle.write({ file, format: 'es' })
  return ['node', file]
}

/** More code in the same file: a minifier gives its short names anew. */
export async function withOther({ from, out }: Project): Promise<Project> {
  const more = join(out, 'more')
  mkdirSync(more)
  cpSync(from, more, { recursive: true })
  cpSync(join(__dirname, 'domain', 'other.ts'), join(more, 'other.ts'))
  for (const name of readdirSync(more).filter((name) => name !== 'other.ts')) {
    const text = readFileSync(join(more, name), 'utf8')
    writeFileSync(
      join(more, name),
      `import * as other from './other.js'\n${text}\n;(globalThis as { others?: unknown[] }).others = [other.to(1, 2, 3), new other.Kennel()]\n`,
    )
  }
  return { from: more, out }
}

export async function terser(source: string, options: object = {}): Promise<string> {
  const { minify } = await tool('terser')
  const { code } = await minify(byTypeScript(source, ts.ModuleKind.ESNext), { module: true, ...options })
  return code
}
