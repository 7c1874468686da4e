/** The page of the notebook for a reader: by keyboard, before its worker is there, and without it. */
import type { Test } from 'tap'
import { patience, still } from '../browser/chromium'
import {
  beginLesson,
  button,
  cell,
  goToLesson,
  lessonIsOpen,
  type Notebook,
  type Page,
  press,
  runCells,
  sessions,
  type,
} from './page'

/** What is loaded from such an address has to wait for `letGo`. */
async function held(page: Page, pattern: string): Promise<() => void> {
  let letGo = () => {}
  const gone = new Promise<void>((done) => {
    letGo = done
  })
  await page.route(pattern, async (route: Page) => {
    await gone
    await route.continue().catch(() => {})
  })
  return letGo
}

/** What is loaded from such an address has another text in this place. */
const altered = (page: Page, pattern: string, from: string, to: string): Promise<void> =>
  page.route(pattern, async (route: Page) => {
    const response = await route.fetch()
    await route.fulfill({ response, body: (await response.text()).replaceAll(from, to) })
  })

/** As a mouse does it. */
const run = (page: Page, number: number): Promise<void> =>
  cell(page, number).getByRole('button', { name: 'Run' }).click()
const focused = (page: Page): Page => page.locator(':focus')
/** Runs on the page. */
const isInSight = (element: Page): boolean =>
  element.getBoundingClientRect().top >= 0 &&
  element.getBoundingClientRect().bottom <= Reflect.get(globalThis, 'innerHeight')

/** Runs on the page: where the rows of a line begin, as its words are drawn. */
function leftOfRows(line: Page): number[] {
  const { document } = globalThis as unknown as Page
  const words = document.createTreeWalker(line, 4)
  const rows = new Map<number, number>()
  while (words.nextNode()) {
    const range = document.createRange()
    range.selectNodeContents(words.currentNode)
    for (const { top, left } of range.getClientRects())
      rows.set(Math.round(top), Math.min(left, rows.get(Math.round(top)) ?? left))
  }
  return [...rows.entries()].sort(([one], [other]) => one - other).map(([, left]) => left)
}
/** Runs on the page. */
const isDisplayed = (element: Page): boolean => Reflect.get(globalThis, 'getComputedStyle')(element).display !== 'none'

