/** The notebook as it would be built from other sources: a file that changes has another name. */
import { cpSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { builtNotebook, nameFiles } from '../../src/cli/build-notebook'
import { filesBelow } from '../../src/cli/files-below'

/** What a file is called that has changed: the end of its name is what its contents come to. */
const renamed = (name: string): string => name.replace(/[\w-]{8}(?=\.js$)/, (end) => [...end].reverse().join(''))

/** The same notebook, as if all of its scripts had been changed; `change` says what else is changed in them and in its HTML. */
export async function anotherBuild(t: Test, change: (name: string, text: string) => string): Promise<string> {
  const folder = join(t.testdir(), 'another')
  cpSync(await builtNotebook(), folder, { recursive: true })
  const assets = join(folder, 'assets')
  const names = filesBelow(assets).filter((name) => renamed(name) !== name)
  for (const name of filesBelow(folder).filter((name) => /\.(js|html)$/.test(name))) {
    const path = join(folder, name)
    const text = names.reduce((text, each) => text.replaceAll(each, renamed(each)), readFileSync(path, 'utf8'))
    writeFileSync(path, change(name, text))
  }
  for (const name of names) renameSync(join(assets, name), join(assets, renamed(name)))
  nameFiles(folder)
  return folder
}
