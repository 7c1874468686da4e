/**
 * Takes from the worker what could reach what the page keeps, before any learner's code runs in it: a cell of a stranger's
 * notebook could otherwise change the files that the page itself is opened from, or delete what is kept of other lessons.
 *
 * The content security policy does not do this: these are of the page's own site.
 */
import type { BrowserDiskOptions } from 'dog-school/sqlite'

export type Root = NonNullable<BrowserDiskOptions['root']>

/** Of the worker: `caches` has the page's own files. A worker that it starts would have all of this again. */
const ofWorker = /^(caches|indexedDB|(Shared)?Worker|BroadcastChannel|Notification|webkitRe(quest|solve).+)$/
const ofNavigator = /^(storage|storageBuckets|locks|serviceWorker)$/

const { storage, locks } = navigator

/** Tells the page that this worker lives. */
export { locks }

/** The way to the browser's private file system, for the stores alone; it rejects where there is none. */
export const root: Root = async () => {
  if (!storage?.getDirectory) throw new Error('this browser, or an address that is not secure, has no files for pages')
  // What a handle offers in a worker is more than the types of a page know of.
  return storage.getDirectory() as unknown as ReturnType<Root>
}

/** For a folder of it that nobody has open. */
export async function removeFolder(name: string): Promise<void> {
  await (await storage.getDirectory()).removeEntry(name, { recursive: true })
}

/** They are in what the object inherits, where a reader of it would find them even if it had something else of this name. */
function take(from: object, names: RegExp): void {
  for (let each: object | null = from; each; each = Object.getPrototypeOf(each))
    for (const name of Object.getOwnPropertyNames(each)) if (names.test(name)) Reflect.deleteProperty(each, name)
}

take(globalThis, ofWorker)
take(navigator, ofNavigator)
