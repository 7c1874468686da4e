/**
 * Keeps the page for when there is no network (a service worker): its files, whose names are in files.json, are kept, and
 * used when they cannot be fetched.
 */
const kept = caches.open('dog-school-notebook')
const within = (name) => new URL(name, registration.scope).href

addEventListener('install', (event) => event.waitUntil(keepAll().then(() => skipWaiting())))
addEventListener('activate', (event) => event.waitUntil(clients.claim()))
addEventListener('fetch', (event) => {
  if (event.request.method === 'GET') event.respondWith(answer(event.request))
})

async function keepAll() {
  const cache = await kept
  const names = await (await fetch(within('files.json'), { cache: 'no-cache' })).json()
  const wanted = ['', ...names].map(within)
  await cache.addAll(wanted)
  // Those of earlier builds.
  for (const { url } of await cache.keys()) if (!wanted.includes(url)) await cache.delete(url)
}

async function answer(request) {
  try {
    return await fetch(request)
  } catch (error) {
    const found = await (await kept).match(request, { ignoreSearch: true })
    if (!found) throw error
    return found
  }
}
