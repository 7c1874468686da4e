/** The browser's private file system, as the page sees it: it writes no store, but removes those that nobody needs. */

/** Removes the folders whose names begin so, but for these. One that is still open stays until the next time. */
export async function removeFolders(begin: string, needed: readonly string[]): Promise<void> {
  try {
    const root = await navigator.storage.getDirectory()
    const names: string[] = []
    for await (const name of root.keys()) names.push(name)
    for (const name of names)
      if (name.startsWith(begin) && !needed.includes(name))
        await root.removeEntry(name, { recursive: true }).catch(() => undefined)
  } catch {
    // There is no such file system: the worker says so when it opens a store.
  }
}

const ASKED = 'dog-school-notebook asked to keep'

/** Asks the browser, once, not to remove what is kept when its disk is full. Some ask the reader. */
export function askToPersist(): void {
  try {
    if (localStorage.getItem(ASKED)) return
    localStorage.setItem(ASKED, 'yes')
    void navigator.storage?.persist?.().catch(() => undefined)
  } catch {
    // A browser that keeps nothing.
  }
}
