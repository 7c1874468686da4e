/**
 * Builds what is published: `npm run build`, and before each `npm pack`.
 *
 * dist/cjs     the library and its types. Node runs this one, whether it is required or imported: there is one
 *              `Aggregate` and one of each error class in a process, whoever asked for it in which way
 * dist/import  the names of each entry, for an `import` in Node: they pass on what is in dist/cjs
 * dist/esm     the same modules as ES modules: bundlers take them, and leave out what is not used
 *
 * The entries are the keys of `exports` in package.json. To add one, write `"./testing": {}` there and build: an entry
 * is `src/testing.ts` or `src/recorders/testing.ts`, and the build writes the rest of its lines.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { compile } from './compile'
import { entriesOf, writtenManifest } from './manifest'
import { writeWrappers } from './wrappers'

const root = join(__dirname, '..', '..')
const manifest = join(root, 'package.json')
const now = readFileSync(manifest, 'utf8')
const entries = entriesOf(JSON.parse(now), join(root, 'src'))

rmSync(join(root, 'dist'), { recursive: true, force: true })
compile(join(root, 'src', 'tsconfig.json'), join(root, 'dist'))
writeWrappers(join(root, 'dist'), entries)
const next = writtenManifest(JSON.parse(now), entries)
if (next !== now) writeFileSync(manifest, next)
