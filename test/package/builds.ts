/**
 * How other people build: each of these takes the modules of the domain and makes a program of them. These are the ones
 * of `npm test`; `more-builds.ts` has the rest.
 *
 * A build that a tool makes with the library inside says so in its name ("bundled"); the others import it as it is installed.
 */
import * as ts from 'typescript'
import { type Build, byTypeScript, each, esbuild, external, rollup, terser, tool, withOther } from './building'

export const builds: readonly Build[] = [
  {
    name: 'tsc, CommonJS',
    short: 'works',
    literal: 'works',
    make: (project) => each(project, 'commonjs', (source) => byTypeScript(source, ts.ModuleKind.CommonJS)),
  },
  {
    name: 'tsc, ES modules',
    short: 'works',
    literal: 'works',
    make: (project) => each(project, 'module', (source) => byTypeScript(source, ts.ModuleKind.ESNext)),
  },
  {
    name: 'tsc, experimentalDecorators',
    short: 'works',
    literal: 'works',
    make: (project) =>
      each(project, 'commonjs', (source) =>
        byTypeScript(source, ts.ModuleKind.CommonJS, { experimentalDecorators: true, emitDecoratorMetadata: true }),
      ),
  },
  {
    name: 'esbuild',
    short: 'works',
    literal: 'works',
    make: (project) => esbuild(project, { external }),
  },
  {
    name: 'esbuild, bundled, with other code',
    // It numbers what is called twice: Kennel2, and the parameter to2. Nothing is in the README.
    short: 'refuses',
    readme: 'works',
    literal: 'works',
    make: async (project) => esbuild(await withOther(project), { external: ['sql.js'] }, 'program.cjs'),
  },
  {
    name: 'esbuild --minify',
    short: 'refuses',
    literal: 'works',
    make: (project) => esbuild(project, { external, minify: true }),
  },
  {
    // It keeps all white space, and the names of decorated classes.
    name: 'esbuild --minify-identifiers',
    short: 'refuses',
    literal: 'works',
    make: (project) => esbuild(project, { external, minifyIdentifiers: true }),
  },
  {
    name: 'esbuild --minify, bundled',
    short: 'refuses',
    literal: 'works',
    make: (project) => esbuild(project, { external: ['sql.js'], minify: true }, 'program.cjs'),
  },
  {
    name: 'terser',
    short: 'refuses',
    literal: 'works',
    make: (project) => each(project, 'module', (source) => terser(source)),
  },
  {
    name: 'terser, with other code',
    short: 'refuses',
    literal: 'works',
    make: async (project) => each(await withOther(project), 'module', (source) => terser(source)),
  },
  {
    name: 'rollup',
    short: 'refuses',
    literal: 'works',
    make: (project) => rollup(project),
  },
  {
    name: 'swc, 2023-11',
    short: 'works',
    literal: 'works',
    make: async (project) => {
      const { transform } = await tool('@swc/core')
      const parser = { syntax: 'typescript', decorators: true }
      const options = { jsc: { parser, target: 'es2022', transform: { decoratorVersion: '2023-11' } } }
      return each(project, 'module', async (source) => (await transform(source, { ...options, swcrc: false })).code)
    },
  },
]
