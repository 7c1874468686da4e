/** What the browser keeps of the page itself. */
import { firstWorker } from './play/start-worker'

/** For a page that starts no worker, as it only shows what came with a link, in milliseconds. */
const LONG = 5000

/** Lets the browser keep the page for when there is no network: all of it, which must not be in the way of the first cell. */
export async function keepForOffline(): Promise<void> {
  await Promise.race([firstWorker, new Promise((done) => setTimeout(done, LONG))])
  // A browser that keeps nothing, as in some private windows, shows the page all the same.
  await navigator.serviceWorker?.register('offline.js', { updateViaCache: 'none' }).catch(() => undefined)
}
