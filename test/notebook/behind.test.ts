/** What is loaded behind the page: the first cell does not wait for it, and who needs it hears what has become of it. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { builtNotebook } from '../../src/cli/build-notebook'
import { unlessChromium } from '../browser/chromium'
import { loadedAtFirst, sqliteIn } from './files'
import { beginLesson, cell, lessonIsOpen, openedNotebook, type Page, run, runCells, type } from './page'

process.env.DOG_SCHOOL_HOME = t.testdir()
t.setTimeout(1_200_000)

const notes = (page: Page): Promise<string[]> => cell(page, 1).locator('.notes > *').allTextContents()
const values = (page: Page): Promise<string[]> => cell(page, 1).locator('.value code').allTextContents()

/** A page that no service worker stands before. */
async function opened(t: Test): Promise<Awaited<ReturnType<typeof openedNotebook>>> {
  const notebook = await openedNotebook(t)
  await notebook.page.close()
  await notebook.context.addInitScript('delete Navigator.prototype.serviceWorker')
  return { ...notebook, page: await notebook.context.newPage() }
}

t.test('in Chromium', unlessChromium, async (t) => {
  const folder = await builtNotebook()
  const { page, address, faults } = await opened(t as unknown as Test)
  page.setDefaultTimeout(25_000)
  const asked: string[] = []
  page.on('request', (request: Page) => asked.push(request.url().replace(address, '').replace(/#.*/, '')))

  await t.test('the first cell of lesson 1 runs before SQLite is there, and before anything else is', async (t) => {
    let free = () => {}
    const held = new Promise<void>((resolve) => {
      free = resolve
    })
    await page.route('**/*.wasm', async (route: Page) => {
      await held
      await route.continue()
    })
    await page.goto(address)
    await lessonIsOpen(page, 1)
    await run(page, 1)
    t.strictSame(await values(page), ["'Fido'"])
    const first = loadedAtFirst(folder).filter((name) => !/^index.html$|\.svg$/.test(name))
    t.strictSame(asked.filter((name) => /^assets.*(js|css|html)$/.test(name)).sort(), first.sort())

    await beginLesson(page, 5)
    const ran = run(page, 1)
    await cell(page, 1).and(page.locator('[aria-busy=true]')).waitFor()
    free()
    await ran
    t.match(await values(page), [/^'[0-9a-f]{32}'$/, "{ name: 'Fido', tricks: [ 'roll over' ] }"])
  })

  await t.test('from a host that does not know what it is', async (t) => {
    await page.unroute('**/*.wasm')
    const body = readFileSync(join(folder, sqliteIn(folder)))
    await page.route('**/*.wasm', (route: Page) => route.fulfill({ body, contentType: 'application/octet-stream' }))
    await page.reload()
    await beginLesson(page, 5)
    await run(page, 1)
    t.match(await values(page), [/^'[0-9a-f]{32}'$/, "{ name: 'Fido', tricks: [ 'roll over' ] }"])
  })
  t.strictSame(faults, [])

  for (const [what, files, code] of [
    ['SQLite, which keeps the events,', '**/*.wasm', "const id = await school.registerDog('Fido'); 'ran'"],
    ['zod', '**/zod-*.js', "const name = z.string().parse('ran'); name"],
  ] as const)
    await t.test(`where ${what} cannot be had, the cell says so, and tries again`, async (t) => {
      await page.unroute('**/*.wasm')
      await page.route(files, (route: Page) => route.abort())
      await page.reload()
      await beginLesson(page, 5)
      await type(page, 1, code)
      await run(page, 1)
      t.match(await notes(page), [
        new RegExp(`^Problem: This did not run: ${what} could not be loaded: try again when there is a network\\.`),
      ])
      await page.unroute(files)
      await run(page, 1)
      t.strictSame(await values(page), ["'ran'"])
    })

  for (const [what, files] of [
    ['TypeScript', '**/typescript-*.js'],
    ['What is said of answers', '**/texts-*.js'],
    ['What judges answers', '**/judge-worker-*.js'],
  ] as const)
    await t.test(`where ${what} cannot be had, a check says so, and the next one tries again`, async (t) => {
      await page.route(files, (route: Page) => route.abort())
      await page.reload()
      await beginLesson(page, 2)
      await runCells(page)
      const turn = page.getByRole('region', { name: 'Your turn' })
      const check = turn.getByRole('button', { name: 'Check', exact: false })
      await check.click()
      await turn.getByRole('alert').waitFor()
      t.equal(
        await turn.getByRole('alert').textContent(),
        `It could not be checked: ${what} could not be loaded: try again when there is a network. What you have written is kept.`,
      )
      await page.unroute(files)
      let free = () => {}
      const held = new Promise<void>((resolve) => {
        free = resolve
      })
      await page.route(files, async (route: Page) => {
        await held
        await route.continue()
      })
      await check.click()
      const reason = what === 'TypeScript' ? 'loading TypeScript…' : 'checking…'
      await turn.locator('.bar .status', { hasText: reason }).waitFor()
      free()
      await turn.locator('.verdict').waitFor()
      t.match(await turn.locator('.verdict').textContent(), 'Not true yet')
    })
})
