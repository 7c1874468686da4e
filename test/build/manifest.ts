/** What package.json says about the files of each entry: it is written by the build, and held by a test. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** One entry of the package. */
export interface Entry {
  /** As in `exports`: `.` or `./sqlite`. */
  readonly key: string
  /** `index` or `sqlite`. */
  readonly name: string
  /** Its module below src, without the extension: `recorders/sqlite`. */
  readonly module: string
}

export interface Manifest {
  readonly exports: Readonly<Record<string, unknown>>
  readonly [field: string]: unknown
}

const own = './package.json'

/** Every entry that package.json names. */
export function entriesOf(manifest: Manifest, src: string): Entry[] {
  return Object.keys(manifest.exports)
    .filter((key) => key !== own)
    .map((key) => {
      const name = key === '.' ? 'index' : key.slice(2)
      const module = [name, `recorders/${name}`].find((each) => existsSync(join(src, `${each}.ts`)))
      if (module) return { key, name, module }
      throw new Error(`package.json exports ${key}, and there is neither src/${name}.ts nor src/recorders/${name}.ts`)
    })
}

/**
 * `module` stands first: bundlers know it, for `import` and for `require`, and Node does not. So in Node both ways end
 * in dist/cjs, and in a bundle both ways end in dist/esm.
 */
const conditions = ({ name, module }: Entry) => ({
  module: `./dist/esm/${module}.mjs`,
  import: { types: `./dist/import/${name}.d.mts`, default: `./dist/import/${name}.mjs` },
  require: { types: `./dist/cjs/${module}.d.ts`, default: `./dist/cjs/${module}.js` },
})

/** The text of package.json, with all that follows from the entries. */
export function writtenManifest(manifest: Manifest, entries: readonly Entry[]): string {
  const typesVersions = entries
    .filter(({ key }) => key !== '.')
    .map(({ name, module }) => [name, [`./dist/cjs/${module}.d.ts`]])
  return `${JSON.stringify(
    {
      ...manifest,
      main: './dist/cjs/index.js',
      module: './dist/esm/index.mjs',
      types: './dist/cjs/index.d.ts',
      // For `moduleResolution: node10`, which does not read `exports`.
      typesVersions: { '*': Object.fromEntries(typesVersions) },
      exports: { ...Object.fromEntries(entries.map((entry) => [entry.key, conditions(entry)])), [own]: own },
    },
    null,
    2,
  )}\n`
}
