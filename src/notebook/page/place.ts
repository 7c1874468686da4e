/**
 * Where one was on the page, for whoever comes back: with Back, or after a reload. The browser looks for the place before the
 * lesson is drawn, and what its cells have shown comes later still.
 */

/** How far down one was, by the entry of the browser's history. */
const NAME = 'dog-school/places'
const places = new Map<string, number>(noted())
let here = entry()
let letGo = () => {}

/** Goes where one was on the page that has just been drawn: to its top, if one was not there. */
export function comeBack(): void {
  letGo()
  const top = places.get(here) ?? 0
  scrollTo(0, top)
  if (top > 0) stay(top)
}

/** So long, in milliseconds, the page may grow: what is shown of its cells and its exercise has come by then. */
const GROWING = 5000

/** Stays there while the page grows, unless the reader does something. */
function stay(top: number): void {
  const growth = new ResizeObserver(() => scrollTo(0, top))
  growth.observe(document.body)
  const over = new AbortController()
  letGo = () => {
    growth.disconnect()
    over.abort()
  }
  setTimeout(letGo, GROWING)
  for (const sign of ['wheel', 'touchstart', 'pointerdown', 'keydown'])
    addEventListener(sign, letGo, { signal: over.signal, passive: true, capture: true })
}

history.scrollRestoration = 'manual'
addEventListener('hashchange', () => {
  // What is drawn is still the page that one leaves.
  places.set(here, scrollY)
  here = entry()
})
addEventListener('pagehide', () => {
  places.set(here, scrollY)
  try {
    sessionStorage.setItem(NAME, JSON.stringify([...places]))
  } catch {
    // Whoever comes back is at the top.
  }
})

/** The name of the entry that is open. */
function entry(): string {
  const known: unknown = history.state?.entry
  if (typeof known === 'string') return known
  const fresh = Math.random().toString(36).slice(2)
  history.replaceState({ entry: fresh }, '')
  return fresh
}

function noted(): [string, number][] {
  try {
    return JSON.parse(sessionStorage.getItem(NAME) ?? '[]')
  } catch {
    return []
  }
}
