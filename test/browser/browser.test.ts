/** The library in a true browser: in memory on a page, and on the browser's private file system in its worker. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { remoteLogInChromium } from '../http/chromium'
import { emptyFolder, served, started, unlessChromium } from './chromium'

t.setTimeout(600_000)
const isLong = process.env.DOG_SCHOOL_LONG === '1'

// biome-ignore lint/suspicious/noExplicitAny: the types of playwright are not installed
type Page = any

/** Calls a function of the page. */
// biome-ignore lint/suspicious/noExplicitAny: what a page answers has no type
const call = (page: Page, name: string, ...given: unknown[]): Promise<any> =>
  page.evaluate(([name, given]: [string, unknown[]]) => Reflect.get(globalThis, name)(...given), [name, given])

const ask = (page: Page, ...given: unknown[]) => call(page, 'ask', ...given)

t.test('in Chromium', unlessChromium, async (t) => {
  const address = await served(t)
  const profile = emptyFolder(t)
  const context = await started(t, profile)
  const opened = async (of = context, at = address): Promise<Page> => {
    const page = await of.newPage()
    await page.goto(at)
    return page
  }

  await t.test('in memory, on the page itself', async (t) => {
    const page = await opened()
    t.equal(await call(page, 'inMemory'), 'Fido')
    t.equal(await call(page, 'onPage', ':memory:'), ':memory:')
    await page.close()
  })

  await t.test('a remote log is read and followed by pages of its own site', (t) => remoteLogInChromium(t, context))

  await t.test('a dog is registered, the page is loaded again, and the dog is there', async (t) => {
    const page = await opened()
    await ask(page, 'open')
    const id = await ask(page, 'register', 'Fido')
    await page.reload()
    await ask(page, 'open')
    t.same(await ask(page, 'get', id), { name: 'Fido', tricks: [] })
    t.match(await ask(page, 'status'), { events: 1, integrity: 'ok', checkpoint: 'ok' })
    await ask(page, 'close')
    await page.close()
  })

  await t.test('a worker that is killed in the middle of 1,000 saves loses none that was acknowledged', async (t) => {
    const page = await opened()
    let known = 0
    // With 2 kB each, some of the kills come during a checkpoint.
    for (const count of [1, 77, 350, 901]) {
      await call(page, 'begin')
      t.equal(await ask(page, 'open', 'killed', 5000, 30_000_000), undefined)
      const before: number[] = await ask(page, 'positions')
      t.ok(before.length >= known, `${known} were acknowledged, ${before.length} are there`)
      t.same(
        before,
        before.map((_, at) => at + 1),
      )
      const acknowledged: number[] = await call(page, 'killAfter', count, 2000)
      t.same(
        acknowledged,
        acknowledged.map((_, at) => before.length + at + 1),
      )
      known = before.length + count
    }
    await call(page, 'begin')
    await ask(page, 'open', 'killed', 5000)
    const after: number[] = await ask(page, 'positions')
    t.ok(after.length >= known && known > 1300)
    t.match(await ask(page, 'status'), { integrity: 'ok' })
    await page.close()
  })

  await t.test('nor does a tab that is closed or loaded again in the middle of them', async (t) => {
    let page = await opened()
    for (const end of ['close', 'reload']) {
      let known = 0
      const enough = new Promise<void>((resolve) =>
        page.exposeFunction('saved', (position: number) => {
          known = position
          if (position >= 20) resolve()
        }),
      )
      await ask(page, 'open', end, 5000)
      ask(page, 'save', 1000).catch(() => {})
      await enough
      await page[end]()
      const last = known
      if (end === 'close') page = await opened()
      await ask(page, 'open', end, 5000)
      const after: number[] = await ask(page, 'positions')
      t.ok(after.length >= last && last >= 20, `${end}: ${last} were acknowledged, ${after.length} are there`)
    }
    await page.close()
  })

  await t.test('one tab at a time', async (t) => {
    const [first, second] = [await opened(), await opened()]
    await ask(first, 'open', 'tabs', 0)
    await ask(first, 'register', 'Fido')
    t.match(await ask(second, 'open', 'tabs', 0), { code: 'DATABASE_LOCKED', message: /open in another tab/ })
    await ask(first, 'register', 'Rex')
    await ask(first, 'close')
    await ask(second, 'open', 'tabs', 0)
    t.same(await ask(second, 'positions'), [1, 2])
    t.match(await ask(first, 'open', 'tabs', 0), { code: 'DATABASE_LOCKED' })
    await Promise.all([first.close(), second.close()])
  })

  await t.test('where a browser gives no files, it says why', async (t) => {
    const page = await opened()
    t.match(await call(page, 'onPage', 'a.db'), { code: 'STORAGE', message: /dedicated worker/ })
    // Storage is kept from a page in a sandbox as it is in some private windows, and where cookies are blocked.
    const frame = await call(page, 'inSandbox').then(() => page.frames()[1])
    t.match(await call(frame, 'onPage', 'a.db'), { code: 'STORAGE', message: /\(SecurityError\).*private.*cookies/ })
    t.equal(await call(frame, 'inMemory'), 'Fido', 'and memory works')
    await page.close()
    const insecure = await opened(context, address.replace('localhost', 'school.test'))
    t.match(await ask(insecure, 'open'), { code: 'STORAGE', message: /https/ })
    t.equal(await call(insecure, 'inMemory'), 'Fido', 'and memory works')
    await insecure.close()
  })

  await t.test('where there is no more room, nothing that was acknowledged is lost', async (t) => {
    const page = await opened()
    await ask(page, 'open', 'full', 0)
    await ask(page, 'register', 'Fido')
    const session = await context.newCDPSession(page)
    const { usage } = await session.send('Storage.getUsageAndQuota', { origin: address.slice(0, -1) })
    await session.send('Storage.overrideQuotaForOrigin', { origin: address.slice(0, -1), quotaSize: usage + 300_000 })
    const refused = await ask(page, 'save', 1000, 2000)
    t.match(refused, { code: 'STORAGE', message: /no more room/ })
    const positions: number[] = await ask(page, 'positions')
    t.ok(positions.length > 10 && positions.length < 1000, `${positions.length} are there`)
    await session.send('Storage.overrideQuotaForOrigin', { origin: address.slice(0, -1) })
    t.type(await ask(page, 'register', 'Rex'), 'string', 'and it goes on when there is room')
    await page.reload()
    await ask(page, 'open', 'full', 5000)
    t.same(await ask(page, 'positions'), [...positions, positions.length + 1])
    await page.close()
  })

  await t.test("the README's page and worker", async (t) => {
    const readme = readFileSync(join(__dirname, '..', '..', 'src', 'README.md'), 'utf8')
    const modules = [...readme.matchAll(/^```[jt]s (\S+)\n(.*?)^```$/gms)].map(([, name, text]) => [name, text])
    const page = await opened(context, await served(t, Object.fromEntries(modules)))
    await page.waitForFunction("document.title === 'Fido'")
    await page.reload()
    await page.waitForFunction("document.title === 'Fido, Fido'")
    await page.close()
  })

  await t.test('how long it takes', { skip: isLong ? false : 'in the long form only' }, async (t) => {
    const page = await opened()
    const begin = Date.now()
    await call(page, 'begin')
    await ask(page, 'open', 'timed', 0)
    await ask(page, 'register', 'Fido')
    t.comment(`from the start of the worker to the first event: ${Date.now() - begin} ms`)
    for (const atOnce of [1, 16]) {
      const count = 960
      const took: number = await ask(page, 'time', count, atOnce)
      t.comment(`${atOnce} at a time: ${Math.round((1000 * count) / took)} saves a second`)
    }
    await page.close()
  })

  // The last one: there is no browser after it.
  await t.test('a browser that crashes loses nothing that was acknowledged', async (t) => {
    const page = await opened()
    await ask(page, 'open', 'crash', 0)
    for (let n = 0; n < 50; n++) await ask(page, 'register', `dog ${n}`)
    const gone = new Promise((resolve) => context.on('close', resolve))
    const session = await context.newCDPSession(page)
    session.send('Browser.crash').catch(() => {})
    await gone
    const again = await opened(await started(t, profile))
    await ask(again, 'open', 'crash', 5000)
    t.equal((await ask(again, 'positions')).length, 50)
  })
})
