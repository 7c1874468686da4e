/** Tells when a file in a folder has been saved; and when the machine does not tell, it looks by itself, and says so. */
import { type FSWatcher, readdirSync, statSync, watch } from 'node:fs'
import { join } from 'node:path'

export interface FileWatch {
  close(): void
}

export interface Heard {
  /** Something was saved. One save may be told of by several events: they become one. */
  saved(): void
  /** A save was found by looking, of which no event had told. Said once. */
  deaf(): void
}

/**
 * @param every how often to look, in milliseconds: an event is taken for missing when it is as late as that
 * @param listen how events are asked for
 */
export function watchFolder(
  folder: string,
  { saved, deaf }: Heard,
  every = 1000,
  listen: (folder: string, heard: () => void) => FSWatcher | undefined = watch,
): FileWatch {
  let known = stateOf(folder)
  let soon: NodeJS.Timeout | undefined
  let isDeaf = false

  /** Events come before a file is whole, and for things that are no save at all: what counts is what is there. */
  const look = (): boolean => {
    const state = stateOf(folder)
    if (state === known) return false
    known = state
    saved()
    return true
  }
  let watcher: FSWatcher | undefined
  try {
    watcher = listen(folder, () => {
      clearTimeout(soon)
      soon = setTimeout(look, 30)
    })
    watcher?.on('error', () => watcher?.close())
  } catch {
    // Without it, looking is all there is.
  }
  const timer = setInterval(() => {
    if (!look() || isDeaf) return
    isDeaf = true
    deaf()
  }, every)
  return {
    close() {
      clearTimeout(soon)
      clearInterval(timer)
      watcher?.close()
    },
  }
}

/** Names, sizes and times of all files, as one text. */
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
