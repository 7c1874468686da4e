/** Lets the browser keep the page for when there is no network. */
export async function keepForOffline(): Promise<void> {
  // A browser that keeps nothing, as in some private windows, shows the page all the same.
  await navigator.serviceWorker?.register('offline.js', { updateViaCache: 'none' }).catch(() => undefined)
}
