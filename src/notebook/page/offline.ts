/** Lets the browser keep the page for when there is no network. */
export async function keepForOffline(): Promise<void> {
  // The name of this file in a build is another one when any of its files is: then all are fetched again.
  const build = new URL(import.meta.url).pathname.replace(/.*\//, '')
  // A browser that keeps nothing, as in some private windows, shows the page all the same.
  await navigator.serviceWorker?.register(`offline.js?${build}`).catch(() => undefined)
}