export async function reading(t: Test, { page, address }: Notebook): Promise<void> {
  await t.test('a lesson is read and run by keyboard alone', async (t) => {
    await page.goto('about:blank')
    await page.goto(`${address}#5`)
    await page.keyboard.press('Tab')
    t.equal(await focused(page).textContent(), 'Skip to the lesson')
    await page.evaluate('scrollTo(0, document.body.scrollHeight)')
    t.equal(await page.getByRole('heading', { level: 1 }).evaluate(isInSight), false)
    await page.keyboard.press('Enter')
    await page.locator('main:focus').waitFor()
    t.ok(await page.getByRole('heading', { level: 1 }).evaluate(isInSight))
    t.equal(page.url(), `${address}#5`, 'the address stays that of the lesson')

    await page.keyboard.press('Tab')
    await page.keyboard.press('Shift+Enter')
    await cell(page, 1).locator('.badge').last().waitFor()
    await page.getByText('events 1 to 2; the last: event 2, TrickAdded: Fido now knows 1 trick').waitFor()
    t.match(
      await cell(page, 1).getByRole('status').textContent(),
      /^cell 1: done: shows '[0-9a-f]+'; shows \{ name: 'Fido', tricks: \[ 'roll over' \] \}$/,
    )
    t.equal(await focused(page).textContent(), '▸ Run again cell 1', 'the focus is at the button that runs it')
    await page.keyboard.press('Enter')
    await page.getByText('left timeline 1 after event 0').waitFor({ state: 'attached' })
    t.equal(await focused(page).textContent(), '▸ Run again cell 1', 'and stays there')

    await cell(page, 1).locator('.badge').last().focus()
    await page.keyboard.press('Enter')
    await page.locator('#event-2:focus').waitFor()
    t.equal(page.url(), `${address}#5`)

    await button(page, 3, 'Edit').focus()
    await page.keyboard.press('Shift+Enter')
    await page.locator('input:focus').waitFor()
    await page.keyboard.type('[')
    await page.keyboard.press('Enter')
    await cell(page, 3).getByRole('alert').getByText('[ is not a value').waitFor()
    await page.keyboard.type(']')
    await page.keyboard.press('Enter')
    await cell(page, 3).locator('.said').waitFor()
    t.equal(await focused(page).getAttribute('aria-label'), 'cell 3', 'it is not lost with the question')

    await button(page, 1, 'Edit').press('Enter')
    await cell(page, 1).locator('.cm-content:focus').waitFor()
    t.ok(await cell(page, 1).locator('.leaving').isVisible(), 'it says how to leave')
  })

  await t.test('what follows a question, and tells the answer, is there after the guess', async (t) => {
    await beginLesson(page, 5)
    await run(page, 3)
    await cell(page, 3).getByRole('textbox').waitFor()
    t.equal(await page.locator('.cell').count(), 3)
    t.equal(await page.getByText('The new event is still pending').count(), 0)
    t.ok(await page.locator('.later').isVisible())
    await cell(page, 3).getByRole('button', { name: 'Show me' }).click()
    await cell(page, 4).waitFor()
    t.ok(await page.getByText('The new event is still pending').isVisible())
    t.equal(await page.locator('.later').count(), 0)
  })

  await t.test('where it is narrow, a badge opens the log', async (t) => {
    const wide = page.viewportSize()
    await page.setViewportSize({ width: 360, height: 740 })
    await beginLesson(page, 5)
    await run(page, 1)
    await cell(page, 1).locator('.badge').first().click()
    await page.locator('#event-1:focus').waitFor()
    await page.getByRole('button', { name: 'Hide' }).click()
    t.equal(await page.locator('#event-1').isVisible(), false)
    const line = page.locator('.code .line', { hasText: "addTrick(id, 'roll over')" }).first()
    const [begins, goesOn] = (await line.evaluate(leftOfRows)) as number[]
    t.ok((goesOn as number) > (begins as number), 'code that goes on in another row is further right there')
    await type(page, 1, [0, 6].map((spaces) => `${' '.repeat(spaces)}a${'.bc'.repeat(20)}`).join('\n'))
    const rowsOf = (at: number): Promise<number[]> => cell(page, 1).locator('.cm-line').nth(at).evaluate(leftOfRows)
    const [[left, second], [, indented]] = [await rowsOf(0), await rowsOf(1)]
    const letter = ((second as number) - (left as number)) / 2
    t.equal(Math.round(((indented as number) - (left as number)) / letter), 8, 'also while it is edited, by its own')

    t.equal(await page.locator('.keys').evaluate(isDisplayed), true)
    const session = await page.context().newCDPSession(page)
    await session.send('Emulation.setTouchEmulationEnabled', { enabled: true })
    await page.getByRole('button', { name: 'Show', exact: true }).press('Enter')
    t.ok(await page.locator('.slider').isVisible())
    t.equal(await page.locator('.keys').evaluate(isDisplayed), false, 'nothing is said of keys where there is none')
    await page.getByRole('button', { name: 'Hide' }).press('Enter')
    await session.send('Emulation.setTouchEmulationEnabled', { enabled: false })
    await page.setViewportSize(wide)
  })

  await t.test('whoever comes back is where he was, however late the lesson is whole', async (t) => {
    /** Waits until he is there; for whoever never is, 300 frames are enough. */
    const isAt = async (top: number) => {
      const at = await page.evaluate(`new Promise((done) => {
        const look = (left) => (left === 0 || Math.abs(scrollY - ${top}) < 2 ? done(scrollY) : requestAnimationFrame(() => look(left - 1)))
        look(300)
      })`)
      t.ok(Math.abs(at - top) < 2, `${at} is ${top}`)
    }
    await beginLesson(page, 3)
    await runCells(page)
    // At once: the editor of the exercise may come between.
    const low: number = await page.evaluate(
      '(() => { scrollTo(0, 1200); const top = scrollY; document.querySelector(".next").click(); return top })()',
    )
    t.ok(low > 1000)
    await lessonIsOpen(page, 4)
    await isAt(0)
    await page.goBack()
    await lessonIsOpen(page, 3)
    await isAt(low)
    await page.mouse.wheel(0, -500)
    await isAt(low - 500)
    await page.reload()
    await isAt(low - 500)
    await page.goForward()
    await lessonIsOpen(page, 4)
    await isAt(0)
  })

  await t.test('a lesson that is not there', async (t) => {
    await page.goto(page.url().replace(/#.*/, '#8'))
    await page.getByText('There is no lesson 8').waitFor()
    t.equal(await page.locator('main').textContent(), 'There is no lesson 8. There are 1 to 7.')
  })
}

/** Where what is loaded is late, is missing, or is another text. */
export async function loading(t: Test, { context, address }: Notebook): Promise<void> {
  const browser = context.browser()
  /** A page that is not open yet, in a window of its own: nothing stands between it and what is loaded. */
  const unopened = async (t: Test) => {
    const window = await browser.newContext({ serviceWorkers: 'block', ...still })
    window.setDefaultTimeout(patience)
    t.teardown(() => window.close())
    return (await window.newPage()) as Page
  }

  await t.test('the text is there before the worker; a cell waits for it', async (t) => {
    const page = await unopened(t)
    const letGo = await held(page, '**/worker-*.js')
    await page.goto(`${address}#2`)
    t.equal(await page.title(), '2 · Making the test pass – Dog School')
    await run(page, 1)
    t.equal(await cell(page, 1).locator('.status').textContent(), 'starting…')
    letGo()
    await cell(page, 1).locator('.value').waitFor()
  })

  await t.test(
    'what the lesson has in it runs without a compiler, and waiting for one is not taken for a cell that takes long',
    async (t) => {
      const page = await unopened(t)
      const letGo = await held(page, '**/typescript-*.js')
      await page.goto(`${address}#2`)
      await run(page, 1)
      await cell(page, 1).locator('.value').waitFor()
      await type(page, 1, '6 * 7')
      await press(page, 1, 'Run')
      // For those, another worker is started after 300 ms.
      await page.evaluate('new Promise((done) => setTimeout(done, 600))')
      t.equal(sessions(page).length, 1)
      letGo()
      await cell(page, 1).locator('.value', { hasText: '42' }).waitFor()
    },
  )

  await t.test('without its worker, it says so, and the next lesson tries again', async (t) => {
    const page = await unopened(t)
    await page.route('**/worker-*.js', (route: Page) => route.abort())
    await page.goto(`${address}#2`)
    t.match(await page.getByRole('alert').textContent(), /is not there: .+Reload the page/s)
    await run(page, 1)
    t.match(await cell(page, 1).locator('.problem').textContent(), /^Problem: This did not run/)
    await page.unroute('**/worker-*.js')
    await goToLesson(page, 3)
    await run(page, 1)
    await cell(page, 1).locator('.value').waitFor()
    t.equal(await page.getByRole('alert').count(), 0)
  })

  await t.test('whoever leaves a lesson does not wait for its cells', async (t) => {
    const page = await unopened(t)
    await altered(page, '**/worker-*.js', 'class LazyDog {', 'for (;;) {} class LazyDog {')
    await page.goto(`${address}#1`)
    await run(page, 1)
    t.equal(await page.locator('[aria-busy=true]').count(), 1)
    await goToLesson(page, 2)
    t.equal(await page.locator('[aria-busy=true]').count(), 0)
    await run(page, 1)
    await cell(page, 1).locator('.value').waitFor()
  })

  await t.test('HTML in a text stays text', async (t) => {
    const page = await unopened(t)
    const html = '<img id=bad src=x> We are going'
    await altered(page, '**/index-*.js', 'We are going', html)
    await page.goto(`${address}#1`)
    t.ok((await page.locator('main p').first().textContent()).startsWith(html))
    t.equal(await page.locator('#bad').count(), 0)
  })
}
