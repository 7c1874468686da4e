/**
 * What `import` and `require` mean in a cell. A path is relative to the folder in which the prompt was started; a package
 * that is not installed there is taken from this repository; an edited file is loaded again.
 */
import { createRequire } from 'node:module'
import { join, sep } from 'node:path'
import { editedAt } from '../../node/edited-at'
import { kit, mySchool } from '../../node/paths'

type Load = (name: string) => unknown

/** The learner's files: not installed packages, and not this repository, whose classes must keep their identity. */
function isLearners(file: string): boolean {
  if (file.includes(`${sep}node_modules${sep}`)) return false
  return file.startsWith(mySchool() + sep) || !file.startsWith(kit + sep)
}

export function loaderFor(folder: string): Load {
  const here = createRequire(join(folder, 'cell.ts'))
  const seen = new Map<string, number>()

  const forgetEdited = (): void => {
    const files = Object.keys(require.cache).filter(isLearners)
    const edited = files.some((file) => seen.has(file) && seen.get(file) !== editedAt(file))
    // Another file may re-export something from an edited one, so all of them are loaded again.
    if (edited) for (const file of files) delete require.cache[file]
  }
  const remember = (): void => {
    for (const file of Object.keys(require.cache)) if (isLearners(file)) seen.set(file, editedAt(file))
  }

  return (name) => {
    forgetEdited()
    try {
      return isInstalledHere(here, name) ? here(name) : require(name)
    } finally {
      remember()
    }
  }
}

function isInstalledHere(here: NodeJS.Require, name: string): boolean {
  if (/^[./]/.test(name)) return true
  try {
    here.resolve(name)
    return true
  } catch {
    return false
  }
}
