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
      .flatMap((name) => {
        // An editor may have a link there that leads nowhere.
        const it = statSync(join(folder, name), { throwIfNoEntry: false })
        return it ? `${name} ${it.mtimeMs} ${it.size}` : []
      })
      .join('\n')
  } catch {
    return ''
  }
}
