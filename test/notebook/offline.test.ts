import { basename, join } from 'node:path'
import t, { type Test } from 'tap'
import { builtNotebook } from '../../src/cli/build-notebook'
import { filesBelow } from '../../src/cli/files-below'
import { serveFolder } from '../../src/cli/serve-folder'
import { started, unlessChromium } from '../browser/chromium'
import { anotherBuild } from './builds'
import { goToLesson, lessonIsOpen, type Page, runCells } from './page'

process.env.DOG_SCHOOL_HOME = t.testdir()
t.setTimeout(1_200_000)

/** Resolves when the newest build is kept. */
const isKept = (page: Page): Promise<void> =>
  page.evaluate(`(async () => {
    const registration = await navigator.serviceWorker.ready
    await registration.update()
    const worker = registration.installing ?? registration.waiting ?? registration.active
    while (worker.state !== 'activated')
      await new Promise((done) => worker.addEventListener('statechange', done, { once: true }))
  })()`)

const turn = (page: Page): Page => page.getByRole('region', { name: 'Your turn' })

/** Up to a verdict in which TypeScript has had its say. */
async function workedThrough(page: Page, lesson: number, says: string): Promise<void> {
  await goToLesson(page, lesson)
  await runCells(page)
  await turn(page).locator('[role=tabpanel]:not([hidden]) .cm-content').press('Control+Enter')
  await turn(page).locator('.verdict').getByText(says).first().waitFor()
}

t.test('in Chromium', unlessChromium, async (t) => {
  const context = await started(t)
  let { address, close } = await serveFolder(await builtNotebook())
  t.teardown(() => close())
  const own = new Set(filesBelow(join(await builtNotebook(), 'assets')))
  const newest = await anotherBuild(t as unknown as Test, (name, text) =>
    name === 'index.html' ? text.replace('lang="en"', 'lang="another"') : text,
  )
  const faults: string[] = []
  const opened = async (): Promise<Page> => {
    const page: Page = await context.newPage()
    page.on('pageerror', (error: Error) => faults.push(String(error)))
    await page.goto(`${address}#1`)
    await lessonIsOpen(page, 1)
    return page
  }
  const build = (page: Page): Promise<string> => page.locator('html').getAttribute('lang')

  const first = await opened()
  await isKept(first)
  const old = await opened()
  const asked: string[] = []
  old.on('request', (request: Page) => /assets/.test(request.url()) && asked.push(basename(request.url())))

  await t.test('on the first visit: cells, types and judges that nobody has asked for yet', async () => {
    await close()
    await workedThrough(first, 2, "Property 'addTrick' does not exist on type 'Dog'")
    await workedThrough(first, 4, 'He knows his tricks, and records nothing.')
    await first.close()
  })

  await t.test('a page that is open goes on with its own files, when its host has others', async (t) => {
    close = (await serveFolder(newest, Number(new URL(address).port))).close
    const page = await opened()
    t.equal(await build(page), 'another', 'a page that is opened is of the new build')
    await isKept(page)
    await page.close()
    await workedThrough(old, 5, 'DogSchool')
    t.equal(await build(old), 'en')
    t.strictSame(
      asked.filter((name) => !own.has(name)),
      [],
    )
    for (const name of ['codemirror', 'types-worker', 'judge-worker', 'typescript'])
      t.ok(
        asked.some((each) => each.startsWith(name)),
        `it had not asked for ${name} before`,
      )
  })

  await t.test('loaded again, also without a network, it is the new build', async (t) => {
    await close()
    await old.reload()
    await lessonIsOpen(old, 5)
    t.equal(await build(old), 'another')
    await workedThrough(old, 6, 'There are two files')
  })
  t.strictSame(faults, [])
  await context.close()
})
