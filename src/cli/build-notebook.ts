/** Builds the notebook's folder of static files. Vite is loaded here, and only when something has changed. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { cache, kit } from '../node/paths'
import { filesBelow } from './files-below'

const filesIn = (folder: string) => filesBelow(join(kit, folder)).map((name) => `${folder}/${name}`)

/** What is being built, by its folder: who asks meanwhile waits for the same. */
const underWay = new Map<string, Promise<void>>()

/** Returns the folder, which is made anew when anything that the page is made of has changed. */
export async function builtNotebook(): Promise<string> {
  const hash = createHash('sha1')
  for (const name of ['package-lock.json', 'tsconfig.json', ...filesIn('src'), ...filesIn('lessons')])
    hash.update(`${name}\0`).update(readFileSync(join(kit, name)))
  const folder = join(cache, 'notebook', hash.digest('hex').slice(0, 12))
  if (existsSync(folder)) return folder
  const building = underWay.get(folder) ?? make(folder).finally(() => underWay.delete(folder))
  underWay.set(folder, building)
  await building
  return folder
}

async function make(folder: string): Promise<void> {
  const unfinished = join(cache, `notebook.${process.pid}`)
  try {
    const { build } = await import('vite')
    await build({
      configFile: join(kit, 'src', 'notebook', 'vite.config.mts'),
      logLevel: 'error',
      build: { outDir: unfinished },
    })
    nameFiles(unfinished)
    keep(unfinished, folder)
  } finally {
    rmSync(unfinished, { recursive: true, force: true })
  }
}

/** Writes into offline.js what it is to keep. The page is not among it: it has no name of its own. */
export function nameFiles(folder: string): void {
  const files = filesBelow(folder).filter((name) => !['offline.js', 'index.html'].includes(name))
  const page = readFileSync(join(folder, 'index.html'))
  const name = createHash('sha1').update(files.join()).update(page).digest('hex').slice(0, 12)
  const [offline, text] = [join(folder, 'offline.js'), `self.build = ${JSON.stringify({ name, files })}\n`]
  writeFileSync(offline, text + readFileSync(offline, 'utf8').replace(/^self\.build = .*\n/, ''))
}

/** So many former ones stay: one of them may be open in a browser, and is still being served. */
const FORMER = 2

/** Gives it its name, unless somebody else was faster, and removes what was built of older states of the sources. */
export function keep(unfinished: string, folder: string): void {
  const all = dirname(folder)
  mkdirSync(all, { recursive: true })
  const builtAt = (name: string) => statSync(join(all, name)).mtimeMs
  const former = readdirSync(all).filter((name) => name !== basename(folder))
  for (const name of former.sort((one, other) => builtAt(other) - builtAt(one)).slice(FORMER))
    rmSync(join(all, name), { recursive: true, force: true })
  try {
    renameSync(unfinished, folder)
  } catch (error) {
    if (!existsSync(folder)) throw error
  }
}
