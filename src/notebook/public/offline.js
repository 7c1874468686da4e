/**
 * Keeps the page for when there is no network (a service worker). What it keeps, the build has written above: the files,
 * and a name that is another one when any of them is.
 *
 * All files but the page itself have names that change with what is in them, and are taken from where they are kept. So a page
 * that is open goes on with the files of its own build, whatever its host has by now; when it is loaded again, it is the new
 * one, with its new files.
 */
const { name, files } = self.build
const ours = `dog-school-notebook ${registration.scope} `
const address = (file) => new URL(file, registration.scope).href

addEventListener('install', (event) => event.waitUntil(keepAll().then(() => skipWaiting())))
addEventListener('activate', (event) => event.waitUntil(forget().then(() => clients.claim())))
addEventListener('fetch', (event) => {
  const { method, mode, url } = event.request
  if (method !== 'GET' || !url.startsWith(registration.scope)) return
  const isPage = mode === 'navigate' && ['', 'index.html'].map(address).includes(url.replace(/[?#].*/, ''))
  event.respondWith(isPage ? newestPage(event.request) : file(event.request))
})

async function keepAll() {
  const cache = await caches.open(ours + name)
  const all = files.map(address)
  // What has not changed since an earlier build is here already.
  await Promise.all(all.map(async (url) => cache.put(url, (await caches.match(url)) ?? (await fetched(url)))))
  const page = await fetched(address(''))
  const wanted = (await page.clone().text()).match(/assets\/[\w.-]+/g) ?? []
  if (!wanted.every((each) => files.includes(each))) throw new Error('There is a newer build by now.')
  await cache.put(address(''), page)
}

/** A page that is open may be of the build before this one; the files of those before that are deleted. */
async function forget() {
  const others = (await caches.keys()).filter((each) => each.startsWith(ours) && each !== ours + name)
  for (const each of others.slice(0, -1)) await caches.delete(each)
}

async function newestPage(request) {
  try {
    return await fetch(request)
  } catch (error) {
    const page = await (await caches.open(ours + name)).match(address(''))
    if (!page) throw error
    return page
  }
}

const file = async (request) => (await caches.match(request.url)) ?? fetch(request)

async function fetched(url) {
  const response = await fetch(url, { cache: 'no-cache' })
  if (!response.ok) throw new Error(`${url} could not be fetched: ${response.status}`)
  // Some hosts send elsewhere for it; what has been sent on is refused where a page or a frame is opened.
  return response.redirected ? new Response(await response.blob(), { headers: response.headers }) : response
}
