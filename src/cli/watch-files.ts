/** Reports each change to the files of a folder. It looks four times a second: not every machine reports file events. */
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

export interface FileWatch {
  close(): void
}

/** @param every how often to look, in milliseconds */
export function watchFolder(folder: string, changed: () => void, every = 250): FileWatch {
  let known = stateOf(folder)
  const timer = setInterval(() => {
    const state = stateOf(folder)
    if (state === known) return
    known = state
    changed()
  }, every)
  return { close: () => clearInterval(timer) }
}

/** Names, sizes and times of all files, as one string. */
function stateOf(folder: string): string {
  try {
    return readdirSync(folder)
      .map((name) => {
        const { mtimeMs, size } = statSync(join(folder, name))
        return `${name} ${mtimeMs} ${size}`
      })
      .join('\n')
  } catch {
    return ''
  }
}
