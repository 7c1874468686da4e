/** What runs on the page to say how it is for who uses no mouse, or hears it. */
import { patience } from '../browser/chromium'
import type { Page } from './page'

export interface Place {
  readonly name: string
  /** What is wrong with it; '' if it is all right. */
  readonly wrong: string
}

/**
 * Where the focus is. It is lost where nothing has it, out of sight where none of it can be clicked, and not drawn where
 * nothing is around it, nor a cursor in it.
 */
const focus = `(() => {
  const inside = (root) => root.activeElement?.shadowRoot?.activeElement ? inside(root.activeElement.shadowRoot) : root.activeElement
  const element = inside(document)
  if (!element || element === document.body) return { name: 'nothing', wrong: 'lost' }
  const text = element.getAttribute('aria-label') ?? element.labels?.[0]?.textContent ?? element.textContent
  const name = text.trim().replace(/\\s+/g, ' ').slice(0, 60)
  const { left, top, right, bottom } = element.getBoundingClientRect()
  const isAt = (x, y) => {
    let found = document.elementFromPoint(x, y)
    for (let root; (root = found?.shadowRoot) && root.elementFromPoint(x, y) !== found; ) found = root.elementFromPoint(x, y)
    return element.contains(found)
  }
  const between = (from, to, end) => [0.1, 0.5, 0.9].map((part) => from + (to - from) * part).filter((at) => at >= 0 && at < end)
  const isSeen = between(top, bottom, innerHeight).some((y) => between(left, right, innerWidth).some((x) => isAt(x, y)))
  const accent = getComputedStyle(document.querySelector('nav a[aria-current]') ?? element).color
  const isDrawn = [element, element.querySelector('h1, h3')].filter(Boolean).map((each) => getComputedStyle(each))
    .some(({ outlineStyle, borderTopColor }) => outlineStyle !== 'none' || borderTopColor === accent)
  const hasCursor = element.matches('.cm-content, textarea, input:not([type])')
  return { name, wrong: !isSeen ? 'out of sight' : !isDrawn && !hasCursor ? 'not drawn' : '' }
})()`

export const focusOf = (page: Page): Promise<Place> => page.evaluate(focus)

/** Tab leaves an editor after Escape only. */
export async function pressed(page: Page, key: string): Promise<Place> {
  if (/Tab$/.test(key) && (await page.evaluate("document.activeElement?.matches('.editor') ?? false")))
    await page.keyboard.press('Escape')
  await page.keyboard.press(key)
  return await focusOf(page)
}

interface Noted {
  announced?: string[]
}
/** Runs on the page. */
function noteAll(region: Noted): void {
  region.announced = []
  const { MutationObserver } = globalThis as unknown as Record<string, new (...args: unknown[]) => Page>
  const Observer = MutationObserver as NonNullable<typeof MutationObserver>
  const note = () => region.announced?.push((region as Page).textContent)
  new Observer(note).observe(region, { childList: true })
}

/**
 * Notes all that this region of an editor says from here on: it says it for a fifth of a second.
 *
 * @returns waits until such a text has been said
 */
export async function announcementsOf(region: Page): Promise<(text: RegExp) => Promise<void>> {
  await region.evaluate(noteAll)
  return async (text) => {
    const all = (): Promise<string[]> => region.evaluate((region: Noted) => region.announced)
    const end = performance.now() + patience
    while (!(await all()).some((each) => text.test(each)))
      if (performance.now() > end) throw new Error(`nobody said ${text}, but ${(await all()).join('; ')}`)
  }
}

/** From here on, what is said aloud is taken down: the text of a live region that has changed, or that comes with its text. */
export const listen = (page: Page): Promise<void> =>
  page.evaluate(`void new MutationObserver((changes) => {
    const places = changes.map(({ target }) => target.nodeType === Node.ELEMENT_NODE ? target : target.parentElement)
    const live = '[role=status], [role=alert], [aria-live=polite]'
    const come = changes.flatMap(({ addedNodes }) => [...addedNodes]).filter((each) => each.isConnected && each.querySelectorAll)
    const inside = come.flatMap((each) => [...each.querySelectorAll(live), ...(each.matches(live) ? [each] : [])])
    const regions = new Set([...places.map((each) => each?.closest(live)), ...inside])
    for (const region of regions) if (region?.textContent) (globalThis.heard ??= []).push(region.textContent)
  }).observe(document, { subtree: true, childList: true, characterData: true })`)

/** What was said since it was asked last, but for that something is under way. */
export const heard = async (page: Page): Promise<string[]> =>
  ((await page.evaluate('globalThis.heard?.splice(0) ?? []')) as string[]).filter((each) => !/^\w+…?$/.test(each))

const ways =
  /^ *- '?(banner|navigation|main|complementary|region|heading|button|link|tab|textbox|status:|img|slider|checkbox|group|table)/

/** What one finds one's way by, without running text: the tree of names and what they are, as a screen reader has it. */
export async function outline(page: Page): Promise<string> {
  const tree: string = await page.locator('body').ariaSnapshot()
  const lines = tree.split('\n').filter((line) => ways.test(line))
  return lines
    .map((line) =>
      line
        .replace(/- '?|'?:?$/g, '')
        .replace(/[0-9a-f]{32}/, '<id>')
        .slice(0, 90),
    )
    .join('\n')
}
